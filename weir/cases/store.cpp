#include "weir/cases/store.h"

#include <array>
#include <map>
#include <tuple>

#include "weir/cases/detail/draft_codec.h"

namespace weir::cases {
namespace {

constexpr std::array<ledger::Migration, 2> kMigrations = {{{1, R"(
CREATE TABLE cases (
  number      INTEGER PRIMARY KEY,
  status      TEXT    NOT NULL,
  person      INTEGER NOT NULL,
  hypothesis  INTEGER NOT NULL,
  lane        INTEGER NOT NULL,
  opened      INTEGER NOT NULL,
  nats        REAL    NOT NULL,
  threshold   REAL    NOT NULL,
  config_hash TEXT    NOT NULL,
  draft       BLOB    NOT NULL
);
CREATE INDEX cases_by_person ON cases (person, hypothesis);
)"},
                                                           {2, R"(
CREATE TABLE decisions (
  number     INTEGER PRIMARY KEY,
  person     INTEGER NOT NULL,
  hypothesis INTEGER NOT NULL,
  lane       INTEGER NOT NULL,
  opened     INTEGER NOT NULL,
  verdict    INTEGER NOT NULL,
  archetype  INTEGER,
  because    TEXT    NOT NULL,
  who        TEXT    NOT NULL,
  made       INTEGER NOT NULL,
  day        INTEGER NOT NULL
);
CREATE INDEX decisions_by_case ON decisions (person, hypothesis, lane, opened);
)"}}};

constexpr std::string_view kColumns = "SELECT number, config_hash, draft FROM cases ";
constexpr std::string_view kDecisionColumns =
    "SELECT number, person, hypothesis, lane, opened, verdict, archetype, because, who, made, day "
    "FROM decisions ";

Result<Case> read_row(const ledger::Statement& row) {
  Case one;
  one.number = row.number(0);
  one.status = to_string(evidence::Verdict::open);
  one.config_hash = row.text(1);
  std::optional<evidence::CaseDraft> draft = detail::decode(row.blob(2));
  if (!draft) {
    return fail(ErrorCode::corrupt,
                "case {} in the ledger is damaged or was written by a newer Weir; restore a "
                "backup, or analyze the history again",
                one.number);
  }
  one.draft = *std::move(draft);
  return one;
}

std::optional<Day> day_at(const ledger::Statement& row, int column) {
  const auto days = row.integer(column);
  // What to_iso8601 can say, as for cases.
  constexpr std::int64_t kFirst = -719'162;
  constexpr std::int64_t kLast = 2'932'896;
  if (days < kFirst || days > kLast) return {};
  return Day{std::chrono::days{days}};
}

Result<Decision> read_decision(const ledger::Statement& row) {
  const std::uint64_t hypothesis = row.number(2);
  const std::uint64_t verdict = row.number(5);
  const std::uint64_t archetype = row.is_null(6) ? 0 : row.number(6);
  const auto opened = day_at(row, 4);
  const auto day = day_at(row, 10);
  if (hypothesis >= evidence::kHypothesisCount || verdict >= evidence::kVerdictCount ||
      archetype >= evidence::kArchetypeCount || !opened || !day) {
    return fail(ErrorCode::corrupt,
                "decision {} in the ledger is damaged or was written by a newer Weir; restore a "
                "backup",
                row.number(0));
  }
  Decision one;
  one.effect = {.person = event::PersonId{row.number(1)},
                .hypothesis = static_cast<evidence::Hypothesis>(hypothesis),
                .opened = *opened,
                .verdict = static_cast<evidence::Verdict>(verdict),
                .explained_by = {},
                .day = *day};
  if (!row.is_null(6)) one.effect.explained_by = static_cast<evidence::Archetype>(archetype);
  one.lane = static_cast<int>(row.number(3));
  one.because = row.text(7);
  one.who = row.text(8);
  one.made = Instant{std::chrono::milliseconds{row.integer(9)}};
  return one;
}

auto key_of(const evidence::CaseDraft& draft) {
  return std::tuple(draft.person, draft.hypothesis, draft.lane, draft.opened);
}
auto key_of(const Decision& decision) {
  return std::tuple(decision.effect.person, decision.effect.hypothesis, decision.lane,
                    decision.effect.opened);
}

void attach(std::vector<Case>& cases, const std::vector<Decision>& decisions) {
  std::multimap<decltype(key_of(Decision{})), const Decision*> by_case;
  for (const Decision& one : decisions) by_case.emplace(key_of(one), &one);
  for (Case& one : cases) {
    const auto [begin, end] = by_case.equal_range(key_of(one.draft));
    for (auto at = begin; at != end; ++at) one.decisions.push_back(*at->second);
    if (!one.decisions.empty()) one.status = to_string(one.decisions.back().effect.verdict);
  }
}

/// A savepoint works inside the caller's transaction as well as without one.
class Savepoint {
 public:
  explicit Savepoint(ledger::Database& database) : database_(database) {}
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint() {
    if (!open_) return;
    // An error here means the transaction is gone already, and with it what was to be undone.
    static_cast<void>(database_.execute("ROLLBACK TO add_cases; RELEASE add_cases;"));
  }

  Result<void> begin() {
    WEIR_TRY(database_.execute("SAVEPOINT add_cases;"));
    open_ = true;
    return {};
  }
  Result<void> release() {
    WEIR_TRY(database_.execute("RELEASE add_cases;"));
    open_ = false;
    return {};
  }

 private:
  ledger::Database& database_;
  bool open_ = false;
};

}  // namespace

Result<CaseStore> CaseStore::open(ledger::Database& database) {
  WEIR_TRY(database.migrate("cases", kMigrations));
  return CaseStore(database);
}

Result<std::vector<std::uint64_t>> CaseStore::add(const std::vector<evidence::CaseDraft>& drafts,
                                                  std::string_view config_hash) {
  std::vector<std::uint64_t> numbers;
  if (drafts.empty()) return numbers;
  Savepoint savepoint(*database_);
  WEIR_TRY(savepoint.begin());
  {
    WEIR_ASSIGN(ledger::Statement insert, database_->prepare(R"(
INSERT INTO cases (number, status, person, hypothesis, lane, opened, nats, threshold, config_hash, draft)
VALUES ((SELECT coalesce(max(number), 0) + 1 FROM cases), 'open', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
RETURNING number)"));
    for (const evidence::CaseDraft& draft : drafts) {
      const std::string bytes = detail::encode(draft);
      if (!detail::decode(bytes)) {
        return fail(ErrorCode::invalid_argument,
                    "a case whose times are outside the years 1 to 9999 cannot be stored");
      }
      insert.bind(1, static_cast<std::uint64_t>(draft.person))
          .bind(2, static_cast<int>(draft.hypothesis))
          .bind(3, draft.lane)
          .bind(4, static_cast<std::int64_t>(draft.opened.time_since_epoch().count()))
          .bind(5, draft.nats)
          .bind(6, draft.threshold)
          .bind(7, config_hash)
          .bind_blob(8, bytes);
      WEIR_ASSIGN(const bool row, insert.step());
      WEIR_ASSERT(row);
      numbers.push_back(insert.number(0));
      insert.reset();
    }
  }
  WEIR_TRY(savepoint.release());
  return numbers;
}

Result<std::optional<Case>> CaseStore::find(std::uint64_t number) {
  WEIR_ASSIGN(ledger::Statement select,
              database_->prepare(fmt::format("{} WHERE number = ?1", kColumns)));
  select.bind(1, number);
  WEIR_ASSIGN(const bool row, select.step());
  if (!row) return std::optional<Case>{};
  std::vector<Case> one(1);
  WEIR_ASSIGN(one[0], read_row(select));
  WEIR_ASSIGN(const std::vector<Decision> all, decisions());
  attach(one, all);
  return std::optional<Case>{std::move(one[0])};
}

Result<std::vector<Case>> CaseStore::all() {
  WEIR_ASSIGN(
      ledger::Statement select,
      database_->prepare(fmt::format("{} ORDER BY lane, nats - threshold DESC, number", kColumns)));
  std::vector<Case> cases;
  for (;;) {
    WEIR_ASSIGN(const bool row, select.step());
    if (!row) break;
    WEIR_ASSIGN(Case one, read_row(select));
    cases.push_back(std::move(one));
  }
  WEIR_ASSIGN(const std::vector<Decision> decided, decisions());
  attach(cases, decided);
  return cases;
}

Result<void> CaseStore::decide(const Case& one, const Decision& decision) {
  const Instant last{Day{std::chrono::days{2'932'897}}};
  if (decision.because.empty()) {
    return fail(ErrorCode::invalid_argument, "a decision needs a reason; say why with --because");
  }
  if (decision.effect.day > last || decision.made > last) {
    return fail(ErrorCode::invalid_argument, "a decision of a year beyond 9999 cannot be stored");
  }
  WEIR_ASSIGN(ledger::Statement insert, database_->prepare(R"(
INSERT INTO decisions (person, hypothesis, lane, opened, verdict, archetype, because, who, made, day)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))"));
  insert.bind(1, static_cast<std::uint64_t>(one.draft.person))
      .bind(2, static_cast<int>(one.draft.hypothesis))
      .bind(3, one.draft.lane)
      .bind(4, static_cast<std::int64_t>(one.draft.opened.time_since_epoch().count()))
      .bind(5, static_cast<int>(decision.effect.verdict))
      .bind(7, decision.because)
      .bind(8, decision.who)
      .bind(9, static_cast<std::int64_t>(decision.made.time_since_epoch().count()))
      .bind(10, static_cast<std::int64_t>(decision.effect.day.time_since_epoch().count()));
  if (decision.effect.explained_by) {
    insert.bind(6, static_cast<int>(*decision.effect.explained_by));
  } else {
    insert.bind_null(6);
  }
  WEIR_ASSIGN(const bool row, insert.step());
  WEIR_ASSERT(!row);
  return {};
}

Result<std::vector<Decision>> CaseStore::decisions() {
  WEIR_ASSIGN(ledger::Statement select,
              database_->prepare(fmt::format("{} ORDER BY day, number", kDecisionColumns)));
  std::vector<Decision> all;
  for (;;) {
    WEIR_ASSIGN(const bool row, select.step());
    if (!row) return all;
    WEIR_ASSIGN(Decision one, read_decision(select));
    all.push_back(std::move(one));
  }
}

Result<void> CaseStore::clear() { return database_->execute("DELETE FROM cases;"); }

}  // namespace weir::cases
