#include "weir/app/inspection.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "weir/protect/pieces.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

/// Beside this program, unless $WEIR_EXTRACT names another.
fs::path extract_program() {
  if (const char* named = std::getenv("WEIR_EXTRACT"); named != nullptr && *named != '\0') {
    return named;
  }
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("weir-extract") : self.parent_path() / "weir-extract";
}

/// All text of a document, part by part. Names of members are no text that anybody protects, nor is
/// what programs have in common.
std::string text_of(const content::Extraction& extraction) {
  std::string text;
  for (const content::Part& part : extraction.parts) {
    if (part.kind == content::PartKind::names || part.type == content::FileType::program) continue;
    text += part.text;
    text += "\n\n";
  }
  return text;
}

event::MatchKind kind_of(const FoundDocument& found) {
  if (found.whole_file) return event::MatchKind::whole_file;
  return found.kind == protect::MatchKind::reworded ? event::MatchKind::reworded
                                                    : event::MatchKind::verbatim;
}

}  // namespace

Result<std::string> Inspector::read_document(const fs::path& path) const {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  // Opening a pipe would wait for whoever writes to it.
  if (!error && fs::exists(status) && !fs::is_regular_file(status)) {
    return fail(ErrorCode::invalid_argument,
                "{}: not a file but a folder, pipe or device; name the files", path.string());
  }
  return read_file(path, settings_.file_bytes);
}

Result<std::unique_ptr<Inspector>> Inspector::create(DocumentRegistry& registry,
                                                     const InspectionSettings& settings) {
  const fs::path program = extract_program();
  auto extractor = content::Extractor::create(
      {.program = program, .workers = 1, .limits = settings.limits, .ocr = settings.ocr});
  if (!extractor && !settings.ocr.empty()) return std::unexpected(std::move(extractor.error()));
  if (!extractor) {
    return fail(extractor.error().code,
                "{}\nFiles are taken apart by the program weir-extract. `make build` makes both; "
                "where it lies elsewhere, name it in WEIR_EXTRACT",
                extractor.error().message);
  }
  return std::unique_ptr<Inspector>(new Inspector(registry, *std::move(extractor), settings));
}

Inspector::Inspector(DocumentRegistry& registry, std::unique_ptr<content::Extractor> extractor,
                     const InspectionSettings& settings)
    : registry_(registry),
      settings_(settings),
      extractor_(std::move(extractor)),
      canonicalizer_({.max_bytes = static_cast<std::uint32_t>(settings.text_bytes)}),
      maker_(registry.key()),
      matcher_(canonicalizer_, maker_) {}

Inspector::Reading Inspector::read(const content::Extraction& extraction, std::string_view name) {
  Reading reading{.features = {}, .unread = extraction.findings};
  const std::string text = text_of(extraction);
  canonicalizer_.run(text, text_);
  maker_.make(text_, reading.features);
  for (const content::FileDigest& file : extraction.files) {
    protect::add_pieces(registry_.key(), file.pieces, reading.features);
  }
  if (text_.truncated()) {
    reading.unread.push_back(
        {.kind = content::FindingKind::too_big,
         .path = std::string(name),
         .reason = fmt::format("{} bytes of text; what comes after the first {} is not recognised",
                               text.size(), settings_.text_bytes)});
  }
  return reading;
}

Result<void> Inspector::look_at(const content::Part& part, Inspection& inspection) {
  return take(matcher_.match(registry_.snapshot(), part.text), part, inspection);
}

Result<void> Inspector::look_at(const content::FileDigest& file, Inspection& inspection) {
  if (file.pieces.empty()) return {};
  content::Part whole;
  whole.path = file.path;
  return take(matcher_.match_pieces(registry_.snapshot(), file.pieces), whole, inspection);
}

Result<void> Inspector::take(const protect::MatchResult& result, const content::Part& part,
                             Inspection& inspection) const {
  std::vector<FoundDocument>& found = inspection.found;
  if (result.incomplete) {
    inspection.unread.push_back({.kind = content::FindingKind::too_big,
                                 .path = part.path,
                                 .reason = "more than is compared"});
  }
  for (const protect::Match& match : result.matches) {
    auto at = std::ranges::find(found, match.document,
                                [](const FoundDocument& one) { return one.document.id; });
    if (at != found.end() && at->whole_file) continue;
    if (at == found.end()) {
      const ProtectedDocument* document = registry_.find_id(match.document);
      // Written to the index by a run that was cut off before it told the ledger.
      if (document == nullptr) continue;
      at = found.insert(found.end(), found_of(*document));
    }
    // Text and HTML of one mail say the same, two slides do not: the larger, never the sum.
    if (match.found_words > at->words) at->kind = match.kind;
    at->words = std::max<std::uint64_t>(at->words, match.found_words);
    at->unique = std::max<std::uint64_t>(at->unique, match.unique_words);
    if (at->blocks.block_count() == 0) {
      at->blocks = match.exposure;
    } else {
      WEIR_TRY(at->blocks.merge(match.exposure));
      // A document cut up: what its blocks add up to, if that is more.
      const std::uint64_t in_blocks = std::uint64_t{at->blocks.count()} * protect::kBlockWords;
      at->words = std::max(at->words, std::min(in_blocks, at->document.words));
    }
    if (match.passages.empty()) {
      at->passages.push_back(
          {.path = part.path, .hidden = false, .begin = 0, .end = 0, .text = {}});
    }
    for (const protect::Passage& passage : match.passages) {
      at->passages.push_back({.path = part.path,
                              .hidden = part.hidden,
                              .begin = passage.source_begin,
                              .end = passage.source_end,
                              .text = part.text.substr(passage.source_begin,
                                                       passage.source_end - passage.source_begin)});
    }
  }
  return {};
}

FoundDocument Inspector::found_of(const ProtectedDocument& document) const {
  FoundDocument found;
  found.document = document;
  found.sensitivity = registry_.sensitivity(document);
  return found;
}

/// Null: none; each once.
void Inspector::add_whole(const ProtectedDocument* document, Inspection& inspection) const {
  if (document == nullptr) return;
  for (const FoundDocument& found : inspection.found) {
    if (found.document.number == document->number) return;
  }
  FoundDocument& whole = inspection.found.emplace_back(found_of(*document));
  whole.whole_file = true;
  whole.words = document->words;
  whole.unique = document->words;
}

Result<Inspection> Inspector::inspect(std::string_view bytes, std::string_view name) {
  const auto start = std::chrono::steady_clock::now();
  WEIR_ASSIGN(Inspection inspection, inspect(bytes, extract(bytes, name)));
  inspection.time = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  return inspection;
}

Result<Inspection> Inspector::inspect(std::string_view bytes,
                                      const content::Extraction& extraction) {
  Inspection inspection;
  add_whole(registry_.find_content(registry_.content_hash(bytes)), inspection);
  // Of a document known by digests alone the bytes were never there to be hashed. The digest of the
  // whole is none of `files`.
  add_whole(registry_.find_digest(sha256(bytes)), inspection);
  for (const content::FileDigest& file : extraction.files) {
    if (file.digest != content::FileDigest{}.digest) {
      add_whole(registry_.find_digest(file.digest), inspection);
    }
  }
  inspection.type = extraction.type;
  inspection.parts = extraction.parts.size();
  inspection.unread = extraction.findings;
  for (const content::Part& part : extraction.parts) WEIR_TRY(look_at(part, inspection));
  for (const content::FileDigest& file : extraction.files) WEIR_TRY(look_at(file, inspection));
  std::ranges::stable_sort(inspection.found, std::ranges::greater{}, &FoundDocument::words);
  return inspection;
}

ingest::Inspect inspect_mail(Inspector& inspector) {
  return [&inspector](std::string_view message, event::SourceRecord& said) -> Result<void> {
    WEIR_ASSIGN(const Inspection inspection, inspector.inspect(message, "message"));
    said.flags |= event::kFlagInspected;
    if (!inspection.unread.empty()) said.flags |= event::kFlagNotAllRead;
    for (const FoundDocument& found : inspection.found) said.documents.push_back(match_of(found));
    return {};
  };
}

event::DocumentMatch match_of(const FoundDocument& found) {
  const auto count = [](std::uint64_t n) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(n, std::numeric_limits<std::uint32_t>::max()));
  };
  return {.document = count(found.document.number),
          .kind = kind_of(found),
          .sensitivity = found.sensitivity,
          .words = count(found.words),
          .unique_words = count(found.unique),
          .document_words = count(found.document.words),
          .blocks = found.blocks.encode()};
}

}  // namespace weir::app
