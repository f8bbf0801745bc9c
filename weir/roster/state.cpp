#include "weir/roster/detail/state.h"

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/entropy.h"

namespace weir::roster::detail {
namespace {

// Days are counts since 1970-01-01; "always" and "for ever" are the ends of that number's range.
constexpr ledger::Migration kMigrations[] = {
    {1, R"(CREATE TABLE roster_person(
             number INTEGER PRIMARY KEY,
             person INTEGER NOT NULL UNIQUE,
             pseudonym TEXT NOT NULL UNIQUE,
             key_token INTEGER UNIQUE,
             from_day INTEGER NOT NULL,
             to_day INTEGER NOT NULL,
             identity_high INTEGER NOT NULL,
             identity_low INTEGER NOT NULL);
           CREATE TABLE roster_fact(
             person INTEGER NOT NULL, kind INTEGER NOT NULL, from_day INTEGER NOT NULL,
             value TEXT NOT NULL, to_day INTEGER NOT NULL,
             PRIMARY KEY(person, kind, from_day, value)) WITHOUT ROWID;
           CREATE TABLE roster_identity(
             person INTEGER NOT NULL, kind INTEGER NOT NULL, token INTEGER NOT NULL,
             from_day INTEGER NOT NULL, to_day INTEGER NOT NULL,
             PRIMARY KEY(person, kind, token, from_day)) WITHOUT ROWID;
           CREATE TABLE roster_declared(
             person INTEGER NOT NULL, token INTEGER NOT NULL,
             PRIMARY KEY(person, token)) WITHOUT ROWID;
           CREATE TABLE roster_alias(
             old INTEGER PRIMARY KEY, survivor INTEGER NOT NULL);
           CREATE TABLE roster_unresolved(
             kind INTEGER NOT NULL, token INTEGER NOT NULL, source TEXT NOT NULL,
             ambiguous INTEGER NOT NULL, records INTEGER NOT NULL,
             first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
             PRIMARY KEY(kind, token, source)) WITHOUT ROWID)"},
};

std::int64_t count(Day day) { return day.time_since_epoch().count(); }

Day day_from(std::int64_t count) {
  return Day(std::chrono::days(static_cast<std::chrono::days::rep>(count)));
}

Period period_from(const ledger::Statement& row, int from_column, int to_column) {
  return {day_from(row.integer(from_column)), day_from(row.integer(to_column))};
}

/// Calls `take` for each row.
template <class Take>
Result<void> each(ledger::Database& database, std::string_view sql, Take take) {
  WEIR_ASSIGN(ledger::Statement rows, database.prepare(sql));
  for (;;) {
    WEIR_ASSIGN(const bool row, rows.step());
    if (!row) return {};
    take(rows);
  }
}

}  // namespace

Result<void> migrate(ledger::Database& database) { return database.migrate("roster", kMigrations); }

Result<State> load(ledger::Database& database) {
  State state;
  WEIR_TRY(each(database,
                "SELECT number, person, pseudonym, key_token, from_day, to_day, identity_high, "
                "identity_low FROM roster_person",
                [&](const ledger::Statement& row) {
                  Known known;
                  known.number = row.number(0);
                  known.person.id = event::PersonId{row.number(1)};
                  known.person.pseudonym = row.text(2);
                  known.key_token = row.number(3);
                  known.person.provisional = row.is_null(3);
                  known.person.employment = period_from(row, 4, 5);
                  known.identity = {row.number(6), row.number(7)};
                  if (known.key_token != 0) state.person_of_key[known.key_token] = row.number(1);
                  state.last_number = std::max(state.last_number, known.number);
                  state.pseudonyms.insert(known.person.pseudonym);
                  state.people.emplace(row.number(1), std::move(known));
                }));
  const auto person_of = [&](const ledger::Statement& row) -> Known* {
    const auto found = state.people.find(row.number(0));
    return found == state.people.end() ? nullptr : &found->second;
  };
  WEIR_TRY(each(database,
                "SELECT person, kind, value, from_day, to_day FROM roster_fact "
                "ORDER BY person, kind, from_day, value",
                [&](const ledger::Statement& row) {
                  Known* const known = person_of(row);
                  if (known == nullptr) return;
                  known->person.facts.push_back({.kind = static_cast<FactKind>(row.integer(1)),
                                                 .value = row.text(2),
                                                 .period = period_from(row, 3, 4)});
                }));
  WEIR_TRY(each(database, "SELECT person, kind, token, from_day, to_day FROM roster_identity",
                [&](const ledger::Statement& row) {
                  Known* const known = person_of(row);
                  if (known == nullptr) return;
                  known->claims.push_back({.kind = static_cast<IdentityKind>(row.integer(1)),
                                           .token = row.number(2),
                                           .period = period_from(row, 3, 4)});
                }));
  WEIR_TRY(each(database, "SELECT person, token FROM roster_declared",
                [&](const ledger::Statement& row) {
                  if (Known* const known = person_of(row)) known->declared.push_back(row.number(1));
                }));
  WEIR_TRY(
      each(database, "SELECT old, survivor FROM roster_alias", [&](const ledger::Statement& row) {
        state.aliases[row.number(0)] = event::PersonId{row.number(1)};
      }));
  // The tables order tokens as signed numbers, everything here as unsigned ones.
  for (auto& [id, known] : state.people) {
    std::ranges::sort(known.claims, {}, [](const Claim& claim) {
      return std::tuple(claim.kind, claim.token, claim.period.from);
    });
    std::ranges::sort(known.declared);
  }
  return state;
}

Result<Writer> Writer::open(ledger::Database& database) {
  Writer writer;
  WEIR_ASSIGN(writer.put_person_,
              database.prepare("INSERT INTO roster_person VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  WEIR_ASSIGN(writer.drop_person_, database.prepare("DELETE FROM roster_person WHERE person=?"));
  WEIR_ASSIGN(writer.drop_facts_, database.prepare("DELETE FROM roster_fact WHERE person=?"));
  WEIR_ASSIGN(writer.drop_claims_, database.prepare("DELETE FROM roster_identity WHERE person=?"));
  WEIR_ASSIGN(writer.drop_declared_,
              database.prepare("DELETE FROM roster_declared WHERE person=?"));
  WEIR_ASSIGN(writer.put_fact_, database.prepare("INSERT INTO roster_fact VALUES(?, ?, ?, ?, ?)"));
  WEIR_ASSIGN(writer.put_claim_,
              database.prepare("INSERT INTO roster_identity VALUES(?, ?, ?, ?, ?)"));
  WEIR_ASSIGN(writer.put_declared_, database.prepare("INSERT INTO roster_declared VALUES(?, ?)"));
  WEIR_ASSIGN(writer.move_aliases_,
              database.prepare("UPDATE roster_alias SET survivor=? WHERE survivor=?"));
  WEIR_ASSIGN(writer.put_alias_,
              database.prepare("INSERT OR REPLACE INTO roster_alias VALUES(?, ?)"));
  return writer;
}

Result<void> Writer::put(const Known& known) {
  const auto id = static_cast<std::uint64_t>(known.person.id);
  for (ledger::Statement* drop : {&drop_person_, &drop_facts_, &drop_claims_, &drop_declared_}) {
    WEIR_TRY(drop->bind(1, id).run());
  }
  put_person_.bind(1, known.number)
      .bind(2, id)
      .bind(3, known.person.pseudonym)
      .bind(5, count(known.person.employment.from))
      .bind(6, count(known.person.employment.to))
      .bind(7, known.identity.high)
      .bind(8, known.identity.low);
  if (known.person.provisional) {
    put_person_.bind_null(4);
  } else {
    put_person_.bind(4, known.key_token);
  }
  WEIR_TRY(put_person_.run());
  for (const Fact& fact : known.person.facts) {
    WEIR_TRY(put_fact_.bind(1, id)
                 .bind(2, static_cast<int>(fact.kind))
                 .bind(3, count(fact.period.from))
                 .bind(4, fact.value)
                 .bind(5, count(fact.period.to))
                 .run());
  }
  for (const Claim& claim : known.claims) {
    WEIR_TRY(put_claim_.bind(1, id)
                 .bind(2, static_cast<int>(claim.kind))
                 .bind(3, claim.token)
                 .bind(4, count(claim.period.from))
                 .bind(5, count(claim.period.to))
                 .run());
  }
  for (const std::uint64_t token : known.declared) {
    WEIR_TRY(put_declared_.bind(1, id).bind(2, token).run());
  }
  return {};
}

Result<void> Writer::alias(event::PersonId old, event::PersonId survivor) {
  const auto old_id = static_cast<std::uint64_t>(old);
  const auto new_id = static_cast<std::uint64_t>(survivor);
  for (ledger::Statement* drop : {&drop_person_, &drop_facts_, &drop_claims_, &drop_declared_}) {
    WEIR_TRY(drop->bind(1, old_id).run());
  }
  WEIR_TRY(move_aliases_.bind(1, new_id).bind(2, old_id).run());
  return put_alias_.bind(1, old_id).bind(2, new_id).run();
}

event::PersonId new_person_id(const PersonMap& people) {
  for (;;) {
    const std::uint64_t id = unpredictable64() >> 11;
    if (id != 0 && !people.contains(id)) return event::PersonId{id};
  }
}

}  // namespace weir::roster::detail
