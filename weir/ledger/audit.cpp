#include "weir/ledger/audit.h"

#include <algorithm>
#include <array>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"

namespace weir::ledger {
namespace {

constexpr std::uint64_t kMaxAnchorBytes = 1u << 30;

constexpr Migration kMigrations[] = {
    {1, R"(CREATE TABLE audit(
             number INTEGER PRIMARY KEY,
             time_ms INTEGER NOT NULL,
             actor TEXT NOT NULL,
             action TEXT NOT NULL,
             subject TEXT NOT NULL,
             details TEXT NOT NULL,
             hash BLOB NOT NULL))"},
};

constexpr std::string_view kColumns = "number, time_ms, actor, action, subject, details, hash";

/// What stands before entry 1.
std::string no_hash() { return std::string(32, '\0'); }

std::string chain_hash(std::string_view previous, const AuditEntry& entry) {
  std::string bytes = "weir audit 1";
  ByteWriter writer(bytes);
  bytes.append(previous);
  writer.fixed(entry.number);
  writer.fixed(static_cast<std::int64_t>(entry.when.time_since_epoch().count()));
  for (const std::string* field : {&entry.actor, &entry.action, &entry.subject, &entry.details}) {
    writer.fixed(static_cast<std::uint64_t>(field->size()));
    bytes.append(*field);
  }
  const auto hash = blake2b(bytes);
  return {hash.begin(), hash.end()};
}

AuditEntry read_entry(const Statement& row) {
  return {.number = row.number(0),
          .when = Instant(std::chrono::milliseconds(row.integer(1))),
          .actor = row.text(2),
          .action = row.text(3),
          .subject = row.text(4),
          .details = row.text(5)};
}

struct Head {
  std::uint64_t number = 0;
  Instant when;
  std::string hash = no_hash();
};

Result<Head> newest_head(Database& database) {
  WEIR_ASSIGN(Statement row, database.prepare("SELECT number, time_ms, hash FROM audit "
                                              "ORDER BY number DESC LIMIT 1"));
  WEIR_ASSIGN(const bool any, row.step());
  if (!any) return Head{};
  return Head{row.number(0), Instant(std::chrono::milliseconds(row.integer(1))), row.blob(2)};
}

std::string anchor_line(const Head& head) {
  return fmt::format("{} {} {}\n", head.number, to_hex(as_bytes(head.hash)), to_iso8601(head.when));
}

struct AnchorLine {
  std::size_t line = 0;
  std::uint64_t number = 0;
  std::string hash_hex;
};

struct Anchor {
  std::vector<AnchorLine> lines;  // by number
  std::string problem;
};

Result<Anchor> read_anchor(const std::filesystem::path& path) {
  WEIR_ASSIGN(const std::string content, read_file(path, kMaxAnchorBytes));
  Anchor anchor;
  std::size_t line_number = 0;
  std::string_view rest = content;
  while (!rest.empty()) {
    ++line_number;
    const std::size_t end = rest.find('\n');
    // A last line without its end was never acknowledged: the machine stopped while writing it.
    if (end == std::string_view::npos) break;
    const auto parts = split(rest.substr(0, end), ' ');
    rest.remove_prefix(end + 1);
    const auto number = parts.size() == 3 ? parse_u64(parts[0]) : std::nullopt;
    if (!number || *number == 0 || parts[1].size() != 64) {
      anchor.problem =
          fmt::format("{}:{}: not a line of an audit anchor; compare the file with its copies",
                      path.string(), line_number);
      continue;
    }
    anchor.lines.push_back({line_number, *number, std::string(parts[1])});
  }
  std::ranges::sort(anchor.lines, {},
                    [](const AnchorLine& line) { return std::pair(line.number, line.line); });
  return anchor;
}

}  // namespace

Result<AuditLog> AuditLog::open(Database& database, std::optional<std::filesystem::path> anchor) {
  WEIR_TRY(database.migrate("audit", kMigrations));
  return AuditLog(database, std::move(anchor));
}

Result<void> AuditLog::append(const AuditEntry& entry) {
  if (!database_->in_transaction()) {
    WEIR_ASSIGN(Transaction transaction, database_->begin());
    WEIR_TRY(append(entry));
    return transaction.commit();
  }
  WEIR_ASSIGN(const Head head, newest_head(*database_));
  AuditEntry numbered = entry;
  numbered.number = head.number + 1;
  WEIR_ASSIGN(Statement insert,
              database_->prepare("INSERT INTO audit VALUES(?, ?, ?, ?, ?, ?, ?)"));
  return insert.bind(1, numbered.number)
      .bind(2, std::int64_t{numbered.when.time_since_epoch().count()})
      .bind(3, numbered.actor)
      .bind(4, numbered.action)
      .bind(5, numbered.subject)
      .bind(6, numbered.details)
      .bind_blob(7, chain_hash(head.hash, numbered))
      .run();
}

Result<AuditLog::Verdict> AuditLog::verify() {
  Verdict verdict;
  Anchor anchor;
  bool have_anchor = false;
  if (anchor_) {
    Result<Anchor> read = read_anchor(*anchor_);
    if (read) {
      anchor = std::move(*read);
      have_anchor = true;
      verdict.problem = anchor.problem;
    } else if (read.error().code != ErrorCode::not_found) {
      return std::unexpected(std::move(read).error().while_doing("reading the audit anchor"));
    }
  }
  const auto broken = [&](std::string problem) {
    verdict.intact = false;
    verdict.problem = std::move(problem);
    return verdict;
  };

  WEIR_ASSIGN(Statement rows,
              database_->prepare(fmt::format("SELECT {} FROM audit ORDER BY number", kColumns)));
  std::string previous = no_hash();
  auto anchored = anchor.lines.begin();
  for (;;) {
    WEIR_ASSIGN(const bool row, rows.step());
    if (!row) break;
    const AuditEntry entry = read_entry(rows);
    const std::uint64_t expected = verdict.entries + 1;
    if (entry.number != expected) {
      return broken(
          fmt::format("entry {} is missing: entry {} comes in its place", expected, entry.number));
    }
    std::string hash = chain_hash(previous, entry);
    if (rows.blob(6) != hash) {
      return broken(fmt::format("entry {} is not what was written, or an entry before it is gone",
                                entry.number));
    }
    for (; anchored != anchor.lines.end() && anchored->number == entry.number; ++anchored) {
      if (anchored->hash_hex != to_hex(as_bytes(hash))) {
        return broken(
            fmt::format("entry {} is not the one that {}:{} vouches for: the log was "
                        "rewritten",
                        entry.number, anchor_->string(), anchored->line));
      }
      verdict.anchored_through = entry.number;
    }
    previous = std::move(hash);
    verdict.entries = expected;
  }
  if (anchored != anchor.lines.end()) {
    return broken(
        fmt::format("entry {} stands in {}:{} but not in the log: its end was cut off "
                    "after entry {}",
                    anchored->number, anchor_->string(), anchored->line, verdict.entries));
  }
  verdict.anchored = have_anchor && !anchor.lines.empty() && anchor.problem.empty();
  if (!have_anchor || anchor.lines.empty()) {
    verdict.problem = anchor_ ? fmt::format(
                                    "no anchor: {} is missing or empty, so entries cut off "
                                    "the end would not be seen",
                                    anchor_->string())
                              : "no anchor: entries cut off the end would not be seen; name a file "
                                "on another host as the anchor";
  }
  return verdict;
}

Result<std::vector<AuditEntry>> AuditLog::last(std::size_t count) {
  WEIR_ASSIGN(Statement rows, database_->prepare(fmt::format(
                                  "SELECT {} FROM audit ORDER BY number DESC LIMIT ?", kColumns)));
  rows.bind(1, static_cast<std::int64_t>(std::min<std::size_t>(count, 1'000'000'000)));
  std::vector<AuditEntry> entries;
  for (;;) {
    WEIR_ASSIGN(const bool row, rows.step());
    if (!row) break;
    entries.push_back(read_entry(rows));
  }
  std::ranges::reverse(entries);
  return entries;
}

Result<std::optional<AuditEntry>> AuditLog::newest(std::string_view action) {
  WEIR_ASSIGN(Statement row,
              database_->prepare(fmt::format(
                  "SELECT {} FROM audit WHERE action = ? ORDER BY number DESC LIMIT 1", kColumns)));
  row.bind(1, action);
  WEIR_ASSIGN(const bool found, row.step());
  if (!found) return std::nullopt;
  return read_entry(row);
}

Result<std::optional<AuditLog::ChainHead>> AuditLog::chain_head() {
  WEIR_ASSIGN(const Head head, newest_head(*database_));
  if (head.number == 0) return std::nullopt;
  return ChainHead{.number = head.number, .when = head.when, .hash = to_hex(as_bytes(head.hash))};
}

Result<std::uint64_t> AuditLog::count(std::string_view action, std::string_view actor,
                                      Instant since) {
  WEIR_ASSIGN(Statement select,
              database_->prepare("SELECT count(*) FROM audit "
                                 "WHERE action = ?1 AND actor = ?2 AND time_ms >= ?3"));
  select.bind(1, action).bind(2, actor).bind(
      3, static_cast<std::int64_t>(since.time_since_epoch().count()));
  WEIR_TRY(select.step());
  return select.number(0);
}

Result<void> AuditLog::anchor() {
  if (!anchor_) return {};
  WEIR_ASSIGN(const Head head, newest_head(*database_));
  if (head.number == 0) return {};
  std::string line = anchor_line(head);
  const Result<std::string> old = read_file(*anchor_, kMaxAnchorBytes);
  if (old) {
    if (old->ends_with(line)) return {};
    // What a crash left unfinished must not swallow this line.
    if (!old->empty() && !old->ends_with('\n')) line.insert(0, "\n");
  } else if (old.error().code != ErrorCode::not_found) {
    return std::unexpected(old.error());
  }
  WEIR_ASSIGN(File file, File::open_append(*anchor_));
  WEIR_TRY(file.write(line));
  WEIR_TRY(file.sync());
  return old ? Result<void>() : sync_folder(anchor_->parent_path());
}

}  // namespace weir::ledger
