#include "weir/lake/detail/columns.h"

#include <array>
#include <span>
#include <utility>

#include "weir/lake/detail/column_layout.h"

namespace weir::lake {
namespace {

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

duck::TypeHandle list_of_structs(std::span<const ColumnType> fields) {
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
  return list_of_structs(fields);
}

duck::TypeHandle objects_type() {
  std::vector<ColumnType> fields;
  fields.push_back({"content", simple(DUCKDB_TYPE_UUID)});
  fields.push_back({"place", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"bytes", simple(DUCKDB_TYPE_UBIGINT)});
  fields.push_back({"confidentiality", enum_type<event::Sensitivity>(kSensitivityCount)});
  fields.push_back({"flags", simple(DUCKDB_TYPE_USMALLINT)});
  return list_of_structs(fields);
}

duck::TypeHandle documents_type() {
  std::vector<ColumnType> fields;
  fields.push_back({"document", simple(DUCKDB_TYPE_UINTEGER)});
  fields.push_back({"kind", enum_type<event::MatchKind>(kMatchKindCount)});
  fields.push_back({"confidentiality", enum_type<event::Sensitivity>(kSensitivityCount)});
  fields.push_back({"words", simple(DUCKDB_TYPE_UINTEGER)});
  fields.push_back({"unique_words", simple(DUCKDB_TYPE_UINTEGER)});
  fields.push_back({"document_words", simple(DUCKDB_TYPE_UINTEGER)});
  fields.push_back({"blocks", simple(DUCKDB_TYPE_BLOB)});
  return list_of_structs(fields);
}

/// As SQL has them.
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
    "USMALLINT)[]",
    "STRUCT(document UINTEGER, kind VARCHAR, confidentiality VARCHAR, words UINTEGER, "
    "unique_words UINTEGER, document_words UINTEGER, blocks BLOB)[]"};

}  // namespace

RowKey key_of(const event::Record& record) {
  return {day_number(record.time), std::to_underlying(record.person), count_of(record.time),
          record.id};
}

std::string column_list(int format) {
  std::string out = fmt::format("{}", fmt::join(std::span(kNames).first(kDocuments), ", "));
  if (format < kFormatWithDocuments) return out + ", " + missing_documents();
  return out + ", " + std::string(kNames[kDocuments]);
}

std::string missing_documents() {
  return fmt::format("NULL::{} AS {}", kTypes[kDocuments], kNames[kDocuments]);
}

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
  add(documents_type());
  WEIR_ASSERT(out.size() == kColumns);
  return out;
}

std::string empty_rows_query() {
  std::string out = "SELECT ";
  for (std::size_t i = 0; i < kColumns; ++i) {
    out += fmt::format("NULL::{} AS {}, ", kTypes[i], kNames[i]);
  }
  return out + "NULL::VARCHAR AS class, NULL::VARCHAR AS month WHERE false";
}

}  // namespace weir::lake
