#include "extract/page.h"

#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

namespace weir::extract {
namespace {

constexpr double kPointsPerInch = 72;
constexpr double kGlance = 50;         // dots per inch: is there anything?
constexpr double kLook = 150;          // are there letters?
constexpr double kReading = 250;       // which, for OCR?
constexpr double kMargin = 1.5;        // of the page; letters stand out of their boxes
constexpr std::size_t kCorners = 300;  // that make a glance worth a look

double square_inches(const poppler::page& page) {
  const poppler::rectf size = page.page_rect();
  return std::max(1.0, size.width() * size.height()) / (kPointsPerInch * kPointsPerInch);
}

PixPtr painted(poppler::page& page, double dots, std::uint64_t most_points) {
  dots = std::min(dots, std::sqrt(static_cast<double>(most_points) / square_inches(page)));
  poppler::page_renderer renderer;
  renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
  const poppler::image image = renderer.render_page(&page, dots, dots);
  if (!image.is_valid() || image.format() != poppler::image::format_argb32) return nullptr;
  PixPtr pix(pixCreate(image.width(), image.height(), 32));
  for (int y = 0; pix != nullptr && y < image.height(); ++y) {
    const char* from = image.const_data() + static_cast<std::ptrdiff_t>(y) * image.bytes_per_row();
    l_uint32* to = pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
    for (int x = 0; x < image.width(); ++x, from += 4) {
      composeRGBPixel(static_cast<unsigned char>(from[2]), static_cast<unsigned char>(from[1]),
                      static_cast<unsigned char>(from[0]), to + x);
    }
  }
  return pix;
}

/// The most frequent value on the outline of a box: what is behind its letters.
l_uint32 background(Pix& picture, const Box& box) {
  std::unordered_map<l_uint32, int> count;
  l_uint32 most = 0;
  const auto take = [&](l_int32 x, l_int32 y) {
    const l_uint32 point =
        pixGetData(&picture)[static_cast<std::ptrdiff_t>(y) * pixGetWpl(&picture) + x];
    if (++count[point] > count[most]) most = point;
  };
  for (l_int32 x = box.x; x < box.x + box.w; ++x) {
    take(x, box.y);
    take(x, box.y + box.h - 1);
  }
  for (l_int32 y = box.y; y < box.y + box.h; ++y) {
    take(box.x, y);
    take(box.x + box.w - 1, y);
  }
  return most;
}

void paint_over(Pix& picture, const poppler::rectf& page,
                const std::vector<poppler::text_box>& words) {
  // The words stand on the page as it is turned, its measures are those before.
  const bool is_turned =
      (page.width() < page.height()) != (pixGetWidth(&picture) < pixGetHeight(&picture));
  const double scale = pixGetWidth(&picture) / (is_turned ? page.height() : page.width());
  for (const poppler::text_box& word : words) {
    const poppler::rectf at = word.bbox();
    const auto clamped = [](double value, l_int32 most) {
      return static_cast<l_int32>(std::clamp(value, 0.0, static_cast<double>(most)));
    };
    const l_int32 left = clamped(std::floor((at.left() - kMargin) * scale), pixGetWidth(&picture));
    const l_int32 right = clamped(std::ceil((at.right() + kMargin) * scale), pixGetWidth(&picture));
    const l_int32 top = clamped(std::floor((at.top() - kMargin) * scale), pixGetHeight(&picture));
    const l_int32 bottom =
        clamped(std::ceil((at.bottom() + kMargin) * scale), pixGetHeight(&picture));
    if (right <= left || bottom <= top) continue;
    Box box{.x = left, .y = top, .w = right - left, .h = bottom - top, .refcount = 1};
    pixSetInRectArbitrary(&picture, &box, background(picture, box));
  }
}

/// Points unlike both the one before and the one above: many in letters, few in rules and boxes.
std::size_t corners(Pix& picture) {
  std::size_t count = 0;
  for (l_int32 y = 1; y < pixGetHeight(&picture); ++y) {
    const std::ptrdiff_t width = pixGetWpl(&picture);
    const l_uint32* line = pixGetData(&picture) + y * width;
    for (l_int32 x = 1; x < pixGetWidth(&picture); ++x) {
      count += line[x] != line[x - 1] && line[x] != line[x - width] ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

content::PictureContent look_beside_text(poppler::page& page, Pictures& pictures,
                                         std::uint64_t& points_left,
                                         const std::function<bool()>& keep_going) {
  const poppler::rectf size = page.page_rect();
  const std::vector<poppler::text_box> words = page.text_list();
  content::PictureContent out;
  out.is_fragment = false;
  const auto at = [&](double dots) {
    PixPtr picture = painted(page, dots, pictures.limits().picture_points);
    if (picture != nullptr) paint_over(*picture, size, words);
    return picture;
  };
  const auto may_paint = [&](double dots) {
    if (pictures.reads_text()) return true;
    // A page larger than a picture may be is painted coarser.
    const auto points = static_cast<std::uint64_t>(std::min(
        square_inches(page) * dots * dots, static_cast<double>(pictures.limits().picture_points)));
    if (points > points_left) out.error = "more of them than are looked at";
    points_left -= std::min(points, points_left);
    return out.error.empty();
  };
  if (!may_paint(kGlance)) return out;
  const PixPtr glance = at(kGlance);
  const bool is_plain = glance == nullptr || corners(*glance) < kCorners;
  if (!is_plain && !may_paint(kLook)) return out;
  const PixPtr look = is_plain ? nullptr : at(kLook);
  if (look != nullptr) {
    out = pictures.look_at(*look, keep_going, [&] { return at(kReading); });
  } else if (glance == nullptr) {
    out.error = "they could not be painted";
  }
  out.is_fragment = false;
  return out;
}

}  // namespace weir::extract
