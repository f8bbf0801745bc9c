#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace weir::app {

/// A bar on standard error while something long runs; silent unless that is a terminal.
/// Any thread, one at a time.
class ProgressBar {
 public:
  explicit ProgressBar(std::string title);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` 0: unknown. Draws at most ten times a second.
  void show(std::uint64_t done, std::uint64_t total, const std::string& note = {});

 private:
  std::string title_;
  bool enabled_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
  std::chrono::steady_clock::time_point start_;
};

}  // namespace weir::app
