#pragma once

#include <functional>
#include <string_view>

#include "extract/ocr.h"
#include "extract/pix.h"
#include "weir/content/extract.h"

namespace weir::extract {

/// Looks at the pictures of one document: whether there are letters in them, and which, if there is
/// an OCR. For one thread.
class Pictures {
 public:
  /// `ocr` may be null; it must outlive this, as `limits` must.
  Pictures(Ocr* ocr, const content::ExtractLimits& limits) : ocr_(ocr), limits_(limits) {}

  /// Of the bytes of a PNG, JPEG, GIF, WebP, BMP or TIFF; of an animated one the first frame.
  content::PictureContent read(std::string_view bytes, const std::function<bool()>& keep_going);

  /// Of points. `finer`, if OCR is to read more than `picture` shows.
  content::PictureContent look_at(Pix& picture, const std::function<bool()>& keep_going,
                                  const std::function<PixPtr()>& finer = nullptr);

  const content::ExtractLimits& limits() const { return limits_; }
  bool reads_text() const { return ocr_ != nullptr; }

 private:
  Ocr* ocr_;
  const content::ExtractLimits& limits_;
  std::size_t read_by_ocr_ = 0;
};

}  // namespace weir::extract
