#include "extract/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "weir/base/text.h"
#include "weir/content/lettering.h"
#include "weir/content/lowest_bits.h"

namespace weir::extract {
namespace {

using content::PictureContent;
using content::Plane;

constexpr std::size_t kFragment = 100;    // points; the shorter side of what may be a piece
constexpr std::size_t kWorthReading = 8;  // letters, for OCR
constexpr std::size_t kLargeColor = 2'000'000;

/// What may show letters by itself: brightness, two differences of colours, transparency.
enum View : std::size_t { kBrightness, kRedGreen, kBlueGreen, kAlpha, kViews };

Plane empty_plane(Pix& picture) {
  Plane plane{.width = static_cast<std::size_t>(pixGetWidth(&picture)),
              .height = static_cast<std::size_t>(pixGetHeight(&picture)),
              .points = {}};
  plane.points.resize(plane.width * plane.height);
  return plane;
}

/// `picture` has 32 bits a point.
template <class Value>
Plane plane_of(Pix& picture, Value value) {
  Plane plane = empty_plane(picture);
  for (std::size_t y = 0; y < plane.height; ++y) {
    const l_uint32* line = pixGetData(&picture) + y * static_cast<std::size_t>(pixGetWpl(&picture));
    for (std::size_t x = 0; x < plane.width; ++x) {
      const l_uint32 point = line[x];
      plane.points[y * plane.width + x] = static_cast<std::uint8_t>(
          value(static_cast<int>(point >> 24), static_cast<int>(point >> 16 & 0xff),
                static_cast<int>(point >> 8 & 0xff), static_cast<int>(point & 0xff)));
    }
  }
  return plane;
}

Plane view_of(Pix& picture, std::size_t view) {
  switch (view) {
    case kRedGreen:
      return plane_of(picture, [](int r, int g, int, int) { return 128 + (r - g) / 2; });
    case kBlueGreen:
      return plane_of(picture, [](int, int g, int b, int) { return 128 + (b - g) / 2; });
    case kAlpha:
      return plane_of(picture, [](int, int, int, int a) { return a; });
    default:
      return plane_of(picture,
                      [](int r, int g, int b, int) { return (77 * r + 150 * g + 29 * b) / 256; });
  }
}

PixPtr pix_of(const Plane& plane) {
  PixPtr pix(pixCreate(static_cast<l_int32>(plane.width), static_cast<l_int32>(plane.height), 8));
  for (std::size_t y = 0; pix != nullptr && y < plane.height; ++y) {
    l_uint32* line = pixGetData(pix.get()) + y * static_cast<std::size_t>(pixGetWpl(pix.get()));
    for (std::size_t x = 0; x < plane.width; ++x) {
      SET_DATA_BYTE(line, x, plane.points[y * plane.width + x]);
    }
  }
  return pix;
}

bool hides_data(Pix& picture) {
  return content::hides_data(plane_of(picture, [](int r, int, int, int) { return r; })) ||
         content::hides_data(plane_of(picture, [](int, int g, int, int) { return g; })) ||
         content::hides_data(plane_of(picture, [](int, int, int b, int) { return b; }));
}

/// The pages of a file, of which only TIFF has more than one. None if Leptonica cannot, or not all,
/// with the reason in `error`.
std::vector<PixPtr> decode(std::string_view bytes, std::uint64_t most_points, std::string& error) {
  setMsgSeverity(L_SEVERITY_NONE);
  std::vector<PixPtr> pages;
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  std::array<l_int32, 5> head{};  // format, width, height, bits, samples
  l_int32 has_palette = 0;
  if (pixReadHeaderMem(data, bytes.size(), head.data(), &head[1], &head[2], &head[3], &head[4],
                       &has_palette) != 0 ||
      head[1] <= 0 || head[2] <= 0) {
    error = "its format is not known here, or it is broken";
    return pages;
  }
  if (static_cast<std::uint64_t>(head[1]) * static_cast<std::uint64_t>(head[2]) > most_points) {
    error = fmt::format("more than {} points", with_commas(most_points));
    return pages;
  }
  std::size_t next = 0;
  do {
    const bool is_tiff = bytes.starts_with("II*") || bytes.starts_with("MM");
    PixPtr page(is_tiff ? pixReadMemFromMultipageTiff(data, bytes.size(), &next)
                        : pixReadMem(data, bytes.size()));
    std::uint64_t points = 0;
    if (page != nullptr) pages.push_back(std::move(page));
    for (const PixPtr& one : pages) {
      points += static_cast<std::uint64_t>(pixGetWidth(one.get())) *
                static_cast<std::uint64_t>(pixGetHeight(one.get()));
    }
    if (points > most_points) error = fmt::format("more than {} points", with_commas(most_points));
    if (pages.empty()) error = "it could not be decoded";
  } while (next != 0 && error.empty());
  return pages;
}

}  // namespace

PictureContent Pictures::read(std::string_view bytes, const std::function<bool()>& keep_going) {
  PictureContent out;
  for (const PixPtr& page : decode(bytes, limits_.picture_points, out.error)) {
    const PixPtr points(pixConvertTo32(page.get()));
    if (points == nullptr) {
      out.error = "it could not be decoded";
      break;
    }
    pixSetSpp(points.get(), pixGetSpp(page.get()));
    PictureContent seen = look_at(*points, keep_going);
    if (hides_data(*points)) out.error = "its lowest bits look like packed data";
    if (!seen.error.empty()) out.error = seen.error;
    out.text += seen.text;
    out.letters += seen.letters;
    out.is_fragment = seen.is_fragment;
  }
  return out;
}

PictureContent Pictures::look_at(Pix& picture, const std::function<bool()>& keep_going,
                                 const std::function<PixPtr()>& finer) {
  PictureContent out;
  const std::size_t enough = ocr_ == nullptr ? content::kPassageLetters : 1'000'000;
  Plane best;
  bool is_plain = true;
  for (std::size_t view = 0; view < kViews && out.letters < enough; ++view) {
    if (view == kAlpha && pixGetSpp(&picture) != 4) continue;
    if (!keep_going()) return out;
    Plane plane = view_of(picture, view);
    if (content::is_plain(plane)) continue;
    is_plain = false;
    // Eyes and cameras see less detail in colour.
    if (view != kBrightness && plane.points.size() > kLargeColor) plane = content::halved(plane);
    const std::size_t letters = content::count_letters(plane, enough);
    if (letters <= out.letters) continue;
    out.letters = letters;
    best = std::move(plane);
  }
  const auto [width, height] = std::pair(pixGetWidth(&picture), pixGetHeight(&picture));
  out.is_fragment = !is_plain && std::min(width, height) < static_cast<l_int32>(kFragment);
  if (ocr_ == nullptr || out.letters < kWorthReading) return out;
  if (read_by_ocr_++ >= limits_.ocr_pictures) {
    out.error = fmt::format("more than {} pictures to read", limits_.ocr_pictures);
    return out;
  }
  const PixPtr read = finer ? finer() : pix_of(best);
  if (read == nullptr) return out;
  Ocr::Text text = ocr_->read(*read, out.letters / 3, keep_going);
  out.text = std::move(text.text);
  if (text.letters >= out.letters / 3) {
    out.letters = 0;
    out.is_fragment = false;
  }
  return out;
}

}  // namespace weir::extract
