#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/workspace.h"
#include "weir/protect/index.h"

namespace weir::app {

/// What is known of a protected document beside what its text is recognised by.
struct ProtectedDocument {
  std::uint64_t number = 0;  // 1, 2, 3 …: how people name it
  protect::DocumentId id = {};
  std::string path;      // where it was registered from, absolute
  std::string label;     // "secret"; as the organisation calls it
  std::string owner;     // whom to ask
  std::string audience;  // the group that may hold it; may be empty
  Hash128 content;       // keyed hash of the file's bytes
  std::uint64_t bytes = 0;
  std::uint64_t words = 0;  // 0: no text, known as a whole file alone
  std::uint64_t version = 1;
  Instant added = {};
  bool removed = false;
};

/// The protected documents of a workspace: what people say of them in the ledger, what they are
/// recognised by in the folder `protect/`. Earlier versions of a file stay protected until they are
/// removed. One process and one thread at a time; `conflict` while another has it open.
class DocumentRegistry {
 public:
  static Result<std::unique_ptr<DocumentRegistry>> open(Workspace& workspace);

  const protect::RegistryKey& key() const { return *key_; }
  std::shared_ptr<const protect::Snapshot> snapshot() const { return index_->snapshot(); }
  Hash128 content_hash(std::string_view bytes) const;

  struct NewDocument {
    ProtectedDocument facts;                      // number, id, version and added are given here
    std::unique_ptr<protect::Features> features;  // null: no text
  };
  /// All or none; on the disk when it returns.
  Result<void> add(std::vector<NewDocument> documents, Instant now);
  /// `not_found` unless it is there.
  Result<void> remove(std::uint64_t number);
  /// Texts whose passages are no finds. On the disk after `flush`.
  void learn_background(std::span<const protect::Feature> features);
  Result<void> flush() { return index_->flush(); }

  /// By number; also those removed.
  Result<std::vector<ProtectedDocument>> all();
  Result<std::optional<ProtectedDocument>> find(std::uint64_t number);
  /// Of those not removed: by the id the index knows, by the file's bytes, the latest of a path.
  Result<std::optional<ProtectedDocument>> find_id(const protect::DocumentId& id);
  Result<std::optional<ProtectedDocument>> find_content(const Hash128& content);
  Result<std::optional<ProtectedDocument>> find_path(std::string_view path);

 private:
  explicit DocumentRegistry(ledger::Database& database) : database_(database) {}
  Result<std::optional<ProtectedDocument>> first(ledger::Statement& select);
  Result<void> insert(const ProtectedDocument& document);

  ledger::Database& database_;
  HashKey content_key_{};
  std::unique_ptr<const protect::RegistryKey> key_;
  std::unique_ptr<protect::Index> index_;
};

}  // namespace weir::app
