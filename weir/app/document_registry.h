#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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
  /// Keyed hash of the file's bytes; of a document known by its digest alone, of that.
  Hash128 content = {};
  /// Digests of the file as records hold them (`vault::content_hash`), so that logs that say one
  /// are recognised: SHA-256, and those a manifest gave.
  std::vector<event::ContentHash> digests = {};
  std::uint64_t bytes = 0;
  std::uint64_t words = 0;  // 0: no text, known as a whole file alone
  std::string unread = {};  // why some of it is not recognised, a line each; empty: all is
  std::uint64_t version = 1;
  Instant added = {};
  bool removed = false;
};

/// The protected documents of a workspace, as they are when it is opened: what people say of them
/// in the ledger, what they are recognised by in the folder `protect/`. Any number of processes;
/// once open, any number of threads.
class DocumentRegistry {
 public:
  /// Empty if nothing was ever registered.
  static Result<std::unique_ptr<DocumentRegistry>> open(Workspace& workspace);

  const protect::RegistryKey& key() const { return *key_; }
  const protect::Snapshot& snapshot() const { return *snapshot_; }
  Hash128 content_hash(std::string_view bytes) const;
  /// What records hold of a digest that a source gives.
  event::ContentHash digest_hash(std::string_view digest) const;

  /// By number; also those removed.
  const std::vector<ProtectedDocument>& all() const { return documents_; }
  /// Null if there is none.
  const ProtectedDocument* find(std::uint64_t number) const;
  /// Of those not removed: by the id the index knows, by the file's bytes, the latest of a path.
  const ProtectedDocument* find_id(const protect::DocumentId& id) const;
  const ProtectedDocument* find_content(const Hash128& content) const;
  const ProtectedDocument* find_path(std::string_view path) const;
  /// By a digest of the file (SHA-256, BLAKE2b-256, or one that a manifest gave), its bytes.
  const ProtectedDocument* find_digest(std::string_view digest) const;
  const ProtectedDocument* find_digest(const std::array<unsigned char, 32>& digest) const {
    return find_digest({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }
  /// Its own, or that of a version or copy of it that is more sensitive.
  event::Sensitivity sensitivity(const ProtectedDocument& document) const;
  /// A match of the whole of it.
  event::DocumentMatch whole_match(const ProtectedDocument& document) const;
  /// Is its text in the index? Of a document with text that was not removed it is, unless the
  /// index was lost.
  bool is_indexed(const ProtectedDocument& document) const;
  /// `corrupt`, with the way out, unless the index has all documents that have text.
  Result<void> require_index() const;
  /// Was the newest version of it removed? Then the file is not wanted, though older ones are.
  bool is_given_up(std::string_view path) const;
  /// Those not removed that a log can name by a digest, whole; of several the most sensitive.
  std::unordered_map<event::ContentHash, event::DocumentMatch> by_digest() const;

 private:
  friend class RegistryWriter;
  DocumentRegistry(Workspace& workspace, const protect::RegistryKey::Secret& secret);
  Result<void> load();
  void remember(std::unordered_map<Hash128, std::size_t>& map, const Hash128& key,
                std::size_t place);
  void remember_newest(std::unordered_map<std::string_view, std::size_t>& map, std::size_t place);
  const ProtectedDocument* at(const auto& map, const auto& key) const {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &documents_[found->second];
  }

  Workspace& workspace_;
  HashKey content_key_;
  std::unique_ptr<const protect::RegistryKey> key_;
  std::shared_ptr<const protect::Snapshot> snapshot_;
  std::unordered_map<protect::DocumentId, std::uint64_t> indexed_;   // the family, by the document
  std::unordered_map<std::uint64_t, event::Sensitivity> by_family_;  // the highest
  std::vector<ProtectedDocument> documents_;
  // Places in `documents_`.
  std::unordered_map<std::uint64_t, std::size_t> by_number_;
  std::unordered_map<Hash128, std::size_t> by_id_;
  std::unordered_map<Hash128, std::size_t> by_content_;
  std::unordered_map<event::ContentHash, std::size_t> by_digest_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::unordered_map<std::string_view, std::size_t> newest_;  // by path, removed ones too
};

/// `not_found`, with the way out.
std::unexpected<Error> no_such_document(std::uint64_t number);

/// Changes the registry; every change is in the audit log. One process at a time, one thread.
/// Earlier versions of a file stay protected until they are removed.
class RegistryWriter {
 public:
  /// `conflict` while another process changes it. `registry` must outlive the writer, and goes on
  /// saying what there was before.
  static Result<std::unique_ptr<RegistryWriter>> open(DocumentRegistry& registry);

  struct NewDocument {
    ProtectedDocument document;                   // number, id, version and added are given here
    std::unique_ptr<protect::Features> features;  // null: no text
    std::uint64_t replaces = 0;                   // number of one that was lost with the index
  };
  /// All or none; on the disk when it returns.
  Result<void> add(std::span<NewDocument> documents, Instant now);
  /// Of all versions of its path; `digests` are those of the document itself.
  Result<void> relabel(const ProtectedDocument& document, const DocumentFacts& facts,
                       const std::vector<event::ContentHash>& digests);
  /// What is protected now.
  std::shared_ptr<const protect::Snapshot> snapshot() const { return index_->snapshot(); }
  /// `no_such_document` unless it is there.
  Result<void> remove(std::uint64_t number);
  /// Texts whose passages are no finds; on the disk when it returns.
  Result<void> learn_background(std::span<const protect::Features> texts);
  /// Passages of protected documents that were taken for background because many send them openly;
  /// ascending.
  Result<std::vector<std::uint64_t>> openly_said();
  /// More of these; `details` is what the audit log says of it. On the disk when it returns.
  Result<void> learn_openly_said(std::span<const std::uint64_t> features, std::string_view details);

 private:
  explicit RegistryWriter(DocumentRegistry& registry) : registry_(registry) {}
  /// Its number.
  Result<std::uint64_t> insert(const ProtectedDocument& document);
  DocumentRegistry& registry_;
  std::unique_ptr<protect::Index> index_;
};

}  // namespace weir::app
