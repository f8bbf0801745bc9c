#include "weir/app/registration.h"

#include <glob.h>

#include <algorithm>
#include <array>

namespace weir::app {
namespace fs = std::filesystem;
namespace {

// What is made to last together.
constexpr std::size_t kBatchDocuments = 1000;
constexpr std::uint64_t kBatchWords = 2'000'000;

/// `path` or, of a folder, all regular files below it. Links to folders are not followed: they may
/// lead round in a circle.
void add_files(const fs::path& path, FileList& list) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    list.files.push_back(path);
    return;
  }
  std::vector<fs::path> folders = {path};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    fs::directory_iterator it(folder, error);
    for (; !error && it != fs::end(it); it.increment(error)) {
      std::error_code gone;  // between listing and looking
      if (it->is_directory(gone)) {
        if (!it->is_symlink(gone)) folders.push_back(it->path());
      } else if (it->is_regular_file(gone)) {
        list.files.push_back(it->path());
      }
    }
    if (error) list.problems.push_back(fmt::format("{}: {}", folder.string(), error.message()));
  }
}

std::string text_of(const std::array<unsigned char, 32>& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string lines_of(const std::vector<content::Finding>& findings) {
  std::string text;
  for (const content::Finding& finding : findings) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", finding.path, finding.reason);
  }
  return text;
}

}  // namespace

Result<FileList> files_of(const std::vector<std::string>& paths) {
  FileList list;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::exists(path, error)) {
      add_files(path, list);
      continue;
    }
    glob_t found{};
    const int code = ::glob(path.c_str(), 0, nullptr, &found);
    const std::vector<std::string> names(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    if (code != 0) {
      return fail(ErrorCode::not_found, "{}: there is no such file, folder or pattern", path);
    }
    for (const std::string& name : names) add_files(name, list);
  }
  std::ranges::sort(list.files);
  list.files.erase(std::ranges::unique(list.files).begin(), list.files.end());
  return list;
}

Result<bool> Registration::is_known(const ProtectedDocument& document) {
  const ProtectedDocument* before = registry_.find_path(document.path);
  if (before == nullptr || before->content != document.content || is_lost(*before)) {
    ++(before != nullptr ? report_.versions : report_.added);
    return false;
  }
  std::vector<event::ContentHash> digests = before->digests;
  for (const event::ContentHash& digest : document.digests) {
    if (std::ranges::find(digests, digest) == digests.end()) digests.push_back(digest);
  }
  if (before->facts == document.facts && digests == before->digests) {
    ++report_.unchanged;
  } else {
    ++report_.relabelled;
    WEIR_TRY(writer_.relabel(*before, document.facts, digests));
  }
  return true;
}

Result<void> Registration::add(const fs::path& path, const DocumentFacts& facts,
                               const std::vector<std::string>& digests) {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  const auto bytes = inspector_.read_document(absolute);
  if (!bytes) {
    report_.problems.push_back(bytes.error().message);
    return {};
  }
  if (bytes->empty()) {
    report_.problems.push_back(absolute.string() + ": is empty; there is nothing to recognise");
    return {};
  }
  ProtectedDocument document{.path = absolute.string(),
                             .facts = facts,
                             .content = registry_.content_hash(*bytes),
                             .bytes = bytes->size()};
  const std::string sha = text_of(sha256(*bytes));
  // The digest that readers of mail make of an attachment comes first.
  document.digests = {registry_.digest_hash(text_of(blake2b(*bytes))), registry_.digest_hash(sha)};
  for (const std::string& digest : digests) {
    if (digest.size() == sha.size() && digest != sha) {
      report_.problems.push_back(
          absolute.string() +
          ": its SHA-256 is not the one in the manifest; not registered. Mend the "
          "manifest, or leave the digest out");
      return {};
    }
    if (digest.size() != sha.size()) document.digests.push_back(registry_.digest_hash(digest));
  }
  WEIR_ASSIGN(const bool known, is_known(document));
  if (known) return {};
  const std::string name = absolute.filename().string();
  Inspector::Reading reading = inspector_.read(inspector_.extract(*bytes, name), name);
  for (const content::Finding& finding : reading.unread) {
    report_.problems.push_back(
        fmt::format("{}: {}: {}", absolute.string(), finding.path, finding.reason));
  }
  document.unread = lines_of(reading.unread);
  document.words = reading.features.words.size();
  if (document.words == 0) ++report_.without_text;
  RegistryWriter::NewDocument one;
  one.document = std::move(document);
  if (one.document.words > 0) {
    one.features = std::make_unique<protect::Features>(std::move(reading.features));
  }
  return put(std::move(one));
}

Result<void> Registration::add_known(const std::string& name,
                                     const std::vector<std::string>& digests,
                                     const DocumentFacts& facts) {
  std::string all;
  ProtectedDocument document{.path = name, .facts = facts};
  for (const std::string& digest : digests) {
    document.digests.push_back(registry_.digest_hash(digest));
    all += digest;
  }
  document.content = registry_.content_hash(all);
  WEIR_ASSIGN(const bool known, is_known(document));
  if (known) return {};
  ++report_.by_digest;
  return put({.document = std::move(document), .features = nullptr});
}

bool Registration::is_lost(const ProtectedDocument& document) const {
  return document.words > 0 && !registry_.is_indexed(document);
}

Result<void> Registration::put(RegistryWriter::NewDocument document) {
  const ProtectedDocument* before = registry_.find_path(document.document.path);
  if (before != nullptr && is_lost(*before)) document.replaces = before->number;
  pending_words_ += document.document.words;
  pending_.push_back(std::move(document));
  const bool full = pending_.size() >= kBatchDocuments || pending_words_ >= kBatchWords;
  return full ? finish() : Result<void>{};
}

Result<void> Registration::finish() {
  if (pending_.empty()) return {};
  pending_words_ = 0;
  auto documents = std::exchange(pending_, {});
  WEIR_TRY(writer_.add(documents, clock_()));
  const auto snapshot = writer_.snapshot();
  for (const RegistryWriter::NewDocument& one : documents) {
    constexpr double kEnough = 0.2;
    if (one.features == nullptr || snapshot->telling_share(*one.features) >= kEnough) continue;
    report_.problems.push_back(fmt::format(
        "{}: is hardly recognised: what it says stands in more than {} different registered "
        "documents or in the background. Look whether it is the right file",
        one.document.path, protect::kBoilerplateDocuments));
  }
  return {};
}

}  // namespace weir::app
