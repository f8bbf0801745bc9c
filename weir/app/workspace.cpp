#include "weir/app/workspace.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace weir::app {
namespace fs = std::filesystem;

namespace {

constexpr ledger::Migration kMigrations[] = {{1, R"(
  CREATE TABLE workspace (one INTEGER PRIMARY KEY CHECK (one = 1), created TEXT NOT NULL,
                          weir TEXT NOT NULL) STRICT;
)"}};

Result<void> make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0) return fail_errno(errno, folder.string());
  return {};
}

/// A part that is missing beside a ledger that is there: no new workspace helps, a backup does.
Error not_whole(Error error) {
  if (error.code == ErrorCode::not_found) {
    error.message += "; the workspace is not whole without it, `weir restore` brings it back";
  }
  return error;
}

/// What was there when `create` began is never removed.
class RemoveUnlessDone {
 public:
  RemoveUnlessDone(fs::path folder, bool folder_is_new)
      : folder_(std::move(folder)), folder_is_new_(folder_is_new) {}
  RemoveUnlessDone(const RemoveUnlessDone&) = delete;
  RemoveUnlessDone& operator=(const RemoveUnlessDone&) = delete;
  ~RemoveUnlessDone() {
    if (done_) return;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
      fs::remove_all(entry.path(), ignored);
    }
    if (folder_is_new_) fs::remove(folder_, ignored);
  }
  void done() { done_ = true; }

 private:
  fs::path folder_;
  bool folder_is_new_;
  bool done_ = false;
};

}  // namespace

Result<void> Workspace::create(const fs::path& folder, const InitOptions& options) {
  std::error_code error;
  const bool exists = fs::exists(folder, error);
  if (exists && fs::exists(folder / "ledger.db", error)) {
    return fail(ErrorCode::already_exists, "{}: is a workspace already; nothing was changed",
                folder.string());
  }
  if (exists && !fs::is_empty(folder, error)) {
    return fail(ErrorCode::already_exists, "{}: is not an empty folder; name a new one",
                folder.string());
  }
  if (!exists) WEIR_TRY(make_folder(folder));
  RemoveUnlessDone cleanup(folder, !exists);

  for (const char* name : {"lake", "state", "aside"}) WEIR_TRY(make_folder(folder / name));
  const fs::path shares = folder / "key-shares";
  if (options.kind == vault::WorkspaceKind::production) WEIR_TRY(make_folder(shares));
  WEIR_TRY(vault::Vault::create(folder / "vault", {.kind = options.kind,
                                                   .shares_needed = options.shares_needed,
                                                   .shares_total = options.shares_total,
                                                   .share_folder = shares}));
  WEIR_TRY(write_file_atomic(
      folder / "weir.yaml",
      options.config_text.empty()
          ? default_config_text({.organisation_name = options.organisation,
                                 .domains = options.domains,
                                 .partners = options.partners,
                                 .timezone = options.timezone,
                                 .permit_all = options.kind != vault::WorkspaceKind::production})
          : options.config_text));
  {
    WEIR_ASSIGN(auto ledger, ledger::Database::open(folder / "ledger.db"));
    WEIR_TRY(ledger.migrate("workspace", kMigrations));
    WEIR_ASSIGN(auto add, ledger.prepare("INSERT INTO workspace VALUES (1, ?, ?)"));
    add.bind(1, std::string_view(to_iso8601(system_now()))).bind(2, std::string_view(WEIR_VERSION));
    WEIR_TRY(add.run());
  }
  WEIR_ASSIGN(const auto workspace, open(folder));
  WEIR_TRY(workspace->note_now("workspace.create", "",
                               fmt::format(R"({{"kind":"{}"}})", to_string(options.kind))));
  cleanup.done();
  return {};
}

Result<std::unique_ptr<Workspace>> Workspace::open(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / "ledger.db", error)) {
    if (error)
      return fail(ErrorCode::permission_denied, "{}: {}", folder.string(), error.message());
    return fail(ErrorCode::not_found,
                "{}: not a workspace. Make one with `weir init {}`, or name one with -w or "
                "WEIR_WORKSPACE.",
                folder.string(), folder == "." ? fs::path("DIR").string() : folder.string());
  }
  auto loaded = load_config(folder / "weir.yaml");
  if (!loaded) return std::unexpected(not_whole(std::move(loaded).error()));
  Config config = std::move(*loaded);
  std::unique_ptr<Workspace> workspace(new Workspace(folder, std::move(config)));
  WEIR_TRY(workspace->build());
  return workspace;
}

Workspace::Workspace(fs::path where, Config settings)
    : folder(std::move(where)), config(std::move(settings)) {}

Result<void> Workspace::build() {
  WEIR_ASSIGN(auto database, ledger::Database::open(folder / "ledger.db"));
  ledger_.emplace(std::move(database));
  WEIR_TRY(ledger_->migrate("workspace", kMigrations));
  auto vault = vault::Vault::open(folder / "vault");
  if (!vault) return std::unexpected(not_whole(std::move(vault).error()));
  vault_.emplace(std::move(*vault));
  WEIR_ASSIGN(auto roster, roster::Roster::open(*ledger_, *vault_));
  roster_.emplace(std::move(roster));
  WEIR_ASSIGN(auto audit, ledger::AuditLog::open(*ledger_, config.audit_anchor));
  audit_.emplace(std::move(audit));
  WEIR_ASSIGN(auto manifest_database, ledger::Database::open(folder / "ledger.db"));
  WEIR_ASSIGN(auto manifest, LedgerManifest::open(std::move(manifest_database)));
  manifest_.emplace(std::move(manifest));
  return {};
}

Result<lake::Lake> Workspace::open_lake(bool read_only) {
  return lake::Lake::open(lake_folder(), *manifest_, {.read_only = read_only});
}

Result<void> Workspace::note(std::string_view action, std::string_view subject,
                             std::string_view details) {
  return audit_->append({.number = 0,
                         .when = system_now(),
                         .actor = operating_user(),
                         .action = std::string(action),
                         .subject = std::string(subject),
                         .details = std::string(details)});
}

Result<void> Workspace::note_now(std::string_view action, std::string_view subject,
                                 std::string_view details) {
  WEIR_TRY(note(action, subject, details));
  return audit_->anchor();
}

std::string operating_user() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : fmt::format("uid {}", ::getuid());
}

}  // namespace weir::app
