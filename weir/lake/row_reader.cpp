#include <utility>

#include "weir/lake/detail/column_layout.h"
#include "weir/lake/detail/columns.h"

namespace weir::lake {
namespace {

using event::Record;

// Parquet holds milliseconds; DuckDB reads them as microseconds.
Instant instant_of(std::int64_t microseconds) {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{microseconds}});
}

template <class T>
T get(const void* data, idx_t row) {
  return static_cast<const T*>(data)[row];
}

bool is_valid(const std::uint64_t* valid, idx_t row) {
  return valid == nullptr || ((valid[row / 64] >> (row % 64)) & 1) != 0;
}

std::string_view text_of(const void* data, idx_t row) {
  const auto& text = static_cast<const duckdb_string_t*>(data)[row];
  const std::uint32_t length = text.value.inlined.length;
  const bool inlined = length <= sizeof(text.value.inlined.inlined);
  return {inlined ? text.value.inlined.inlined : text.value.pointer.ptr, length};
}

std::unexpected<Error> unknown_word(std::string_view column) {
  return fail(ErrorCode::unsupported,
              "column {} holds a word this version does not know; use the Weir that wrote it",
              column);
}

}  // namespace

event::RecordId IdColumn::operator[](idx_t row) const { return hash_of(ids_[row]); }

RowReader::Column RowReader::column_of(duckdb_vector vector) {
  return {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
}

RowReader::ListColumn RowReader::list_of(duckdb_vector vector, std::size_t fields) {
  ListColumn list;
  list.entries = column_of(vector);
  duckdb_vector row = duckdb_list_vector_get_child(vector);
  for (idx_t i = 0; i < fields; ++i) {
    list.fields.push_back(column_of(duckdb_struct_vector_get_child(row, i)));
  }
  return list;
}

void RowReader::attach(duckdb_data_chunk chunk) {
  size_ = duckdb_data_chunk_get_size(chunk);
  columns_.clear();
  for (idx_t i = 0; i < kParties; ++i) {
    columns_.push_back(column_of(duckdb_data_chunk_get_vector(chunk, i)));
  }
  parties_ = list_of(duckdb_data_chunk_get_vector(chunk, kParties), kPartyFields);
  objects_ = list_of(duckdb_data_chunk_get_vector(chunk, kObjects), kObjectFields);
  documents_ = list_of(duckdb_data_chunk_get_vector(chunk, kDocuments), kDocumentFields);
}

namespace {

// Null is "none", which is zero in a Record.
template <class Column, class T = std::uint64_t>
T value_or_zero(const Column& column, idx_t row) {
  return is_valid(column.valid, row) ? get<T>(column.data, row) : T{};
}

template <class Column>
Hash128 hash_or_none(const Column& column, idx_t row) {
  return is_valid(column.valid, row) ? hash_of(get<duckdb_hugeint>(column.data, row)) : Hash128{};
}

template <class Enum, class Column>
bool read_word(const Column& column, idx_t row, std::uint8_t count, Enum& out) {
  if (!is_valid(column.valid, row)) return false;
  const std::string_view word = text_of(column.data, row);
  for (std::uint8_t i = 0; i < count; ++i) {
    out = static_cast<Enum>(i);
    if (to_string(out) == word) return true;
  }
  return false;
}

}  // namespace

RowKey RowReader::key(idx_t row) const {
  const Instant time = instant_of(get<std::int64_t>(columns_[kTime].data, row));
  return {day_number(time), value_or_zero(columns_[kActorUserUid], row), count_of(time),
          hash_of(get<duckdb_hugeint>(columns_[kUid].data, row))};
}

Result<void> RowReader::read(idx_t row, Record& record, std::uint32_t& batch) const {
  record.id = hash_of(get<duckdb_hugeint>(columns_[kUid].data, row));
  record.time = instant_of(get<std::int64_t>(columns_[kTime].data, row));
  record.claimed_time = instant_of(get<std::int64_t>(columns_[kClaimedTime].data, row));
  record.seen = instant_of(get<std::int64_t>(columns_[kLoggedTime].data, row));
  record.utc_offset.reset();
  if (is_valid(columns_[kTimezoneOffset].valid, row)) {
    record.utc_offset =
        std::chrono::minutes{get<std::int16_t>(columns_[kTimezoneOffset].data, row)};
  }
  if (!read_word(columns_[kActivity], row, event::kActivityCount, record.activity)) {
    return unknown_word(kNames[kActivity]);
  }
  record.person = event::PersonId{value_or_zero(columns_[kActorUserUid], row)};
  record.host = event::HostToken{value_or_zero(columns_[kDeviceUid], row)};
  record.account = event::AddressToken{value_or_zero(columns_[kAccountUid], row)};
  if (!read_word(columns_[kAccountInstance], row, kInstanceCount, record.account_instance)) {
    return unknown_word(kNames[kAccountInstance]);
  }
  record.bytes = value_or_zero(columns_[kTrafficBytes], row);
  record.content = hash_or_none(columns_[kContentUid], row);
  if (!read_word(columns_[kConfidentiality], row, kSensitivityCount, record.sensitivity)) {
    return unknown_word(kNames[kConfidentiality]);
  }
  record.flags = get<std::uint16_t>(columns_[kFlags].data, row);
  record.source = event::SourceId{get<std::uint32_t>(columns_[kSourceUid].data, row)};
  record.source_offset = get<std::uint64_t>(columns_[kSourceOffset].data, row);
  batch = get<std::uint32_t>(columns_[kBatch].data, row);
  if (is_valid(columns_[kSealed].valid, row)) {
    record.sealed = text_of(columns_[kSealed].data, row);
  } else {
    record.sealed.clear();
  }

  const auto party_range = get<duckdb_list_entry>(parties_.entries.data, row);
  record.parties.resize(is_valid(parties_.entries.valid, row) ? party_range.length : 0);
  for (std::size_t i = 0; i < record.parties.size(); ++i) {
    const idx_t at = party_range.offset + i;
    event::Party& party = record.parties[i];
    party.address = event::AddressToken{value_or_zero(parties_.fields[kAddress], at)};
    party.domain = event::DomainToken{value_or_zero(parties_.fields[kDomain], at)};
    party.person = event::PersonId{value_or_zero(parties_.fields[kPartyPerson], at)};
    if (!read_word(parties_.fields[kRole], at, kRoleCount, party.role) ||
        !read_word(parties_.fields[kRecipientClass], at, kRecipientClassCount,
                   party.recipient_class)) {
      return unknown_word(kNames[kParties]);
    }
  }
  const auto object_range = get<duckdb_list_entry>(objects_.entries.data, row);
  record.objects.resize(is_valid(objects_.entries.valid, row) ? object_range.length : 0);
  for (std::size_t i = 0; i < record.objects.size(); ++i) {
    const idx_t at = object_range.offset + i;
    event::Object& object = record.objects[i];
    object.content = hash_or_none(objects_.fields[kContent], at);
    object.place = event::PlaceToken{value_or_zero(objects_.fields[kPlace], at)};
    object.bytes = value_or_zero(objects_.fields[kBytes], at);
    if (!read_word(objects_.fields[kObjectConfidentiality], at, kSensitivityCount,
                   object.sensitivity)) {
      return unknown_word(kNames[kObjects]);
    }
    object.flags = get<std::uint16_t>(objects_.fields[kObjectFlags].data, at);
  }
  const bool has_documents = is_valid(documents_.entries.valid, row);  // not in older files
  const auto document_range =
      has_documents ? get<duckdb_list_entry>(documents_.entries.data, row) : duckdb_list_entry{};
  record.documents.resize(document_range.length);
  for (std::size_t i = 0; i < record.documents.size(); ++i) {
    const idx_t at = document_range.offset + i;
    event::DocumentMatch& match = record.documents[i];
    match.document = get<std::uint32_t>(documents_.fields[kNumber].data, at);
    match.words = get<std::uint32_t>(documents_.fields[kWords].data, at);
    match.unique_words = get<std::uint32_t>(documents_.fields[kUniqueWords].data, at);
    match.document_words = get<std::uint32_t>(documents_.fields[kDocumentWords].data, at);
    match.blocks = text_of(documents_.fields[kBlocks].data, at);
    if (!read_word(documents_.fields[kKind], at, kMatchKindCount, match.kind) ||
        !read_word(documents_.fields[kDocumentConfidentiality], at, kSensitivityCount,
                   match.sensitivity)) {
      return unknown_word(kNames[kDocuments]);
    }
  }
  return {};
}

}  // namespace weir::lake
