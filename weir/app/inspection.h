#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/config.h"
#include "weir/app/document_registry.h"
#include "weir/content/extractor.h"
#include "weir/ingest/format.h"
#include "weir/protect/matcher.h"

namespace weir::app {

/// Where a protected document's text was found.
struct FoundPassage {
  std::string path;  // of the part: "course.zip › lesson3.docx › notes"
  bool hidden = false;
  std::uint32_t begin = 0;  // bytes of the part's text; all 0: pieces of a file without text
  std::uint32_t end = 0;
  std::string text;
};

/// One protected document in what was inspected.
struct FoundDocument {
  ProtectedDocument document;
  event::Sensitivity sensitivity = {};  // of its most sensitive version
  bool whole_file = false;              // the very bytes that were registered
  protect::MatchKind kind = protect::MatchKind::verbatim;
  /// And pieces of the document that were found here; of several parts about as many.
  std::uint64_t words = 0;
  std::uint64_t unique = 0;  // of these, in no other protected document and no background
  protect::Exposure blocks;  // which parts of it; none if the whole file
  std::vector<FoundPassage> passages;
};

class Inspector;
/// For `ingest::IngestOptions`: writes what is in a message into its record. `inspector` must
/// outlive it.
ingest::Inspect inspect_mail(Inspector& inspector);

/// What a record keeps of it.
event::DocumentMatch match_of(const FoundDocument& found);

/// What one file or mail holds. Neither finds nor gaps: inspected, and nothing known was there.
struct Inspection {
  content::FileType type = content::FileType::unknown;
  std::size_t parts = 0;
  std::vector<FoundDocument> found;  // most words first
  std::vector<content::Finding> unread;
  std::chrono::microseconds time{0};
};

/// Takes bytes apart in the sandbox and looks for protected documents in every part. One thread.
class Inspector {
 public:
  /// `not_found` without the program `weir-extract`, which is beside this one unless $WEIR_EXTRACT
  /// names another. `registry` must outlive the inspector.
  static Result<std::unique_ptr<Inspector>> create(DocumentRegistry& registry,
                                                   const InspectionSettings& settings);

  /// The bytes of a regular file; `limit_exceeded` past `file_bytes` of the settings.
  Result<std::string> read_document(const std::filesystem::path& path) const;

  Result<Inspection> inspect(std::string_view bytes, std::string_view name);

  /// What is in a document, to be inspected or read below, or both.
  content::Extraction extract(std::string_view bytes, std::string_view name) {
    return extractor_->extract(bytes, name);
  }
  /// `bytes` are those that were extracted.
  Result<Inspection> inspect(std::string_view bytes, const content::Extraction& extraction);

  /// A document as it is registered.
  struct Reading {
    protect::Features features;
    std::vector<content::Finding> unread;
  };
  Reading read(const content::Extraction& extraction, std::string_view name);

 private:
  Inspector(DocumentRegistry& registry, std::unique_ptr<content::Extractor> extractor,
            const InspectionSettings& settings);
  FoundDocument found_of(const ProtectedDocument& document) const;
  void add_whole(const ProtectedDocument* document, Inspection& inspection) const;
  Result<void> look_at(const content::Part& part, Inspection& inspection);
  Result<void> look_at(const content::FileDigest& file, Inspection& inspection);
  /// What was found in `part`, or in a file of its path.
  Result<void> take(const protect::MatchResult& result, const content::Part& part,
                    Inspection& inspection) const;

  DocumentRegistry& registry_;
  InspectionSettings settings_;
  std::unique_ptr<content::Extractor> extractor_;
  protect::Canonicalizer canonicalizer_;
  protect::FeatureMaker maker_;
  protect::Matcher matcher_;
  protect::CanonicalText text_;
};

}  // namespace weir::app
