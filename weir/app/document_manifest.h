#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "weir/app/document_registry.h"

namespace weir::app {

/// One document as a manifest lists it.
struct ManifestEntry {
  std::string path;  // absolute, or as the manifest says it if there is no such file
  bool is_file = false;
  DocumentFacts facts;
  std::vector<std::string> digests;  // bytes, not hexadecimal
};

/// What a label stands for unless it is said: itself if it is one of OCSF's names, else
/// confidential. `said` may be empty; `invalid_argument` if it is none of internal, confidential,
/// secret.
Result<event::Sensitivity> sensitivity_of(std::string_view label, std::string_view said);

/// Reads a CSV file with a header (docs/formats/document-manifest.md): path and label; sensitivity,
/// owner, group, sha256, sha1, md5 if they are there. A path is relative to the manifest's folder.
/// A document whose file is not at hand needs a digest. Errors name file and line; nothing is
/// ignored.
Result<std::vector<ManifestEntry>> read_manifest(const std::filesystem::path& path);

}  // namespace weir::app
