#include <algorithm>
#include <array>

#include "weir/content/detail/charset.h"
#include "weir/content/detail/drawing.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

constexpr std::uint32_t kPlaceable = 0x9ac6cdd7;
constexpr std::size_t kPlaceableBytes = 22;
constexpr std::size_t kHeaderBytes = 18;

/// Records of [MS-WMF] 2.1.1.1 that are settings. The upper byte of a number is how many words of
/// parameters there are, but for those that have lists.
constexpr std::array<std::uint16_t, 33> kSettings = {
    0x001e, 0x0035, 0x0102, 0x0103, 0x0104, 0x0105, 0x0106, 0x0107, 0x0108, 0x0127, 0x012c,
    0x012d, 0x012e, 0x0139, 0x0149, 0x01f0, 0x0201, 0x0209, 0x020a, 0x020b, 0x020c, 0x020d,
    0x020e, 0x020f, 0x0211, 0x0214, 0x0220, 0x0231, 0x0234, 0x0410, 0x0412, 0x0415, 0x0416};
/// Lines and areas of fixed size.
constexpr std::array<std::uint16_t, 12> kShapes = {0x0213, 0x0418, 0x0419, 0x041b, 0x041f, 0x0548,
                                                   0x061c, 0x061d, 0x0817, 0x081a, 0x0830, 0x0228};

enum Record : std::uint16_t {
  kEndOfFile = 0x0000,
  kCreatePalette = 0x00f7,
  kPatternBrush = 0x0142,
  kCreatePen = 0x02fa,
  kCreateFont = 0x02fb,
  kCreateBrush = 0x02fc,
  kPolygon = 0x0324,
  kPolyline = 0x0325,
  kText = 0x0521,
  kPolyPolygon = 0x0538,
  kEscape = 0x0626,
  kDibBlt = 0x0940,
  kExtText = 0x0a32,
  kDibStretch = 0x0b41,
  kSetDib = 0x0d33,
  kStretchDib = 0x0f43,
};

class Wmf {
 public:
  Wmf(Reading& reading, const Place& place, std::string_view bytes)
      : reading_(reading), place_(place), bytes_(bytes), drawing_(reading, place, bytes) {}

  void run() {
    std::size_t at = number_at(bytes_, 0) == kPlaceable ? kPlaceableBytes : 0;
    at += kHeaderBytes;
    bool ended = false;
    while (!ended && at + 6 <= bytes_.size()) {
      const std::uint64_t size = std::uint64_t{number_at(bytes_, at)} * 2;
      const std::uint16_t type = short_at(bytes_, at + 4);
      if (size < 6 || size > bytes_.size() - at) break;
      if (!reading_.keep_going(place_)) return;
      ended = type == kEndOfFile;
      if (!ended) record(type, bytes_.substr(at, size));
      at += size;
    }
    if (!ended) drawing_.unread("broken records");
    drawing_.finish();
    const std::string_view behind = bytes_.substr(std::min(at, bytes_.size()));
    if (ended && behind.find_first_not_of('\0') != std::string_view::npos) {
      reading_.read(place_.member("behind the picture"), behind);
    }
  }

 private:
  void record(std::uint16_t type, std::string_view bytes) {
    const std::size_t said = 6 + 2 * std::size_t{type} / 256;
    if (std::ranges::find(kSettings, type) != kSettings.end()) {
      if (bytes.size() > said + 4) drawing_.unread("records that are too long");
      return;
    }
    if (std::ranges::find(kShapes, type) != kShapes.end()) {
      if (bytes.size() > said + 4) drawing_.unread("records that are too long");
      return drawing_.marks(1);
    }
    switch (type) {
      case kPolygon:
      case kPolyline:
      case kPolyPolygon:
        return drawing_.marks(bytes.size() / 4);
      case kCreatePen:
      case kCreateBrush:
      case kCreateFont:
      case kCreatePalette:
        if (bytes.size() > (type == kCreatePalette ? 1040u : 128u)) {
          drawing_.unread("records that are too long");
        }
        return;
      case kText:
        return text(bytes);
      case kExtText:
        return extended_text(bytes);
      case kPatternBrush:
        return drawing_.packed_bitmap(bytes.substr(std::min<std::size_t>(10, bytes.size())));
      case kStretchDib:
        return drawing_.packed_bitmap(bytes.substr(std::min<std::size_t>(28, bytes.size())));
      case kDibStretch:
        return bitmap(bytes, 26);
      case kDibBlt:
        return bitmap(bytes, 22);
      case kSetDib:
        return drawing_.packed_bitmap(bytes.substr(std::min<std::size_t>(24, bytes.size())));
      case kEscape:
        if (bytes.size() > 64) drawing_.unread("a program's own records");
        return;
      default:
        return drawing_.unread("records of other kinds");
    }
  }

  /// Without one there is a brush instead, and a word more in front of what follows.
  void bitmap(std::string_view bytes, std::size_t at) {
    if (bytes.size() <= at + 4) return drawing_.marks(1);
    drawing_.packed_bitmap(bytes.substr(at));
  }

  void text(std::string_view bytes) {
    const std::size_t letters = short_at(bytes, 6);
    if (letters > bytes.size() - 6) return drawing_.unread("broken text");
    const std::size_t behind = 8 + (letters + 1) / 2 * 2;
    put(bytes, 8, letters, short_at(bytes, behind));
  }

  void extended_text(std::string_view bytes) {
    constexpr std::uint16_t kRectangle = 0x0006;
    constexpr std::uint16_t kGlyphNumbers = 0x0010;
    const std::uint16_t options = short_at(bytes, 12);
    if ((options & kGlyphNumbers) != 0) return drawing_.unread("numbers of glyphs");
    put(bytes, (options & kRectangle) != 0 ? 22 : 14, short_at(bytes, 10), short_at(bytes, 6));
  }

  /// Fonts say in which character set; most are of the west, and others are told by their letters.
  void put(std::string_view bytes, std::size_t at, std::size_t letters, std::uint16_t y) {
    if (at > bytes.size() || letters > bytes.size() - at) return drawing_.unread("broken text");
    drawing_.text(decode_text(bytes.substr(at, letters), "windows-1252"), y);
  }

  Reading& reading_;
  const Place& place_;
  std::string_view bytes_;
  Drawing drawing_;
};

}  // namespace

bool is_wmf(std::string_view bytes) {
  const std::size_t at = number_at(bytes, 0) == kPlaceable ? kPlaceableBytes : 0;
  const std::uint16_t version = short_at(bytes, at + 4);
  return bytes.size() >= at + kHeaderBytes && short_at(bytes, at) == 1 &&
         short_at(bytes, at + 2) == 9 && (version == 0x300 || version == 0x100);
}

void read_wmf(Reading& reading, const Place& place, std::string_view bytes) {
  Wmf(reading, place, bytes).run();
}

}  // namespace weir::content
