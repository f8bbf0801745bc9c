#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/workspace.h"
#include "weir/event/record.h"
#include "weir/protect/index.h"

namespace weir::app {

/// What the organisation says of a document when it registers it.
struct DocumentFacts {
  std::string label;                                          // "secret"; in its own words
  event::Sensitivity sensitivity = event::Sensitivity::none;  // what the label stands for
  std::string owner;                                          // whom to ask
  std::string audience;                                       // who may hold it; may be empty

  friend bool operator==(const DocumentFacts&, const DocumentFacts&) = default;
};

/// What is known of a protected document beside what its text is recognised by.
struct ProtectedDocument {
  std::uint64_t number = 0;  // 1, 2, 3 …: how people name it
  protect::DocumentId id = {};
  std::string path;  // where it was registered from, absolute
  DocumentFacts facts;
  Hash128 content;  // keyed hash of the file's bytes
  std::uint64_t bytes = 0;
  std::uint64_t words = 0;  // 0: no text, known as a whole file alone
  std::string unread = {};  // why some of it is not recognised, a line each; empty: all is
  std::uint64_t version = 1;
  Instant added = {};
  bool removed = false;
};

/// The protected documents of a workspace, for looking up: what people say of them in the ledger,
/// what they are recognised by in the folder `protect/`. Any number of processes; one thread.
class DocumentRegistry {
 public:
  /// Empty if nothing was ever registered.
  static Result<std::unique_ptr<DocumentRegistry>> open(Workspace& workspace);

  const protect::RegistryKey& key() const { return *key_; }
  const protect::Snapshot& snapshot() const { return *snapshot_; }
  Hash128 content_hash(std::string_view bytes) const;

  /// By number; also those removed.
  Result<std::vector<ProtectedDocument>> all();
  Result<std::optional<ProtectedDocument>> find(std::uint64_t number);
  /// Of those not removed: by the id the index knows, by the file's bytes, the latest of a path.
  Result<std::optional<ProtectedDocument>> find_id(const protect::DocumentId& id);
  Result<std::optional<ProtectedDocument>> find_content(const Hash128& content);
  Result<std::optional<ProtectedDocument>> find_path(std::string_view path);

 private:
  friend class RegistryWriter;
  DocumentRegistry(Workspace& workspace, const protect::RegistryKey::Secret& secret);
  Result<std::optional<ProtectedDocument>> first(ledger::Statement& select);

  Workspace& workspace_;
  HashKey content_key_;
  std::unique_ptr<const protect::RegistryKey> key_;
  std::shared_ptr<const protect::Snapshot> snapshot_;
};

/// Changes the registry; every change is in the audit log. One process at a time, one thread.
/// Earlier versions of a file stay protected until they are removed.
class RegistryWriter {
 public:
  /// `conflict` while another process changes it. `registry` must outlive the writer; its snapshot
  /// is the one of its opening.
  static Result<std::unique_ptr<RegistryWriter>> open(DocumentRegistry& registry);

  struct NewDocument {
    ProtectedDocument document;                   // number, id, version and added are given here
    std::unique_ptr<protect::Features> features;  // null: no text
  };
  /// All or none; on the disk when it returns.
  Result<void> add(std::vector<NewDocument> documents, Instant now);
  Result<void> relabel(std::uint64_t number, const DocumentFacts& facts);
  /// `not_found` unless it is there.
  Result<void> remove(std::uint64_t number);
  /// Texts whose passages are no finds; on the disk when it returns.
  Result<void> learn_background(std::span<const protect::Features> texts);

 private:
  explicit RegistryWriter(DocumentRegistry& registry) : registry_(registry) {}
  Result<void> insert(const ProtectedDocument& document);
  Result<ProtectedDocument> existing(std::uint64_t number);

  DocumentRegistry& registry_;
  std::unique_ptr<protect::Index> index_;
};

}  // namespace weir::app
