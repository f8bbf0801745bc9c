#include "weir/lake/detail/columns.h"

#include <array>
#include <optional>
#include <tuple>
#include <utility>

namespace weir::lake {
namespace {

using event::Record;

// The order of the columns in files and in chunks.
enum ColumnIndex : std::size_t {
  kUid,
  kTime,
  kClaimedTime,
  kLoggedTime,
  kTimezoneOffset,
  kActivity,
  kActorUserUid,
  kDeviceUid,
  kAccountUid,
  kAccountInstance,
  kTrafficBytes,
  kContentUid,
  kConfidentiality,
  kFlags,
  kSourceUid,
  kSourceOffset,
  kBatch,
  kSealed,
  kParties,
  kObjects,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames = {
    "uid",           "time",           "claimed_time",    "logged_time", "timezone_offset",
    "activity",      "actor_user_uid", "device_uid",      "account_uid", "account_instance",
    "traffic_bytes", "content_uid",    "confidentiality", "flags",       "source_uid",
    "source_offset", "batch",          "sealed",          "parties",     "objects"};

enum PartyField : std::size_t {
  kAddress,
  kDomain,
  kPartyPerson,
  kRole,
  kRecipientClass,
  kPartyFields
};
enum ObjectField : std::size_t {
  kContent,
  kPlace,
  kBytes,
  kObjectConfidentiality,
  kObjectFlags,
  kObjectFields
};

constexpr std::uint8_t kRoleCount = std::to_underlying(event::PartyRole::subject) + 1;
constexpr std::uint8_t kRecipientClassCount = std::to_underlying(event::RecipientClass::other) + 1;
constexpr std::uint8_t kInstanceCount = std::to_underlying(event::AccountInstance::unclaimed) + 1;
constexpr std::uint8_t kSensitivityCount = std::to_underlying(event::Sensitivity::secret) + 1;

duck::TypeHandle simple(duckdb_type type) {
  return duck::TypeHandle(duckdb_create_logical_type(type));
}

template <class Enum>
duck::TypeHandle enum_type(std::uint8_t count) {
  std::vector<std::string> names;
  std::vector<const char*> pointers;
  for (std::uint8_t i = 0; i < count; ++i) names.emplace_back(to_string(static_cast<Enum>(i)));
  for (const std::string& name : names) pointers.push_back(name.c_str());
  return duck::TypeHandle(duckdb_create_enum_type(pointers.data(), pointers.size()));
}

duck::TypeHandle list_of_structs(std::vector<ColumnType> fields) {
  std::vector<duckdb_logical_type> types;
  std::vector<const char*> names;
  for (const ColumnType& field : fields) {
    types.push_back(field.type.get());
    names.push_back(field.name.c_str());
  }
  const duck::TypeHandle row(duckdb_create_struct_type(types.data(), names.data(), types.size()));
  return duck::TypeHandle(duckdb_create_list_type(row.get()));
}

duck::TypeHandle parties_type() {
  std::vector<ColumnType> fields;
  fields.push_back({"address", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"domain", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"person", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"role", enum_type<event::PartyRole>(kRoleCount)});
  fields.push_back({"class", enum_type<event::RecipientClass>(kRecipientClassCount)});
  return list_of_structs(std::move(fields));
}

duck::TypeHandle objects_type() {
  std::vector<ColumnType> fields;
  fields.push_back({"content", simple(DUCKDB_TYPE_UUID)});
  fields.push_back({"place", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"bytes", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"confidentiality", enum_type<event::Sensitivity>(kSensitivityCount)});
  fields.push_back({"flags", simple(DUCKDB_TYPE_USMALLINT)});
  return list_of_structs(std::move(fields));
}

// DuckDB keeps a UUID as a signed 128-bit number with the top bit flipped, so that it sorts.
constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63;

duckdb_hugeint uuid_of(const Hash128& hash) {
  return {hash.low, static_cast<std::int64_t>(hash.high ^ kTopBit)};
}

Hash128 hash_of(const duckdb_hugeint& uuid) {
  return {static_cast<std::uint64_t>(uuid.upper) ^ kTopBit, uuid.lower};
}

template <class T>
void set(void* data, idx_t row, T value) {
  static_cast<T*>(data)[row] = value;
}

// Text in Parquet columns that are 0 for "none" would mislead who reads the files with other tools.
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

std::int64_t count_of(Instant when) { return when.time_since_epoch().count(); }

std::int32_t day_number(Instant when) {
  return static_cast<std::int32_t>(day_of(when).time_since_epoch().count());
}

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

// Few values repeat over many rows, so the one before is tried first.
template <class Enum>
class Words {
 public:
  explicit Words(std::uint8_t count) : count_(count) {}
  bool read(std::string_view word, Enum& out) {
    if (word != to_string(last_)) {
      std::uint8_t i = 0;
      while (i < count_ && to_string(static_cast<Enum>(i)) != word) ++i;
      if (i == count_) return false;
      last_ = static_cast<Enum>(i);
    }
    out = last_;
    return true;
  }

 private:
  std::uint8_t count_;
  Enum last_{};
};

std::unexpected<Error> unknown_word(std::string_view column) {
  return fail(ErrorCode::unsupported,
              "column {} holds a word this version does not know; use the Weir that wrote it",
              column);
}

}  // namespace

RowKey key_of(const Record& record) {
  return {day_number(record.time), std::to_underlying(record.person), count_of(record.time),
          record.id};
}

std::string column_list() { return fmt::format("{}", fmt::join(kNames, ", ")); }

std::vector<ColumnType> column_types() {
  std::vector<ColumnType> out;
  const auto add = [&](duck::TypeHandle type) {
    out.push_back({std::string(kNames[out.size()]), std::move(type)});
  };
  add(simple(DUCKDB_TYPE_UUID));
  add(simple(DUCKDB_TYPE_TIMESTAMP_MS));
  add(simple(DUCKDB_TYPE_TIMESTAMP_MS));
  add(simple(DUCKDB_TYPE_TIMESTAMP_MS));
  add(simple(DUCKDB_TYPE_SMALLINT));
  add(enum_type<event::Activity>(event::kActivityCount));
  add(simple(DUCKDB_TYPE_UBIGINT));
  add(simple(DUCKDB_TYPE_UBIGINT));
  add(simple(DUCKDB_TYPE_UBIGINT));
  add(enum_type<event::AccountInstance>(kInstanceCount));
  add(simple(DUCKDB_TYPE_UBIGINT));
  add(simple(DUCKDB_TYPE_UUID));
  add(enum_type<event::Sensitivity>(kSensitivityCount));
  add(simple(DUCKDB_TYPE_USMALLINT));
  add(simple(DUCKDB_TYPE_UINTEGER));
  add(simple(DUCKDB_TYPE_UBIGINT));
  add(simple(DUCKDB_TYPE_UINTEGER));
  add(simple(DUCKDB_TYPE_BLOB));
  add(parties_type());
  add(objects_type());
  WEIR_ASSERT(out.size() == kColumns);
  return out;
}

std::string empty_rows_query() {
  constexpr std::array<std::string_view, kColumns> kTypes = {
      "UUID",
      "TIMESTAMP",
      "TIMESTAMP",
      "TIMESTAMP",
      "SMALLINT",
      "VARCHAR",
      "UBIGINT",
      "UBIGINT",
      "UBIGINT",
      "VARCHAR",
      "UBIGINT",
      "UUID",
      "VARCHAR",
      "USMALLINT",
      "UINTEGER",
      "UBIGINT",
      "UINTEGER",
      "BLOB",
      "STRUCT(address UBIGINT, domain UBIGINT, person UBIGINT, role VARCHAR, class VARCHAR)[]",
      "STRUCT(content UUID, place UBIGINT, bytes UBIGINT, confidentiality VARCHAR, flags "
      "USMALLINT)[]"};
  std::string out = "SELECT ";
  for (std::size_t i = 0; i < kColumns; ++i) {
    out += fmt::format("NULL::{} AS {}, ", kTypes[i], kNames[i]);
  }
  return out + "NULL::VARCHAR AS class, NULL::VARCHAR AS month WHERE false";
}

RowWriter::RowWriter(duckdb_data_chunk chunk) : chunk_(chunk) {
  for (idx_t i = 0; i < kColumns; ++i) {
    vectors_.push_back(duckdb_data_chunk_get_vector(chunk, i));
    data_.push_back(duckdb_vector_get_data(vectors_.back()));
  }
  parties_.vector = vectors_[kParties];
  parties_.fields.resize(kPartyFields);
  objects_.vector = vectors_[kObjects];
  objects_.fields.resize(kObjectFields);
}

void RowWriter::reserve(List& list, idx_t needed) {
  if (needed <= list.reserved) return;
  list.reserved = std::max<idx_t>(needed, std::max<idx_t>(list.reserved * 2, duckdb_vector_size()));
  duckdb_list_vector_reserve(list.vector, list.reserved);
  // Growing moves the children; rows set so far are kept.
  const duckdb_vector row = duckdb_list_vector_get_child(list.vector);
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
  ++row_;
}

void RowWriter::finish() {
  duckdb_list_vector_set_size(parties_.vector, parties_.used);
  duckdb_list_vector_set_size(objects_.vector, objects_.used);
  duckdb_data_chunk_set_size(chunk_, row_);
}

event::RecordId IdColumn::operator[](idx_t row) const { return hash_of(ids_[row]); }

RowReader::Column RowReader::column_of(duckdb_vector vector) {
  return {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
}

RowReader::ListColumn RowReader::list_of(duckdb_vector vector, std::size_t fields) {
  ListColumn list;
  list.entries = column_of(vector);
  const duckdb_vector row = duckdb_list_vector_get_child(vector);
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
  return Words<Enum>(count).read(text_of(column.data, row), out);
}

}  // namespace

RowKey RowReader::key(idx_t row) const {
  const Instant time = instant_of(get<std::int64_t>(columns_[kTime].data, row));
  return {day_number(time), value_or_zero(columns_[kActorUserUid], row), count_of(time),
          hash_of(get<duckdb_hugeint>(columns_[kUid].data, row))};
}

Result<void> RowReader::read(idx_t row, Record& record, std::uint32_t& batch) {
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
  return {};
}

}  // namespace weir::lake
