#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "extract/pix.h"
#include "weir/base/result.h"

namespace tesseract {
class TessBaseAPI;
}

namespace weir::extract {

/// Text off pictures, by Tesseract. Its data are read at creation, before the sandbox closes; then
/// it opens no file and starts no thread (OMP_THREAD_LIMIT=1). For one thread.
class Ocr {
 public:
  struct Text {
    std::string text;
    std::size_t letters = 0;  // in words it is fairly sure of
  };

  /// `languages`: "eng+deu". `not_found` names the Debian package of a language that is missing.
  static Result<std::unique_ptr<Ocr>> create(std::string_view languages);
  ~Ocr();
  Ocr(const Ocr&) = delete;
  Ocr& operator=(const Ocr&) = delete;

  /// Tries the four sides as the top until `wanted` letters are read. Asks `keep_going` about
  /// every word; once false, what was read so far is the answer.
  Text read(Pix& picture, std::size_t wanted, const std::function<bool()>& keep_going);

 private:
  explicit Ocr(std::unique_ptr<tesseract::TessBaseAPI> api);
  Text read_upright(Pix& picture, const std::function<bool()>& keep_going);

  std::unique_ptr<tesseract::TessBaseAPI> api_;
};

}  // namespace weir::extract
