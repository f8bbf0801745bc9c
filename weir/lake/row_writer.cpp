#include <algorithm>
#include <utility>

#include "weir/lake/detail/column_layout.h"
#include "weir/lake/detail/columns.h"

namespace weir::lake {
namespace {

using event::Record;

template <class T>
void set(void* data, idx_t row, T value) {
  static_cast<T*>(data)[row] = value;
}

// A zero for "none" would mislead who reads the files with other tools.
void set_null(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

template <class Token>
void set_token(duckdb_vector vector, void* data, idx_t row, Token token) {
  const auto value = std::to_underlying(token);
  set<std::uint64_t>(data, row, value);
  if (value == 0) set_null(vector, row);
}

void set_hash(duckdb_vector vector, void* data, idx_t row, const Hash128& hash) {
  set(data, row, uuid_of(hash));
  if (!hash) set_null(vector, row);
}

}  // namespace

RowWriter::RowWriter(duckdb_data_chunk chunk) : chunk_(chunk) {
  for (idx_t i = 0; i < kColumns; ++i) {
    vectors_.push_back(duckdb_data_chunk_get_vector(chunk, i));
    data_.push_back(duckdb_vector_get_data(vectors_.back()));
  }
  parties_.vector = vectors_[kParties];
  parties_.fields.resize(kPartyFields);
  objects_.vector = vectors_[kObjects];
  objects_.fields.resize(kObjectFields);
  documents_.vector = vectors_[kDocuments];
  documents_.fields.resize(kDocumentFields);
}

void RowWriter::reserve(List& list, idx_t needed) {
  if (needed <= list.reserved) return;
  list.reserved = std::max<idx_t>({needed, list.reserved * 2, duckdb_vector_size()});
  duckdb_list_vector_reserve(list.vector, list.reserved);
  // Growing moves the children; rows set so far are kept.
  duckdb_vector row = duckdb_list_vector_get_child(list.vector);
  list.children.resize(list.fields.size());
  for (std::size_t i = 0; i < list.fields.size(); ++i) {
    list.children[i] = duckdb_struct_vector_get_child(row, i);
    list.fields[i] = duckdb_vector_get_data(list.children[i]);
  }
}

void RowWriter::put_parties(const std::vector<event::Party>& parties) {
  set(data_[kParties], row_, duckdb_list_entry{parties_.used, parties.size()});
  if (parties.empty()) return;
  reserve(parties_, parties_.used + parties.size());
  for (const event::Party& party : parties) {
    const idx_t at = parties_.used++;
    set_token(parties_.children[kAddress], parties_.fields[kAddress], at, party.address);
    set_token(parties_.children[kDomain], parties_.fields[kDomain], at, party.domain);
    set_token(parties_.children[kPartyPerson], parties_.fields[kPartyPerson], at, party.person);
    set(parties_.fields[kRole], at, party.role);
    set(parties_.fields[kRecipientClass], at, party.recipient_class);
  }
}

void RowWriter::put_objects(const std::vector<event::Object>& objects) {
  set(data_[kObjects], row_, duckdb_list_entry{objects_.used, objects.size()});
  if (objects.empty()) return;
  reserve(objects_, objects_.used + objects.size());
  for (const event::Object& object : objects) {
    const idx_t at = objects_.used++;
    set_hash(objects_.children[kContent], objects_.fields[kContent], at, object.content);
    set_token(objects_.children[kPlace], objects_.fields[kPlace], at, object.place);
    set(objects_.fields[kBytes], at, object.bytes);
    set(objects_.fields[kObjectConfidentiality], at, object.sensitivity);
    set(objects_.fields[kObjectFlags], at, object.flags);
  }
}

void RowWriter::put_documents(const std::vector<event::DocumentMatch>& documents) {
  set(data_[kDocuments], row_, duckdb_list_entry{documents_.used, documents.size()});
  if (documents.empty()) return;
  reserve(documents_, documents_.used + documents.size());
  for (const event::DocumentMatch& match : documents) {
    const idx_t at = documents_.used++;
    set(documents_.fields[kNumber], at, match.document);
    set(documents_.fields[kKind], at, match.kind);
    set(documents_.fields[kDocumentConfidentiality], at, match.sensitivity);
    set(documents_.fields[kWords], at, match.words);
    set(documents_.fields[kUniqueWords], at, match.unique_words);
    set(documents_.fields[kDocumentWords], at, match.document_words);
    duckdb_vector_assign_string_element_len(documents_.children[kBlocks], at, match.blocks.data(),
                                            match.blocks.size());
  }
}

void RowWriter::put(const Record& record, std::uint32_t batch) {
  const idx_t row = row_;
  set(data_[kUid], row, uuid_of(record.id));
  set(data_[kTime], row, count_of(record.time));
  set(data_[kClaimedTime], row, count_of(record.claimed_time));
  set(data_[kLoggedTime], row, count_of(record.seen));
  if (record.utc_offset) {
    set(data_[kTimezoneOffset], row, static_cast<std::int16_t>(record.utc_offset->count()));
  } else {
    set_null(vectors_[kTimezoneOffset], row);
  }
  set(data_[kActivity], row, record.activity);
  set_token(vectors_[kActorUserUid], data_[kActorUserUid], row, record.person);
  set_token(vectors_[kDeviceUid], data_[kDeviceUid], row, record.host);
  set_token(vectors_[kAccountUid], data_[kAccountUid], row, record.account);
  set(data_[kAccountInstance], row, record.account_instance);
  set(data_[kTrafficBytes], row, record.bytes);
  set_hash(vectors_[kContentUid], data_[kContentUid], row, record.content);
  set(data_[kConfidentiality], row, record.sensitivity);
  set(data_[kFlags], row, record.flags);
  set(data_[kSourceUid], row, record.source);
  set(data_[kSourceOffset], row, record.source_offset);
  set(data_[kBatch], row, batch);
  if (record.sealed.empty()) {
    set_null(vectors_[kSealed], row);
  } else {
    duckdb_vector_assign_string_element_len(vectors_[kSealed], row, record.sealed.data(),
                                            record.sealed.size());
  }
  put_parties(record.parties);
  put_objects(record.objects);
  put_documents(record.documents);
  ++row_;
}

void RowWriter::finish() {
  duckdb_list_vector_set_size(parties_.vector, parties_.used);
  duckdb_list_vector_set_size(objects_.vector, objects_.used);
  duckdb_list_vector_set_size(documents_.vector, documents_.used);
  duckdb_data_chunk_set_size(chunk_, row_);
}

}  // namespace weir::lake
