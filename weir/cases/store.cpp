#include "weir/cases/store.h"

#include <array>

#include "weir/cases/detail/draft_codec.h"

namespace weir::cases {
namespace {

constexpr std::array<ledger::Migration, 1> kMigrations = {{{1, R"(
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
)"}}};

constexpr std::string_view kColumns = "SELECT number, status, config_hash, draft FROM cases ";

Result<Case> read_row(const ledger::Statement& row) {
  Case one;
  one.number = row.number(0);
  one.status = row.text(1);
  one.config_hash = row.text(2);
  std::optional<evidence::CaseDraft> draft = detail::decode(row.blob(3));
  if (!draft) {
    return fail(ErrorCode::corrupt,
                "case {} in the ledger is damaged or was written by a newer Weir; restore a "
                "backup, or analyze the history again",
                one.number);
  }
  one.draft = *std::move(draft);
  return one;
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
  WEIR_ASSIGN(Case one, read_row(select));
  return std::optional<Case>{std::move(one)};
}

Result<std::vector<Case>> CaseStore::all() {
  WEIR_ASSIGN(
      ledger::Statement select,
      database_->prepare(fmt::format("{} ORDER BY lane, nats - threshold DESC, number", kColumns)));
  std::vector<Case> cases;
  for (;;) {
    WEIR_ASSIGN(const bool row, select.step());
    if (!row) return cases;
    WEIR_ASSIGN(Case one, read_row(select));
    cases.push_back(std::move(one));
  }
}

Result<void> CaseStore::clear() { return database_->execute("DELETE FROM cases;"); }

}  // namespace weir::cases
