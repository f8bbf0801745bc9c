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
  WEIR_ASSIGN(auto last, ledger.prepare("SELECT coalesce(max(id), 0) FROM source"));
  WEIR_ASSIGN(const bool row, last.step());
  if (row) store.next_source_ = last.integer(0) + 1;
  return store;
}

std::uint64_t LakeRecordStore::key_of(std::string_view path) const {
  return vault_->content_hash(path).low;
}

Result<void> LakeRecordStore::append(const event::Record& record) { return lake_->append(record); }

Result<void> LakeRecordStore::store_names() {
  WEIR_TRY(vault_->flush());
  if (new_sources_.empty()) return roster_->flush();
  WEIR_ASSIGN(ledger::Transaction transaction, ledger_->begin());
  WEIR_ASSIGN(auto add, ledger_->prepare("INSERT INTO source (id, format, path) VALUES (?, ?, ?)"));
  std::int64_t id = next_source_ - std::ssize(new_sources_);
  for (const NewSource& source : new_sources_) {
    WEIR_TRY(add.bind(1, id++).bind(2, std::string_view(source.format)).bind(3, source.path).run());
  }
  WEIR_TRY(roster_->flush());  // joins the transaction
  WEIR_TRY(transaction.commit());
  new_sources_.clear();
  return {};
}

Result<void> LakeRecordStore::commit(std::span<const ingest::ReadUpTo> sources) {
  WEIR_TRY(store_names());
  std::vector<lake::SourceProgress> progress;
  for (const ingest::ReadUpTo& one : sources) {
    progress.push_back({key_of(one.path), one.offset, one.tail_checksum});
  }
  WEIR_TRY(lake_->commit(progress));
  for (const lake::SourceProgress& one : progress) progress_[one.source_key] = one;
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
  const auto [known, is_new] = source_ids_.try_emplace({std::string(format), key});
  if (!is_new) return known->second;
  WEIR_ASSIGN(auto find, ledger_->prepare("SELECT id FROM source WHERE format = ? AND path = ?"));
  find.bind(1, format).bind(2, key);
  WEIR_ASSIGN(const bool found, find.step());
  if (found) {
    known->second = static_cast<event::SourceId>(find.integer(0));
  } else {
    known->second = static_cast<event::SourceId>(next_source_++);
    new_sources_.push_back({std::string(format), key});
  }
  return known->second;
}

}  // namespace weir::app
