#include "weir/content/detail/drawing.h"

#include <algorithm>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/content/detail/readers.h"
#include "weir/content/lettering.h"

namespace weir::content {
namespace {

/// A letter drawn with lines takes some four points at least.
constexpr std::size_t kMostMarks = 4 * kPassageLetters;
constexpr std::size_t kMostNotes = 1u << 20;
/// Bytes behind the points that a bitmap needs: rounding.
constexpr std::size_t kSpare = 64;

constexpr std::uint32_t kCoreHeader = 12;
constexpr std::uint32_t kUncompressed = 0;
constexpr std::uint32_t kBitFields = 3;
constexpr std::uint32_t kJpeg = 4;
constexpr std::uint32_t kPng = 5;

/// The header of a bitmap, BITMAPCOREHEADER or BITMAPINFOHEADER.
struct BitmapHead {
  explicit BitmapHead(std::string_view bytes) : size(number_at(bytes, 0)) {
    const bool is_core = size == kCoreHeader;
    width = is_core ? short_at(bytes, 4) : number_at(bytes, 4);
    const std::uint32_t signed_height = is_core ? short_at(bytes, 6) : number_at(bytes, 8);
    height = signed_height >= 0x80000000 ? 0 - signed_height : signed_height;
    bits = short_at(bytes, is_core ? 10 : 14);
    compression = is_core ? kUncompressed : number_at(bytes, 16);
    const std::uint32_t colors = is_core ? 0 : number_at(bytes, 32);
    const std::uint64_t most = bits <= 8 ? std::uint64_t{1} << bits : 0;
    const std::uint64_t kept = colors != 0 ? colors : most;
    length = size + (is_core ? 3 : 4) * kept;
    if (compression == kBitFields && size == 40) length += 12;
  }
  bool is_valid() const {
    return (size == kCoreHeader || (size >= 40 && size <= 124)) && width > 0 && height > 0 &&
           width < 1u << 20 && height < 1u << 20 && bits <= 32 && length < 1u << 20;
  }
  /// Bytes of points if they are not compressed.
  std::uint64_t points() const {
    return (std::uint64_t{width} * bits + 31) / 32 * 4 * std::uint64_t{height};
  }

  std::uint32_t size = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t bits = 0;
  std::uint32_t compression = 0;
  std::uint64_t length = 0;  // with its colours
};

}  // namespace

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  return at <= bytes.size() ? ByteReader(bytes.substr(at)).fixed<std::uint32_t>() : 0;
}
std::uint16_t short_at(std::string_view bytes, std::size_t at) {
  return at <= bytes.size() ? ByteReader(bytes.substr(at)).fixed<std::uint16_t>()
                            : std::uint16_t{0};
}

void Drawing::text(std::string_view utf8, std::int64_t y) {
  if (utf8.empty()) return;
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t first = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bool is_letter = utf8.size() <= first;
  if (!text_.empty()) {
    // Some programs place each letter by itself.
    if (y != y_) {
      text_ += '\n';
    } else if (!is_letter || !last_is_letter_) {
      text_ += ' ';
    }
  }
  text_ += utf8;
  y_ = y;
  last_is_letter_ = is_letter;
}

void Drawing::bitmap(std::string_view head, std::string_view points) {
  const BitmapHead said(head);
  if (!reading_.take_member(place_)) return;
  if (!said.is_valid() || said.length > head.size() + kSpare) return unread("a broken bitmap");
  const Place place = place_.member("bitmap");
  if (said.compression == kJpeg || said.compression == kPng) return reading_.read(place, points);
  const bool is_plain = said.compression == kUncompressed || said.compression == kBitFields;
  if (is_plain && points.size() > said.points() + kSpare) unread("more than its bitmap");
  constexpr std::size_t kFileHeader = 14;
  if (!reading_.take_bytes(place, kFileHeader + head.size() + points.size())) return;
  std::string file = "BM";
  ByteWriter writer(file);
  writer.fixed(static_cast<std::uint32_t>(kFileHeader + head.size() + points.size()));
  writer.fixed(std::uint32_t{0});
  writer.fixed(static_cast<std::uint32_t>(kFileHeader + head.size()));
  file.append(head).append(points);
  reading_.read(place, file);
}

void Drawing::packed_bitmap(std::string_view bitmap_bytes) {
  const std::size_t length =
      std::min<std::uint64_t>(BitmapHead(bitmap_bytes).length, bitmap_bytes.size());
  bitmap(bitmap_bytes.substr(0, length), bitmap_bytes.substr(length));
}

void Drawing::finish() {
  reading_.part(place_, FileType::picture, PartKind::body, std::move(text_), bytes_.size());
  if (marks_ > kMostMarks) unread("lines and areas that may be letters");
  if (unread_.empty()) return;
  reading_.part(place_, FileType::picture, PartKind::properties, printable_runs(bytes_, kMostNotes),
                bytes_.size());
  reading_.finding(place_, FindingKind::unsupported,
                   "a drawing: " + std::string(unread_) + ", which is not read");
}

}  // namespace weir::content
