#include "weir/app/session.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
Result<void> print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail_errno(errno, "standard output");
  }
  return {};
}

void say(std::string_view text) {
  // Messages name files and quote input: nothing of that may steer the terminal.
  for (const std::string_view line : split(text, '\n')) {
    fmt::print(stderr, "{}\n", printable(line, line.size()));
  }
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
    return std::min<int>(size.ws_col, 120);
  }
  return 80;
}

bool is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::string format_table(const std::vector<std::string>& headings,
                         const std::vector<std::vector<std::string>>& rows,
                         const std::vector<bool>& right_aligned) {
  std::vector<std::vector<std::string>> cells;
  cells.emplace_back();
  for (const std::string& heading : headings) cells.back().push_back(printable(heading, 200));
  for (const auto& row : rows) {
    cells.emplace_back();
    for (const std::string& cell : row) cells.back().push_back(printable(cell, 200));
  }
  std::vector<std::size_t> widths(headings.size(), 0);
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], columns(row[i]));
    }
  }
  std::string out;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      const std::string fill(widths[i] - columns(row[i]), ' ');
      const bool right = i < right_aligned.size() && right_aligned[i];
      if (i > 0) line += "  ";
      line += right ? fill + row[i] : row[i] + fill;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace weir::app
