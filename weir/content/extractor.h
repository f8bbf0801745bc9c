#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/content/extract.h"

namespace weir::content {

/// Extracts text outside this process: `weir-extract` forks a worker for each document, which can
/// neither reach the network nor run a program, sees next to no files, and is killed when it takes
/// too long or too much memory. Whatever becomes of it, the document has a result, and one that was
/// not read whole has a finding.
///
/// Thread-safe: as many documents as `workers` at a time, others wait. Each place has a
/// `weir-extract` of its own, started at its first document and again whenever it has died.
class Extractor {
 public:
  struct Options {
    std::filesystem::path program = {};  // weir-extract
    std::size_t workers = 2;
    ExtractLimits limits = {};
    /// Languages in which text is read off pictures by OCR, as Tesseract names them: "eng+deu".
    /// Empty: pictures that look like text are findings.
    std::string ocr = {};
    /// Address space of one worker (not limited in builds with sanitizers, which need terabytes).
    std::uint64_t memory_bytes = std::uint64_t{4} << 30;
    /// How long over `limits.time` a worker may be before it is killed: time to say so itself.
    std::chrono::milliseconds grace{1'000};
  };

  /// Starts the first `weir-extract`, so that a program that is missing is known at once:
  /// `not_found`, as without the data of a language, or `io` if it does not answer.
  static Result<std::unique_ptr<Extractor>> create(Options options);
  ~Extractor();
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  /// Blocks at most about `limits.time` and `grace`, once it is its turn. `name` is the first step
  /// of the paths.
  Extraction extract(std::string_view bytes, std::string_view name);

  /// What protects this machine from the readers, for the operator: "seccomp, Landlock 7".
  const std::string& protection() const { return protection_; }
  /// Process ids of the idle `weir-extract`s, for tests and for who watches.
  std::vector<int> processes();

 private:
  class Lane;
  explicit Extractor(Options options);

  Options options_;
  std::string protection_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace weir::content
