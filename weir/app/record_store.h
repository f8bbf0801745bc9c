#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/ingest/pipeline.h"
#include "weir/lake/lake.h"
#include "weir/ledger/database.h"
#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace weir::app {

/// Ingest's way into the lake. People and addresses first seen in a stretch of records are made
/// durable before the records that name them, so that no acknowledged record names a stranger.
/// One thread.
class LakeRecordStore : public ingest::RecordStore {
 public:
  static Result<LakeRecordStore> open(lake::Lake& lake, lake::Manifest& manifest,
                                      ledger::Database& ledger, roster::Roster& roster,
                                      vault::Vault& vault);

  Result<void> append(const event::Record& record) override;
  Result<void> commit(std::span<const ingest::ReadUpTo> sources) override;
  Result<std::uint64_t> resume_offset(const std::filesystem::path& source_path) override;
  Result<event::SourceId> source_id(std::string_view format, std::string_view path) override;

 private:
  LakeRecordStore(lake::Lake& lake, ledger::Database& ledger, roster::Roster& roster,
                  vault::Vault& vault)
      : lake_(&lake), ledger_(&ledger), roster_(&roster), vault_(&vault) {}
  std::uint64_t key_of(std::string_view path) const;
  /// Sources, and the people of the records that are about to be committed.
  Result<void> store_names();

  lake::Lake* lake_;
  ledger::Database* ledger_;
  roster::Roster* roster_;
  vault::Vault* vault_;
  std::unordered_map<std::uint64_t, lake::SourceProgress> progress_;
  // One run at a time holds the lake, so the numbers of new sources can be given out in memory.
  struct NewSource {
    std::string format;
    std::uint64_t path = 0;
  };
  std::vector<NewSource> new_sources_;
  std::map<std::pair<std::string, std::uint64_t>, event::SourceId> source_ids_;  // of this run
  std::int64_t next_source_ = 1;
};

}  // namespace weir::app
