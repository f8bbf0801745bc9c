#include "weir/app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace weir::app {

ProgressBar::ProgressBar(std::string title)
    : title_(std::move(title)),
      enabled_(::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total, const std::string& note) {
  using namespace std::chrono;
  if (!enabled_) return;
  const auto now = steady_clock::now();
  if (now < next_) return;
  next_ = now + milliseconds{100};
  drawn_ = true;

  std::string line = fmt::format("\r{:<12}", title_);
  if (total > 0) {
    constexpr std::size_t kWidth = 28;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto full = static_cast<std::size_t>(share * kWidth);
    for (std::size_t i = 0; i < kWidth; ++i) line += i < full ? "█" : "░";
    line += fmt::format(" {:3.0f} %", share * 100);
    const double elapsed = duration<double>(now - start_).count();
    if (share > 0.02 && share < 1.0) {
      line += fmt::format("  {:.0f} s left", elapsed / share * (1.0 - share));
    }
  }
  line += "  " + note + "\x1b[K";
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace weir::app
