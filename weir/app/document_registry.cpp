#include "weir/app/document_registry.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "weir/base/bytes.h"
#include "weir/base/entropy.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

constexpr std::array<ledger::Migration, 3> kMigrations = {{{1, R"(
CREATE TABLE protected_documents (
  number   INTEGER PRIMARY KEY,
  id       BLOB    NOT NULL UNIQUE,
  path     TEXT    NOT NULL,
  label    TEXT    NOT NULL,
  owner    TEXT    NOT NULL,
  audience TEXT    NOT NULL,
  content  BLOB    NOT NULL,
  bytes    INTEGER NOT NULL,
  words    INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  added    INTEGER NOT NULL,
  removed  INTEGER NOT NULL
);
CREATE INDEX protected_documents_by_path ON protected_documents (path);
CREATE INDEX protected_documents_by_content ON protected_documents (content);
)"},
                                                           {2, R"(
ALTER TABLE protected_documents ADD COLUMN unread TEXT NOT NULL DEFAULT '';
ALTER TABLE protected_documents ADD COLUMN sensitivity INTEGER NOT NULL DEFAULT 3;
ALTER TABLE protected_documents ADD COLUMN digests BLOB NOT NULL DEFAULT x'';
)"},
                                                           {3, R"(
CREATE TABLE protected_openly_said (feature INTEGER PRIMARY KEY);
)"}}};

constexpr std::string_view kColumns =
    "SELECT number, id, path, label, owner, audience, content, bytes, words, version, added, "
    "removed, unread, sensitivity, digests FROM protected_documents ";

constexpr std::string_view kKeyName = "registry.key";

constexpr std::size_t kHashBytes = 16;

Hash128 hash_of(std::string_view bytes) {
  ByteReader in(bytes);
  const auto high = in.fixed<std::uint64_t>();
  const auto low = in.fixed<std::uint64_t>();
  return {.high = high, .low = low};
}

ProtectedDocument read_row(const ledger::Statement& row) {
  ProtectedDocument one;
  one.number = row.number(0);
  one.id = hash_of(row.blob(1));
  one.path = row.text(2);
  one.facts.label = row.text(3);
  one.facts.owner = row.text(4);
  one.facts.audience = row.text(5);
  one.content = hash_of(row.blob(6));
  one.bytes = row.number(7);
  one.words = row.number(8);
  one.version = row.number(9);
  one.added = Instant{std::chrono::milliseconds{row.integer(10)}};
  one.removed = row.integer(11) != 0;
  one.unread = row.text(12);
  one.facts.sensitivity = static_cast<event::Sensitivity>(row.integer(13));
  const std::string digests = row.blob(14);
  for (std::size_t i = 0; i + kHashBytes <= digests.size(); i += kHashBytes) {
    one.digests.push_back(hash_of(std::string_view(digests).substr(i, kHashBytes)));
  }
  return one;
}

/// Made at the first use; without it the index cannot be read.
Result<protect::RegistryKey::Secret> secret_in(const fs::path& folder) {
  protect::RegistryKey::Secret secret{};
  const fs::path path = folder / kKeyName;
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (fs::exists(folder / "index", error)) {
      return fail(
          ErrorCode::corrupt,
          "{}: is gone, and without it the index says nothing; restore it from a backup, or "
          "remove {} and read the files again with `weir protect rescan`",
          path.string(), (folder / "index").string());
    }
    WEIR_ASSIGN(const FileLock lock, FileLock::acquire(folder / "lock"));
    if (fs::exists(path, error)) return secret_in(folder);  // another process was quicker
    fill_unpredictable(std::as_writable_bytes(std::span(secret)));
    WEIR_TRY(
        write_file_atomic(path, {reinterpret_cast<const char*>(secret.data()), secret.size()}));
    return secret;
  }
  WEIR_ASSIGN(const std::string bytes, read_file(path, secret.size()));
  if (bytes.size() != secret.size()) {
    return fail(ErrorCode::corrupt, "{}: not a registry's key; restore it from a backup",
                path.string());
  }
  std::ranges::copy(bytes, reinterpret_cast<char*>(secret.data()));
  return secret;
}

}  // namespace

DocumentRegistry::DocumentRegistry(Workspace& workspace, const protect::RegistryKey::Secret& secret)
    : workspace_(workspace),
      content_key_(derive_key(secret, "content")),
      key_(std::make_unique<const protect::RegistryKey>(secret)) {}

Result<std::unique_ptr<DocumentRegistry>> DocumentRegistry::open(Workspace& workspace) {
  const fs::path folder = workspace.protect_folder();
  std::error_code error;
  if (fs::create_directory(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return fail(ErrorCode::io, "{}: {}", folder.string(), error.message());
  WEIR_TRY(workspace.ledger().migrate("protect", kMigrations));
  WEIR_ASSIGN(const protect::RegistryKey::Secret secret, secret_in(folder));
  std::unique_ptr<DocumentRegistry> registry(new DocumentRegistry(workspace, secret));
  WEIR_ASSIGN(registry->snapshot_, protect::Index::read(folder / "index", *registry->key_));
  for (const protect::Segment::Document& one : registry->snapshot_->documents()) {
    registry->indexed_[one.id] = one.family;
  }
  WEIR_TRY(registry->load());
  return registry;
}

/// Of several documents with the same bytes the most sensitive counts.
void DocumentRegistry::remember(std::unordered_map<Hash128, std::size_t>& map, const Hash128& key,
                                std::size_t place) {
  const auto [same, is_new] = map.try_emplace(key, place);
  const auto sensitivity = [&](std::size_t i) { return documents_[i].facts.sensitivity; };
  if (!is_new && sensitivity(same->second) <= sensitivity(place)) same->second = place;
}

void DocumentRegistry::remember_newest(std::unordered_map<std::string_view, std::size_t>& map,
                                       std::size_t place) {
  const auto [newest, is_first] = map.try_emplace(documents_[place].path, place);
  const auto version = [&](std::size_t i) { return documents_[i].version; };
  if (!is_first && version(newest->second) < version(place)) newest->second = place;
}

Result<void> DocumentRegistry::load() {
  WEIR_ASSIGN(ledger::Statement select,
              workspace_.ledger().prepare(std::string(kColumns) + "ORDER BY number"));
  for (;;) {
    WEIR_ASSIGN(const bool row, select.step());
    if (!row) break;
    documents_.push_back(read_row(select));
  }
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    const ProtectedDocument& one = documents_[i];
    by_number_[one.number] = i;
    remember_newest(newest_, i);
    if (one.removed) continue;
    by_id_[one.id] = i;
    remember(by_content_, one.content, i);
    for (const event::ContentHash& digest : one.digests) remember(by_digest_, digest, i);
    if (const auto family = indexed_.find(one.id); family != indexed_.end()) {
      event::Sensitivity& highest = by_family_[family->second];
      highest = std::max(highest, one.facts.sensitivity);
    }
    remember_newest(by_path_, i);
  }
  return {};
}

Hash128 DocumentRegistry::content_hash(std::string_view bytes) const {
  return keyed_hash128(content_key_, bytes);
}

event::ContentHash DocumentRegistry::digest_hash(std::string_view digest) const {
  return workspace_.vault().content_hash(digest);
}

const ProtectedDocument* DocumentRegistry::find(std::uint64_t number) const {
  return at(by_number_, number);
}
const ProtectedDocument* DocumentRegistry::find_id(const protect::DocumentId& id) const {
  return at(by_id_, id);
}
const ProtectedDocument* DocumentRegistry::find_content(const Hash128& content) const {
  return at(by_content_, content);
}
const ProtectedDocument* DocumentRegistry::find_path(std::string_view path) const {
  return at(by_path_, path);
}

bool DocumentRegistry::is_indexed(const ProtectedDocument& document) const {
  return indexed_.contains(document.id);
}

Result<void> DocumentRegistry::require_index() const {
  std::vector<std::uint64_t> missing;
  for (const ProtectedDocument& one : documents_) {
    if (!one.removed && one.words > 0 && !is_indexed(one)) missing.push_back(one.number);
  }
  if (missing.empty()) return {};
  constexpr std::size_t kShown = 10;
  const std::span shown = std::span(missing).first(std::min(missing.size(), kShown));
  return fail(ErrorCode::corrupt,
              "{}: {} of the protected documents are not in it, and would not be recognised: {}{}. "
              "Restore it from a backup, or read the files again with `weir protect rescan` and "
              "take out those that have none any more with `weir protect remove`",
              (workspace_.protect_folder() / "index").string(), missing.size(),
              fmt::join(shown, ", "), missing.size() > kShown ? " …" : "");
}

bool DocumentRegistry::is_given_up(std::string_view path) const {
  const ProtectedDocument* newest = at(newest_, path);
  return newest != nullptr && newest->removed;
}

const ProtectedDocument* DocumentRegistry::find_digest(std::string_view digest) const {
  return at(by_digest_, digest_hash(digest));
}

std::unordered_map<event::ContentHash, event::DocumentMatch> DocumentRegistry::by_digest() const {
  std::unordered_map<event::ContentHash, event::DocumentMatch> known;
  for (const auto& [digest, place] : by_digest_) known[digest] = whole_match(documents_[place]);
  return known;
}

std::unexpected<Error> no_such_document(std::uint64_t number) {
  return fail(ErrorCode::not_found,
              "there is no protected document {}: `weir protect list` names them", number);
}

event::Sensitivity DocumentRegistry::sensitivity(const ProtectedDocument& document) const {
  const auto family = indexed_.find(document.id);
  if (family == indexed_.end()) return document.facts.sensitivity;
  const auto highest = by_family_.find(family->second);
  return highest == by_family_.end() ? document.facts.sensitivity
                                     : std::max(document.facts.sensitivity, highest->second);
}

event::DocumentMatch DocumentRegistry::whole_match(const ProtectedDocument& document) const {
  const auto words = static_cast<std::uint32_t>(document.words);
  return {.document = static_cast<std::uint32_t>(document.number),
          .kind = event::MatchKind::whole_file,
          .sensitivity = sensitivity(document),
          .words = words,
          .unique_words = words,
          .document_words = words,
          .blocks = {}};
}

}  // namespace weir::app
