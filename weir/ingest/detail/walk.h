#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::ingest {

struct InputFile {
  std::filesystem::path path;  // "-" is standard input
  std::uint64_t bytes = 0;
};

/// The files that `inputs` name: files as they are, folders with all below them, in order of their
/// names. Inside folders, hidden files are left out, and hidden folders unless they are folders of
/// a mailbox (Maildir++ names them ".Sent"); links to folders are not followed, so that there are
/// no loops. What cannot be listed is added to `problems` with its reason.
std::vector<InputFile> list_inputs(const std::vector<std::filesystem::path>& inputs,
                                   std::vector<std::string>& problems);

}  // namespace weir::ingest
