#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "weir/app/workspace.h"
#include "weir/base/result.h"
#include "weir/base/time.h"

namespace weir::app {

/// How `weir` ends. Documented in docs/commands.md; scripts rely on it.
enum class ExitCode : int {
  ok = 0,
  failed = 1,   // nothing or not all was done; the message says what
  usage = 2,    // the command line is wrong; nothing was done
  partly = 3,   // done, but some of the input could not be read
  damaged = 4,  // stored data is not what was written
  found = 5,    // inspected: protected text is in it
  unread = 6,   // inspected: nothing found, and not all could be read
  stopped = 130,
};

/// What one run of the program shares between its commands.
struct Session {
  std::filesystem::path workspace_folder = ".";
  bool json = false;
  Clock clock = system_now;
  const std::atomic<bool>* stop = nullptr;
  /// What the chosen command does.
  std::function<Result<ExitCode>()> action;

  Result<std::unique_ptr<Workspace>> open_workspace() const {
    return Workspace::open(workspace_folder);
  }
  bool stopped() const { return stop != nullptr && *stop; }
};

/// To standard output; `io` if it cannot take it (a full disk behind a redirection).
Result<void> print(std::string_view text);
/// Lines to standard error, made printable.
void say(std::string_view text);

/// Columns of the terminal; 80 where there is none.
int terminal_width();
bool is_terminal();

/// Rows under headings, columns as wide as need be, numbers to the right. Cells are made printable.
std::string format_table(const std::vector<std::string>& headings,
                         const std::vector<std::vector<std::string>>& rows,
                         const std::vector<bool>& right_aligned = {});

}  // namespace weir::app
