#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "weir/app/document_registry.h"
#include "weir/app/inspection.h"

namespace weir::app {

struct FileList {
  std::vector<std::filesystem::path> files;  // sorted, each once
  std::vector<std::string> problems;         // folders that could not be read
};

/// Files, folders with all below them, and patterns that a shell did not expand. `not_found` if
/// one of the paths names nothing.
Result<FileList> files_of(const std::vector<std::string>& paths);

/// What registering files came to.
struct RegistrationReport {
  std::size_t added = 0;
  std::size_t versions = 0;
  std::size_t relabelled = 0;
  std::size_t unchanged = 0;
  std::size_t without_text = 0;  // known as whole files alone
  std::size_t by_digest = 0;     // files that were not at hand
  std::vector<std::string> problems;
};

/// Reads files and puts them into the registry, a batch at a time. One thread.
class Registration {
 public:
  /// All must outlive this object.
  Registration(DocumentRegistry& registry, RegistryWriter& writer, Inspector& inspector,
               std::function<Instant()> clock)
      : registry_(registry), writer_(writer), inspector_(inspector), clock_(std::move(clock)) {}

  /// A file that cannot be read is a problem in the report, not an error; of one that is read in
  /// part, that part is protected. Unchanged files are not read again.
  Result<void> add(const std::filesystem::path& path, const DocumentFacts& facts,
                   const std::vector<std::string>& digests = {});
  /// A document that is recognised as a whole, where logs name a digest of it. `digests` are bytes.
  Result<void> add_known(const std::string& name, const std::vector<std::string>& digests,
                         const DocumentFacts& facts);
  /// Makes the rest last.
  Result<void> finish();

  const RegistrationReport& report() const { return report_; }

 private:
  /// Is `document` there as it is? Then only its facts may have to change.
  Result<bool> is_known(const ProtectedDocument& document);
  bool is_lost(const ProtectedDocument& document) const;
  Result<void> put(RegistryWriter::NewDocument document);

  DocumentRegistry& registry_;
  RegistryWriter& writer_;
  Inspector& inspector_;
  std::function<Instant()> clock_;
  std::vector<RegistryWriter::NewDocument> pending_;
  std::uint64_t pending_words_ = 0;
  RegistrationReport report_;
};

}  // namespace weir::app
