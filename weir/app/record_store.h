#pragma once

#include <unordered_map>

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
  Result<void> commit(std::string_view source_path, std::uint64_t offset,
                      std::uint64_t tail_checksum) override;
  Result<std::uint64_t> resume_offset(const std::filesystem::path& source_path) override;
  Result<event::SourceId> source_id(std::string_view format, std::string_view path) override;

 private:
  LakeRecordStore(lake::Lake& lake, ledger::Database& ledger, roster::Roster& roster,
                  vault::Vault& vault)
      : lake_(&lake), ledger_(&ledger), roster_(&roster), vault_(&vault) {}
  std::uint64_t key_of(std::string_view path) const;

  lake::Lake* lake_;
  ledger::Database* ledger_;
  roster::Roster* roster_;
  vault::Vault* vault_;
  std::unordered_map<std::uint64_t, lake::SourceProgress> progress_;
};

}  // namespace weir::app
