#include <algorithm>
#include <utility>

#include "weir/app/document_registry.h"
#include "weir/base/bytes.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

std::string bytes_of(const Hash128& hash) {
  std::string bytes;
  ByteWriter(bytes).fixed(hash.high);
  ByteWriter(bytes).fixed(hash.low);
  return bytes;
}

std::string bytes_of(const std::vector<event::ContentHash>& hashes) {
  std::string bytes;
  for (const event::ContentHash& hash : hashes) bytes += bytes_of(hash);
  return bytes;
}

void add_json(JsonWriter& json, const DocumentFacts& facts) {
  json.begin_object()
      .member("label", facts.label)
      .member("sensitivity", to_string(facts.sensitivity))
      .member("owner", facts.owner)
      .member("group", facts.audience)
      .end_object();
}

}  // namespace

Result<std::unique_ptr<RegistryWriter>> RegistryWriter::open(DocumentRegistry& registry) {
  std::unique_ptr<RegistryWriter> writer(new RegistryWriter(registry));
  WEIR_ASSIGN(writer->index_,
              protect::Index::open(registry.workspace_.protect_folder() / "index", registry.key()));
  return writer;
}

Result<std::uint64_t> RegistryWriter::insert(const ProtectedDocument& document) {
  // A file that is as it was before its last version is the latest again.
  WEIR_ASSIGN(ledger::Statement statement, registry_.workspace_.ledger().prepare(R"(
INSERT INTO protected_documents
  (id, path, label, sensitivity, owner, audience, content, bytes, words, unread, version, added,
   digests, removed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
        (SELECT coalesce(max(version), 0) + 1 FROM protected_documents WHERE path = ?2), ?11, ?12, 0)
ON CONFLICT (id) DO UPDATE SET
  label = excluded.label, sensitivity = excluded.sensitivity, owner = excluded.owner,
  audience = excluded.audience, words = excluded.words, unread = excluded.unread,
  version = excluded.version, added = excluded.added, digests = excluded.digests, removed = 0
RETURNING number)"));
  statement.bind_blob(1, bytes_of(document.id))
      .bind(2, document.path)
      .bind(3, document.facts.label)
      .bind(4, static_cast<std::int64_t>(document.facts.sensitivity))
      .bind(5, document.facts.owner)
      .bind(6, document.facts.audience)
      .bind_blob(7, bytes_of(document.content))
      .bind(8, document.bytes)
      .bind(9, document.words)
      .bind(10, document.unread)
      .bind(11, static_cast<std::int64_t>(document.added.time_since_epoch().count()));
  statement.bind_blob(12, bytes_of(document.digests));
  WEIR_TRY(statement.step());
  const std::uint64_t number = statement.number(0);
  WEIR_TRY(statement.run());
  return number;
}

Result<void> RegistryWriter::add(std::span<NewDocument> documents, Instant now) {
  std::vector<protect::Index::NewDocument> texts;
  for (NewDocument& one : documents) {
    ProtectedDocument& document = one.document;
    document.added = now;
    // The same file at the same place is the same document, so that a run that was cut off between
    // index and ledger can be repeated.
    document.id = registry_.content_hash(document.path + '\0' + to_hex(document.content));
    if (one.features != nullptr) {
      texts.push_back({.id = document.id, .features = one.features.get()});
    }
  }
  WEIR_TRY(index_->add(texts));
  WEIR_TRY(index_->flush());
  Workspace& workspace = registry_.workspace_;
  WEIR_ASSIGN(ledger::Transaction transaction, workspace.ledger().begin());
  WEIR_ASSIGN(
      ledger::Statement replace,
      workspace.ledger().prepare("UPDATE protected_documents SET removed = 1 WHERE number = ?1"));
  std::string details;
  JsonWriter json(details);
  json.begin_object().key("documents").begin_array();
  for (const NewDocument& one : documents) {
    WEIR_TRY(replace.bind(1, one.replaces).run());
    WEIR_ASSIGN(const std::uint64_t number, insert(one.document));
    json.begin_object()
        .member("number", number)
        .member("sensitivity", to_string(one.document.facts.sensitivity))
        .end_object();
  }
  json.end_array().end_object();
  WEIR_TRY(workspace.note("protect.add", "", details));
  WEIR_TRY(transaction.commit());
  return workspace.audit().anchor();
}

Result<void> RegistryWriter::relabel(const ProtectedDocument& document, const DocumentFacts& facts,
                                     const std::vector<event::ContentHash>& digests) {
  Workspace& workspace = registry_.workspace_;
  WEIR_ASSIGN(ledger::Transaction transaction, workspace.ledger().begin());
  WEIR_ASSIGN(ledger::Statement statement, workspace.ledger().prepare(R"(
UPDATE protected_documents SET label = ?2, sensitivity = ?3, owner = ?4, audience = ?5
WHERE path = ?1 AND removed = 0)"));
  statement.bind(1, document.path)
      .bind(2, facts.label)
      .bind(3, static_cast<std::int64_t>(facts.sensitivity))
      .bind(4, facts.owner)
      .bind(5, facts.audience);
  WEIR_TRY(statement.run());
  WEIR_ASSIGN(ledger::Statement known,
              workspace.ledger().prepare("UPDATE protected_documents SET digests = ?2 "
                                         "WHERE number = ?1"));
  known.bind(1, document.number).bind_blob(2, bytes_of(digests));
  WEIR_TRY(known.run());
  std::string details;
  JsonWriter json(details);
  json.begin_object().key("from");
  add_json(json, document.facts);
  json.key("to");
  add_json(json, facts);
  json.end_object();
  WEIR_TRY(workspace.note("protect.relabel", fmt::format("{}", document.number), details));
  WEIR_TRY(transaction.commit());
  return workspace.audit().anchor();
}

Result<void> RegistryWriter::remove(std::uint64_t number) {
  const ProtectedDocument* document = registry_.find(number);
  if (document == nullptr || document->removed) {
    return no_such_document(number);
  }
  Workspace& workspace = registry_.workspace_;
  {
    WEIR_ASSIGN(ledger::Transaction transaction, workspace.ledger().begin());
    WEIR_ASSIGN(
        ledger::Statement statement,
        workspace.ledger().prepare("UPDATE protected_documents SET removed = 1 WHERE number = ?1"));
    statement.bind(1, number);
    WEIR_TRY(statement.run());
    WEIR_TRY(workspace.note("protect.remove", fmt::format("{}", number), "{}"));
    WEIR_TRY(transaction.commit());
  }
  // The ledger decides what is protected; cut off here, the index only knows more than it needs.
  index_->remove(document->id);
  WEIR_TRY(index_->flush());
  return workspace.audit().anchor();
}

Result<void> RegistryWriter::learn_background(std::span<const protect::Features> texts) {
  for (const protect::Features& text : texts) index_->learn_background(text.found);
  WEIR_TRY(index_->flush());
  return registry_.workspace_.note_now("protect.background", "",
                                       fmt::format(R"({{"texts":{}}})", texts.size()));
}

Result<std::vector<std::uint64_t>> RegistryWriter::openly_said() {
  WEIR_ASSIGN(ledger::Statement select,
              registry_.workspace_.ledger().prepare("SELECT feature FROM protected_openly_said"));
  std::vector<std::uint64_t> features;
  for (;;) {
    WEIR_ASSIGN(const bool row, select.step());
    if (!row) break;
    features.push_back(select.number(0));
  }
  std::ranges::sort(features);
  return features;
}

Result<void> RegistryWriter::learn_openly_said(std::span<const std::uint64_t> features,
                                               std::string_view details) {
  Workspace& workspace = registry_.workspace_;
  {
    // First written down, then learnt: cut off between, a document has lost less than it says, and
    // the next run learns the rest.
    WEIR_ASSIGN(ledger::Transaction transaction, workspace.ledger().begin());
    WEIR_ASSIGN(ledger::Statement insert,
                workspace.ledger().prepare(
                    "INSERT OR IGNORE INTO protected_openly_said (feature) VALUES (?1)"));
    for (const std::uint64_t feature : features) WEIR_TRY(insert.bind(1, feature).run());
    WEIR_TRY(workspace.note("protect.background", "", details));
    WEIR_TRY(transaction.commit());
  }
  std::vector<protect::Feature> learnt;
  learnt.reserve(features.size());
  for (const std::uint64_t feature : features) learnt.push_back({.hash = feature});
  index_->learn_background(learnt);
  WEIR_TRY(index_->flush());
  return workspace.audit().anchor();
}

}  // namespace weir::app
