#include "weir/app/record_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "weir/base/file.h"
#include "weir/base/hash.h"

namespace weir::app {
namespace {

// Paths can hold names, so only their keyed hash is kept.
constexpr ledger::Migration kMigrations[] = {{1, R"(
  CREATE TABLE source (
    id INTEGER PRIMARY KEY, format TEXT NOT NULL, path INTEGER NOT NULL,
    UNIQUE (format, path)) STRICT;
)"}};

constexpr std::uint64_t kTailBytes = 4096;

/// checksum64 of up to 4 KiB before `offset`; empty if the file is shorter or cannot be read.
std::optional<std::uint64_t> tail_checksum(const std::filesystem::path& path,
                                           std::uint64_t offset) {
  const Result<File> file = File::open_read(path);
  if (!file) return {};
  const std::uint64_t length = std::min(offset, kTailBytes);
  std::string tail(length, '\0');
  const ssize_t n =
      ::pread(file->descriptor(), tail.data(), length, static_cast<off_t>(offset - length));
  if (n != static_cast<ssize_t>(length)) return {};
  return checksum64(tail);
}

}  // namespace

Result<LakeRecordStore> LakeRecordStore::open(lake::Lake& lake, lake::Manifest& manifest,
                                              ledger::Database& ledger, roster::Roster& roster,
                                              vault::Vault& vault) {
  WEIR_TRY(ledger.migrate("sources", kMigrations));
  LakeRecordStore store(lake, ledger, roster, vault);
  WEIR_ASSIGN(const auto progress, manifest.progress());
  for (const lake::SourceProgress& one : progress) store.progress_[one.source_key] = one;
  return store;
}

std::uint64_t LakeRecordStore::key_of(std::string_view path) const {
  return vault_->content_hash(path).low;
}

Result<void> LakeRecordStore::append(const event::Record& record) { return lake_->append(record); }

Result<void> LakeRecordStore::commit(std::string_view source_path, std::uint64_t offset,
                                     std::uint64_t tail) {
  WEIR_TRY(roster_->flush());
  WEIR_TRY(vault_->flush());
  if (source_path.empty()) return lake_->commit({});
  const lake::SourceProgress progress{key_of(source_path), offset, tail};
  WEIR_TRY(lake_->commit(progress));
  progress_[progress.source_key] = progress;
  return {};
}

Result<std::uint64_t> LakeRecordStore::resume_offset(const std::filesystem::path& source_path) {
  const auto found = progress_.find(key_of(source_path.string()));
  if (found == progress_.end()) return 0;
  const lake::SourceProgress& progress = found->second;
  const auto tail = tail_checksum(source_path, progress.offset);
  return tail == progress.tail_checksum ? progress.offset : 0;
}

Result<event::SourceId> LakeRecordStore::source_id(std::string_view format, std::string_view path) {
  const std::uint64_t key = key_of(path);
  WEIR_ASSIGN(auto find, ledger_->prepare("SELECT id FROM source WHERE format = ? AND path = ?"));
  find.bind(1, format).bind(2, key);
  WEIR_ASSIGN(const bool found, find.step());
  if (found) return static_cast<event::SourceId>(find.integer(0));
  WEIR_ASSIGN(auto add,
              ledger_->prepare("INSERT INTO source (format, path) VALUES (?, ?) RETURNING id"));
  add.bind(1, format).bind(2, key);
  WEIR_ASSIGN(const bool added, add.step());
  if (!added) return fail(ErrorCode::internal, "the ledger gave no number to a new source");
  const auto id = static_cast<event::SourceId>(add.integer(0));
  add.reset();
  return id;
}

}  // namespace weir::app
