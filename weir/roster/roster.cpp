#include "weir/roster/roster.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "weir/base/entropy.h"
#include "weir/base/json.h"
#include "weir/roster/detail/identity_table.h"
#include "weir/roster/detail/plan.h"
#include "weir/roster/detail/pseudonym.h"
#include "weir/roster/detail/state.h"
#include "weir/roster/roster_file.h"

namespace weir::roster {
namespace {

constexpr std::size_t kKinds = 3;

std::string_view name_of(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::user_id:
      return "user_ids";
    case IdentityKind::mail_address:
      return "addresses";
    case IdentityKind::host:
      return "hosts";
  }
  return "";
}

/// What a source named that no roster knows.
struct Sighting {
  IdentityKind kind{};
  std::uint64_t token = 0;
  std::string source;
  friend bool operator==(const Sighting&, const Sighting&) = default;
};
struct SightingHash {
  std::size_t operator()(const Sighting& s) const {
    return static_cast<std::size_t>(s.token) ^ std::hash<std::string>()(s.source) ^
           static_cast<std::size_t>(s.kind);
  }
};
struct Tally {
  bool ambiguous = false;
  std::uint64_t records = 0;
  Instant first = Instant::max();
  Instant last = Instant::min();
};

}  // namespace

struct Roster::Impl {
  ledger::Database& database;
  vault::Vault& vault;
  detail::IdentityTable tables[kKinds];
  std::unordered_set<std::string> pseudonyms;
  detail::PersonMap pending;  // provisional people not written yet
  std::unordered_map<Sighting, Tally, SightingHash> sightings;
  std::uint64_t last_number = 0;

  Impl(ledger::Database& in, vault::Vault& names) : database(in), vault(names) {}
  void index(const detail::State& state);
  Result<void> write(detail::Plan& plan);
  Result<event::PersonId> make_provisional(IdentityKind kind, std::uint64_t token,
                                           std::string_view identity);
  const detail::IdentityTable& table(IdentityKind kind) const {
    return tables[static_cast<std::size_t>(kind)];
  }
};

void Roster::Impl::index(const detail::State& state) {
  std::vector<detail::IdentityTable::Entry> entries[kKinds];
  for (const auto& [id, known] : state.people) {
    for (const detail::Claim& claim : known.claims) {
      entries[static_cast<std::size_t>(claim.kind)].push_back(
          {claim.token, {known.person.id, known.person.provisional, claim.period}});
    }
  }
  for (std::size_t kind = 0; kind < kKinds; ++kind) tables[kind].assign(std::move(entries[kind]));
  pseudonyms = state.pseudonyms;
  last_number = state.last_number;
}

Result<void> Roster::Impl::write(detail::Plan& plan) {
  // In the order of the tables' keys: inserting in random order writes each page many times.
  std::ranges::sort(plan.changes, {},
                    [](const detail::Change& change) { return change.known.person.id; });
  // The vault first: should the machine stop in between, it holds names that nothing points to,
  // which is better than people without a name.
  for (const detail::Change& change : plan.changes) {
    if (!change.changed) continue;
    WEIR_TRY(vault.put_person(change.known.person.id, change.identity_json));
    for (const auto& [token, address] : change.addresses) {
      WEIR_TRY(vault.remember_address(token, address));
    }
  }
  WEIR_TRY(vault.flush());
  const bool joined = database.in_transaction();
  std::optional<ledger::Transaction> transaction;
  if (!joined) {
    WEIR_ASSIGN(ledger::Transaction begun, database.begin());
    transaction.emplace(std::move(begun));
  }
  WEIR_ASSIGN(detail::Writer writer, detail::Writer::open(database));
  for (const detail::Change& change : plan.changes) {
    for (const event::PersonId absorbed : change.absorbed) {
      WEIR_TRY(writer.alias(absorbed, change.known.person.id));
    }
    if (change.changed) WEIR_TRY(writer.put(change.known));
  }
  if (transaction) return transaction->commit();
  return {};
}

Result<event::PersonId> Roster::Impl::make_provisional(IdentityKind kind, std::uint64_t token,
                                                       std::string_view identity) {
  detail::Known known;
  known.person.id = detail::new_person_id(pending);
  known.person.pseudonym = detail::new_pseudonym(pseudonyms, unpredictable64);
  known.person.provisional = true;
  known.number = ++last_number;
  known.claims = {{kind, token, {}}};
  std::string json = "{\"" + std::string(name_of(kind)) + "\":[";
  append_json_string(json, identity);
  json += "]}";
  const event::PersonId id = known.person.id;
  WEIR_TRY(vault.put_person(id, json));
  if (kind == IdentityKind::mail_address) {
    WEIR_TRY(vault.remember_address(event::AddressToken{token}, identity));
  }
  tables[static_cast<std::size_t>(kind)].add({token, {id, true, {}}});
  pending.emplace(static_cast<std::uint64_t>(id), std::move(known));
  return id;
}

Roster::Roster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Roster::Roster(Roster&&) noexcept = default;
Roster& Roster::operator=(Roster&&) noexcept = default;
Roster::~Roster() = default;

Result<Roster> Roster::open(ledger::Database& database, vault::Vault& vault) {
  WEIR_TRY(detail::migrate(database));
  WEIR_ASSIGN(const detail::State state, detail::load(database));
  auto impl = std::make_unique<Impl>(database, vault);
  impl->index(state);
  return Roster(std::move(impl));
}

Result<ImportReport> Roster::import(const std::filesystem::path& path) {
  WEIR_TRY(flush());
  WEIR_ASSIGN(const RosterFile file, read_roster(path));
  WEIR_ASSIGN(detail::State state, detail::load(impl_->database));
  WEIR_ASSIGN(detail::Plan plan, detail::make_plan(file, path.string(), state, impl_->vault));
  WEIR_TRY(impl_->write(plan));

  WEIR_ASSIGN(state, detail::load(impl_->database));
  impl_->index(state);
  ImportReport report;
  report.rows = file.rows_read;
  report.problems = plan.problems;
  for (const detail::Change& change : plan.changes) {
    ++(change.added     ? report.people_added
       : change.changed ? report.people_changed
                        : report.people_unchanged);
  }
  return report;
}

event::PersonId Roster::resolve(IdentityKind kind, std::string_view canonical_identity,
                                Instant when) const {
  const std::uint64_t token = detail::token_of(impl_->vault, kind, canonical_identity);
  return impl_->table(kind).find(token, day_of(when)).person;
}

Result<event::PersonId> Roster::resolve_or_make(IdentityKind kind,
                                                std::string_view canonical_identity, Instant when,
                                                std::string_view source) {
  const std::uint64_t token = detail::token_of(impl_->vault, kind, canonical_identity);
  if (token == 0) return event::kNobody;
  const auto found = impl_->table(kind).find(token, day_of(when));
  if (found.person != event::kNobody && !found.provisional) return found.person;

  Tally& tally = impl_->sightings[{kind, token, std::string(source)}];
  tally.ambiguous = tally.ambiguous || found.ambiguous;
  ++tally.records;
  tally.first = std::min(tally.first, when);
  tally.last = std::max(tally.last, when);
  if (found.person != event::kNobody || found.ambiguous) return found.person;
  return impl_->make_provisional(kind, token, canonical_identity);
}

Result<void> Roster::flush() {
  if (impl_->pending.empty() && impl_->sightings.empty()) return {};
  WEIR_TRY(impl_->vault.flush());
  ledger::Database& database = impl_->database;
  std::optional<ledger::Transaction> transaction;
  if (!database.in_transaction()) {
    WEIR_ASSIGN(ledger::Transaction begun, database.begin());
    transaction.emplace(std::move(begun));
  }
  WEIR_ASSIGN(detail::Writer writer, detail::Writer::open(database));
  for (const auto& [id, known] : impl_->pending) WEIR_TRY(writer.put(known));
  WEIR_ASSIGN(ledger::Statement count,
              database.prepare("INSERT INTO roster_unresolved VALUES(?, ?, ?, ?, ?, ?, ?) "
                               "ON CONFLICT(kind, token, source) DO UPDATE SET "
                               "ambiguous=max(ambiguous, excluded.ambiguous), "
                               "records=records+excluded.records, "
                               "first_ms=min(first_ms, excluded.first_ms), "
                               "last_ms=max(last_ms, excluded.last_ms)"));
  for (const auto& [sighting, tally] : impl_->sightings) {
    WEIR_TRY(count.bind(1, static_cast<int>(sighting.kind))
                 .bind(2, sighting.token)
                 .bind(3, sighting.source)
                 .bind(4, tally.ambiguous ? 1 : 0)
                 .bind(5, tally.records)
                 .bind(6, std::int64_t{tally.first.time_since_epoch().count()})
                 .bind(7, std::int64_t{tally.last.time_since_epoch().count()})
                 .run());
  }
  if (transaction) WEIR_TRY(transaction->commit());
  impl_->pending.clear();
  impl_->sightings.clear();
  return {};
}

Result<std::vector<UnresolvedIdentity>> Roster::unresolved() {
  WEIR_TRY(flush());
  WEIR_ASSIGN(const detail::State state, detail::load(impl_->database));
  WEIR_ASSIGN(ledger::Statement rows,
              impl_->database.prepare("SELECT kind, token, source, ambiguous, records, first_ms, "
                                      "last_ms FROM roster_unresolved"));
  std::vector<UnresolvedIdentity> identities;
  for (;;) {
    WEIR_ASSIGN(const bool row, rows.step());
    if (!row) break;
    UnresolvedIdentity one{.kind = static_cast<IdentityKind>(rows.integer(0)),
                           .source = rows.text(2),
                           .pseudonym = {},
                           .ambiguous = false,
                           .records = rows.number(4),
                           .first = Instant(std::chrono::milliseconds(rows.integer(5))),
                           .last = Instant(std::chrono::milliseconds(rows.integer(6)))};
    if (static_cast<std::size_t>(one.kind) >= kKinds) continue;
    const auto now = impl_->table(one.kind).find(rows.number(1), day_of(one.first));
    const auto later = impl_->table(one.kind).find(rows.number(1), day_of(one.last));
    // An import may have settled it since.
    one.ambiguous = now.ambiguous || later.ambiguous;
    if (!one.ambiguous && !now.provisional) continue;
    if (!one.ambiguous) {
      one.pseudonym = state.people.at(static_cast<std::uint64_t>(now.person)).person.pseudonym;
    }
    identities.push_back(std::move(one));
  }
  std::ranges::sort(identities, [](const UnresolvedIdentity& a, const UnresolvedIdentity& b) {
    return std::tuple(std::string_view(a.source), b.records, std::string_view(a.pseudonym)) <
           std::tuple(std::string_view(b.source), a.records, std::string_view(b.pseudonym));
  });
  return identities;
}

Result<People> Roster::people() {
  WEIR_TRY(flush());
  WEIR_ASSIGN(detail::State state, detail::load(impl_->database));
  std::vector<Person> people;
  std::unordered_map<std::uint64_t, event::PersonId> declared;
  people.reserve(state.people.size());
  for (auto& [id, known] : state.people) {
    for (const std::uint64_t token : known.declared) declared[token] = known.person.id;
    people.push_back(std::move(known.person));
  }
  return People(std::move(people), std::move(declared), state.aliases);
}

}  // namespace weir::roster
