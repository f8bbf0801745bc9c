#include <algorithm>
#include <array>

#include "weir/content/detail/charset.h"
#include "weir/content/detail/drawing.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

// Records of [MS-EMF] 2.1.1 that are more than settings.
enum Record : std::uint32_t {
  kHeader = 1,
  kPolyBezier = 2,
  kPolyPolygon = 8,
  kEndOfFile = 14,
  kSetPixel = 15,
  kAngleArc = 41,
  kPie = 47,
  kCreatePalette = 49,
  kSetPalette = 50,
  kFloodFill = 53,
  kLineTo = 54,
  kArcTo = 55,
  kPolyDraw = 56,
  kComment = 70,
  kFillRegion = 71,
  kSelectClipRegion = 75,
  kBitBlt = 76,
  kStretchBlt = 77,
  kSetPoints = 80,
  kStretchPoints = 81,
  kCreateFont = 82,
  kTextA = 83,
  kTextW = 84,
  kPolyBezier16 = 85,
  kPolyDraw16 = 92,
  kMonoBrush = 93,
  kPatternBrush = 94,
  kCreatePen = 95,
  kSmallText = 108,
  kAlphaBlend = 114,
  kTransparentBlt = 116,
  kGradientFill = 118,
};

/// Settings: of these numbers, and no longer than that.
struct Setting {
  std::uint32_t first;
  std::uint32_t last;
  std::size_t bytes;
};
constexpr std::array kSettings = {
    Setting{9, 13, 16},  Setting{16, 22, 12},  Setting{23, 23, 32}, Setting{24, 27, 16},
    Setting{28, 28, 8},  Setting{29, 32, 24},  Setting{33, 34, 12}, Setting{35, 36, 36},
    Setting{37, 37, 12}, Setting{38, 38, 28},  Setting{39, 39, 24}, Setting{40, 40, 12},
    Setting{48, 48, 12}, Setting{51, 52, 16},  Setting{57, 58, 12}, Setting{59, 61, 8},
    Setting{62, 64, 24}, Setting{65, 66, 8},   Setting{67, 67, 12}, Setting{68, 68, 8},
    Setting{98, 98, 12}, Setting{115, 115, 12}};

bool is_setting(std::uint32_t type, std::size_t size) {
  const auto same = [&](const Setting& one) { return type >= one.first && type <= one.last; };
  const auto* found = std::ranges::find_if(kSettings, same);
  if (found != kSettings.end()) return size <= found->bytes;
  return (type == kCreatePalette || type == kSetPalette) && size <= 1056;
}

// Of a record with text: at most so much in front, and of each letter two bytes and two distances.
constexpr std::size_t kShortestText = 36;
constexpr std::size_t kTextFront = 96;
constexpr std::size_t kLetterBytes = 10;

bool is_shape(std::uint32_t type) {
  return type == kSetPixel || (type >= kAngleArc && type <= kPie) || type == kFloodFill ||
         type == kLineTo || type == kArcTo;
}

std::string text_of(std::string_view bytes, bool is_wide) {
  return to_utf8(bytes, is_wide ? "UTF-16LE" : "windows-1252").value_or("");
}

class Emf {
 public:
  Emf(Reading& reading, const Place& place, std::string_view bytes)
      : reading_(reading), place_(place), bytes_(bytes), drawing_(reading, place, bytes) {}

  void run() {
    std::size_t at = 0;
    bool ended = false;
    while (!ended && at + 8 <= bytes_.size()) {
      const std::uint32_t type = number_at(bytes_, at);
      const std::size_t size = number_at(bytes_, at + 4);
      if (size < 8 || size % 4 != 0 || size > bytes_.size() - at) break;
      if (!reading_.keep_going(place_)) return;
      record(type, bytes_.substr(at, size));
      at += size;
      ended = type == kEndOfFile;
    }
    if (!ended) drawing_.unread("broken records");
    drawing_.finish();
    const std::string_view behind = bytes_.substr(at);
    if (ended && behind.find_first_not_of('\0') != std::string_view::npos) {
      reading_.read(place_.member("behind the picture"), behind);
    }
  }

 private:
  void record(std::uint32_t type, std::string_view bytes) {
    if (is_setting(type, bytes.size())) return;
    if (is_shape(type) && bytes.size() <= 44) return drawing_.marks(1);
    if ((type >= kPolyBezier && type <= kPolyPolygon) || type == kPolyDraw) {
      return drawing_.marks(bytes.size() / 8);
    }
    if (type >= kPolyBezier16 && type <= kPolyDraw16) return drawing_.marks(bytes.size() / 4);
    if (type >= kFillRegion && type < kSelectClipRegion) return drawing_.marks(bytes.size() / 16);
    switch (type) {
      case kHeader:
        return header(bytes);
      case kEndOfFile:
        if (bytes.size() > 20) drawing_.unread("colours at its end");
        return;
      case kSelectClipRegion:
        return drawing_.marks(bytes.size() / 16);
      case kTextA:
      case kTextW:
        return text(bytes, type == kTextW);
      case kSmallText:
        return small_text(bytes);
      case kSetPoints:
      case kStretchPoints:
        return bitmap(bytes, 48);
      case kBitBlt:
      case kStretchBlt:
      case kAlphaBlend:
      case kTransparentBlt:
        return bitmap(bytes, 84);
      case kMonoBrush:
      case kPatternBrush:
        return bitmap(bytes, 16);
      case kCreatePen:
        return bitmap(bytes, 12);
      case kCreateFont:
        // Names of the font, its style and script; a longer one is for fonts with axes.
        if (bytes.size() > 368) drawing_.unread("a font of its own");
        return;
      case kGradientFill:
        return drawing_.marks(bytes.size() / 16);
      case kComment:
        return comment(bytes);
      default:
        return drawing_.unread("records of other kinds");
    }
  }

  void header(std::string_view bytes) {
    if (bytes.size() > 4096) return drawing_.unread("a header of its own");
    reading_.part(place_, FileType::picture, PartKind::properties,
                  printable_runs(bytes, bytes.size()), bytes_.size());
  }

  /// GDI+ records (EMF+) and what programs keep for themselves are comments.
  void comment(std::string_view bytes) {
    constexpr std::size_t kShort = 64;
    if (bytes.substr(12, 4) == "EMF+" || bytes.size() > kShort) {
      return drawing_.unread("records of GDI+ or a program's own");
    }
  }

  void text(std::string_view bytes, bool is_wide) {
    constexpr std::uint32_t kGlyphNumbers = 0x10;
    const std::size_t letters = number_at(bytes, 44);
    const std::size_t at = number_at(bytes, 48);
    if ((number_at(bytes, 52) & kGlyphNumbers) != 0) return drawing_.unread("numbers of glyphs");
    put(bytes, at, letters, is_wide, number_at(bytes, 40));
  }

  void small_text(std::string_view bytes) {
    constexpr std::uint32_t kGlyphNumbers = 0x10;
    constexpr std::uint32_t kNoRectangle = 0x100;
    constexpr std::uint32_t kSmallLetters = 0x200;
    const std::uint32_t options = number_at(bytes, 20);
    if ((options & kGlyphNumbers) != 0) return drawing_.unread("numbers of glyphs");
    put(bytes, (options & kNoRectangle) != 0 ? 36 : 52, number_at(bytes, 16),
        (options & kSmallLetters) == 0, number_at(bytes, 12));
  }

  void put(std::string_view bytes, std::size_t at, std::size_t letters, bool is_wide,
           std::uint32_t y) {
    const std::size_t width = is_wide ? 2 : 1;
    if (letters == 0 && bytes.size() >= kShortestText && bytes.size() <= kTextFront) return;
    if (bytes.size() > kTextFront + kLetterBytes * letters) {
      return drawing_.unread("records that are too long");
    }
    if (letters == 0 || at > bytes.size() || letters > (bytes.size() - at) / width) {
      return drawing_.unread("broken text");
    }
    drawing_.text(text_of(bytes.substr(at, letters * width), is_wide), y);
  }

  /// A bitmap whose places are said from `at` on: offset and size of its header, of its points.
  void bitmap(std::string_view bytes, std::size_t at) {
    const std::size_t head = number_at(bytes, at);
    const std::size_t head_size = number_at(bytes, at + 4);
    const std::size_t points = number_at(bytes, at + 8);
    const std::size_t points_size = number_at(bytes, at + 12);
    if (head_size == 0 && points_size == 0) {  // filled with a brush
      if (bytes.size() > 128) drawing_.unread("records that are too long");
      return drawing_.marks(1);
    }
    if (head > bytes.size() || head_size > bytes.size() - head || points > bytes.size() ||
        points_size > bytes.size() - points) {
      return drawing_.unread("a broken bitmap");
    }
    if (bytes.size() > head_size + points_size + 128) drawing_.unread("more than its bitmap");
    drawing_.bitmap(bytes.substr(head, head_size), bytes.substr(points, points_size));
  }

  Reading& reading_;
  const Place& place_;
  std::string_view bytes_;
  Drawing drawing_;
};

}  // namespace

bool is_emf(std::string_view bytes) {
  return bytes.size() >= 88 && number_at(bytes, 0) == kHeader && bytes.substr(40, 4) == " EMF";
}

void read_emf(Reading& reading, const Place& place, std::string_view bytes) {
  Emf(reading, place, bytes).run();
}

}  // namespace weir::content
