#pragma once

#include "weir/lake/manifest.h"
#include "weir/ledger/database.h"

namespace weir::app {

/// The lake's list of files, kept in the ledger. Not thread-safe by itself; the lake calls it from
/// its own thread, so it has a connection of its own.
class LedgerManifest : public lake::Manifest {
 public:
  /// Makes the tables if need be. `database` must outlive it and serve nothing else.
  static Result<LedgerManifest> open(ledger::Database database);

  Result<std::vector<lake::FileInfo>> files() override;
  Result<std::uint64_t> rolled_through() override;
  Result<void> replace(std::span<const std::string> removed, std::span<const lake::FileInfo> added,
                       std::uint64_t rolled_through,
                       std::span<const lake::SourceProgress> progress) override;
  Result<std::vector<lake::SourceProgress>> progress() override;

 private:
  explicit LedgerManifest(ledger::Database database) : database_(std::move(database)) {}
  ledger::Database database_;
};

}  // namespace weir::app
