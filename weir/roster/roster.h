#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/event/activity.h"
#include "weir/event/ids.h"
#include "weir/ledger/database.h"
#include "weir/roster/people.h"
#include "weir/vault/vault.h"

namespace weir::roster {

enum class IdentityKind : std::uint8_t { user_id, mail_address, host };

struct ImportReport {
  std::size_t rows = 0;
  std::size_t people_added = 0;
  std::size_t people_changed = 0;
  std::size_t people_unchanged = 0;
  /// File, line and reason of what was left out: duplicate rows, managers nobody knows … No names.
  std::vector<std::string> problems;
};

/// An identity that a source named and the roster does not know, or knows twice.
struct UnresolvedIdentity {
  IdentityKind kind{};
  std::string source;     // "cert", "mail" …
  std::string pseudonym;  // of the provisional person; empty if ambiguous
  bool ambiguous = false;
  std::uint64_t records = 0;
  Instant first, last;
};

/// People, their dated facts, identities and declared addresses, over time. Kept in the ledger
/// without names; names go to the vault. CSV form: docs/formats/roster.md.
///
/// An internal identity that nobody imported yet gets a *provisional* person, so that no record is
/// lost; the import that names it later takes that person over, history and all.
///
/// Not thread-safe, except `resolve`, between imports.
class Roster {
 public:
  static Result<Roster> open(ledger::Database& database, vault::Vault& vault);
  Roster(Roster&&) noexcept;
  Roster& operator=(Roster&&) noexcept;
  ~Roster();

  /// A roster CSV, or a folder or file of CERT LDAP months ("2009-12.csv"), told apart by the
  /// header. All or nothing. Columns for protected attributes or personality scores are refused by
  /// name (`invalid_argument`), with the reason; so are manager cycles and two people claiming one
  /// identity at the same time. People the file does not name stay as they are.
  Result<ImportReport> import(const std::filesystem::path& path);

  /// Who had this identity at that time; kNobody if nobody. An identity stays with its last holder
  /// until somebody else gets it, and belonged to its first holder before that began: accounts
  /// outlive contracts. Between two different holders it is nobody's (`ambiguous`).
  event::PersonId resolve(IdentityKind kind, std::string_view canonical_identity,
                          Instant when) const;
  /// Like `resolve`, but makes a provisional person if there is none; still kNobody for an empty or
  /// ambiguous identity. Counts what `unresolved` lists. Buffered until `flush`.
  Result<event::PersonId> resolve_or_make(IdentityKind kind, std::string_view canonical_identity,
                                          Instant when, std::string_view source);
  /// Makes new provisional people last, those of the vault first. Call it before records that name
  /// them are acknowledged. Joins the caller's transaction if one is open.
  Result<void> flush();

  Result<std::vector<UnresolvedIdentity>> unresolved();
  Result<People> people();

 private:
  struct Impl;
  explicit Roster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::roster
