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

struct Inputs {
  std::vector<InputFile> files;
  std::vector<std::string> left_out;  // Weir's own files and folders in folders
  std::vector<std::string> problems;  // what cannot be listed, with its reason
};

/// The files that `inputs` name: files as they are, folders with all below them, in order of their
/// names. Inside folders, hidden files are left out, and hidden folders unless they are folders of
/// a mailbox (Maildir++ names them ".Sent"); so are files that Weir knows by their name to be no
/// records: what `weir simulate` writes beside them, a configuration, expected results of tests;
/// and so are workspaces and backups of them.
/// Links to folders are not followed, so that there are no loops.
Inputs list_inputs(const std::vector<std::filesystem::path>& inputs);

}  // namespace weir::ingest
