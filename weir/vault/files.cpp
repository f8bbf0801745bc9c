#include "weir/vault/detail/files.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ranges>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/file.h"

namespace weir::vault::detail {
namespace {

namespace fs = std::filesystem;

constexpr ledger::Migration kMigrations[] = {
    {1, R"(CREATE TABLE vault_meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
           CREATE TABLE vault_session(id INTEGER PRIMARY KEY, sealed_key BLOB NOT NULL);
           CREATE TABLE vault_person(person INTEGER PRIMARY KEY, wrapped_key BLOB NOT NULL,
                                     session INTEGER NOT NULL, identity BLOB NOT NULL);
           CREATE TABLE vault_address(token INTEGER PRIMARY KEY, session INTEGER NOT NULL,
                                      address BLOB NOT NULL))"},
    // Tokens are random: keyed by them, each flush of a few thousand new addresses would write
    // nearly every page of the table. Now it writes those of the index, a tenth of the size.
    {2, R"(CREATE TABLE vault_address_2(token INTEGER NOT NULL UNIQUE,
                                        session INTEGER NOT NULL, address BLOB NOT NULL);
           INSERT INTO vault_address_2(token, session, address)
             SELECT token, session, address FROM vault_address;
           DROP TABLE vault_address;
           ALTER TABLE vault_address_2 RENAME TO vault_address)"},
};

std::string text_of(const Key32& key) { return {key.begin(), key.end()}; }

/// Proves that host.key, the public key and the kind belong together: who can write vault.db alone
/// must not be able to have names sealed to a key of their own, or to call the workspace simulated.
std::string binding(const Key32& root, const Key32& public_key, WorkspaceKind kind) {
  return text_of(derive_key32(root, fmt::format("binding of {} {}", to_string(kind),
                                                to_hex(std::as_bytes(std::span(public_key))))));
}

Result<void> check_sodium() {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  return {};
}

/// Deletes what was made, unless everything was.
class Undo {
 public:
  ~Undo() {
    std::error_code ignored;
    for (const fs::path& path : std::views::reverse(made_)) fs::remove(path, ignored);
  }
  void made(fs::path path) { made_.push_back(std::move(path)); }
  void keep_all() { made_.clear(); }

 private:
  std::vector<fs::path> made_;
};

Result<void> refuse_existing(const fs::path& path, std::string_view what) {
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  return fail(ErrorCode::already_exists, "{}: {} is there already; choose another folder",
              path.string(), what);
}

Result<void> make_folder(const fs::path& folder, Undo& undo) {
  std::error_code error;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) == 0) {
    undo.made(folder);
    return {};
  }
  if (errno != EEXIST) return fail_errno(errno, folder.string());
  return {};
}

Result<void> put_meta(ledger::Statement& insert, std::string_view name, std::string_view value) {
  return insert.bind(1, name).bind_blob(2, value).run();
}

Result<std::string> meta(ledger::Database& database, const fs::path& file, std::string_view name) {
  WEIR_ASSIGN(ledger::Statement row, database.prepare("SELECT value FROM vault_meta WHERE name=?"));
  WEIR_ASSIGN(const bool found, row.bind(1, name).step());
  if (!found) {
    return fail(ErrorCode::corrupt, "{}: '{}' is missing; restore the vault from a backup",
                file.string(), name);
  }
  return row.blob(0);
}

Result<Key32> key_of(std::string_view bytes, const fs::path& file) {
  Key32 key;
  if (bytes.size() != key.size()) {
    return fail(ErrorCode::corrupt, "{}: not a key of {} bytes; restore the vault from a backup",
                file.string(), key.size());
  }
  std::ranges::copy(bytes, key.begin());
  return key;
}

std::optional<WorkspaceKind> kind_from(std::string_view name) {
  for (const WorkspaceKind kind :
       {WorkspaceKind::production, WorkspaceKind::simulated, WorkspaceKind::evaluation}) {
    if (to_string(kind) == name) return kind;
  }
  return {};
}

fs::path share_path(const fs::path& folder, int holder, int total) {
  return folder / fmt::format("weir-share-{}-of-{}.txt", holder, total);
}

Result<void> write_shares(const PrivateKey& key, const Vault::CreateOptions& options, Undo& undo) {
  WEIR_ASSIGN(const std::vector<Share> shares,
              split_key(key, options.shares_needed, options.shares_total));
  WEIR_TRY(make_folder(options.share_folder, undo));
  for (const Share& share : shares) {
    const fs::path path = share_path(options.share_folder, share.holder, share.total);
    WEIR_TRY(refuse_existing(path, "a share of a key"));
    undo.made(path);
    WEIR_TRY(write_file_atomic(path, to_text(share)));
  }
  return {};
}

Result<void> write_database(const fs::path& path, const Key32& root, const PrivateKey& key,
                            WorkspaceKind kind) {
  WEIR_ASSIGN(ledger::Database database, ledger::Database::open(path));
  WEIR_TRY(database.migrate("vault", kMigrations));
  WEIR_ASSIGN(ledger::Transaction transaction, database.begin());
  WEIR_ASSIGN(ledger::Statement insert, database.prepare("INSERT INTO vault_meta VALUES(?, ?)"));
  const Key32 public_key = public_half(key.bytes);
  WEIR_TRY(put_meta(insert, "kind", to_string(kind)));
  WEIR_TRY(put_meta(insert, "public_key", text_of(public_key)));
  WEIR_TRY(put_meta(insert, "binding", binding(root, public_key, kind)));
  if (kind != WorkspaceKind::production) {
    WEIR_TRY(put_meta(insert, "private_key", text_of(key.bytes)));
  }
  return transaction.commit();
}

Result<Key32> read_host_key(const fs::path& path) {
  WEIR_ASSIGN(const std::string bytes, read_file(path, 4096));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, path.string());
  if ((status.st_mode & 077u) != 0) {
    return fail(ErrorCode::permission_denied,
                "{}: others than its owner may read or write it; run: chmod 600 {}", path.string(),
                path.string());
  }
  return key_of(bytes, path);
}

}  // namespace

Result<void> create_files(const fs::path& folder, const Vault::CreateOptions& options) {
  WEIR_TRY(check_sodium());
  if (options.share_folder.empty() && options.kind == WorkspaceKind::production) {
    return fail(ErrorCode::invalid_argument,
                "a production workspace needs a folder for the shares of its key");
  }
  const fs::path database = folder / kDatabaseName;
  const fs::path host_key = folder / kHostKeyName;
  WEIR_TRY(refuse_existing(database, "a vault"));
  WEIR_TRY(refuse_existing(host_key, "a vault's key"));

  Undo undo;
  WEIR_TRY(make_folder(folder, undo));
  if (::chmod(folder.c_str(), 0700) != 0) return fail_errno(errno, folder.string());
  PrivateKey key;
  key.bytes = random_key();
  Key32 root = random_key();
  if (!options.share_folder.empty()) WEIR_TRY(write_shares(key, options, undo));
  for (const char* suffix : {"", "-wal", "-shm"}) undo.made(database.string() + suffix);
  WEIR_TRY(write_database(database, root, key, options.kind));
  undo.made(host_key);
  const Result<void> written = write_file_atomic(host_key, text_of(root));
  sodium_memzero(root.data(), root.size());
  if (!written) return written;
  undo.keep_all();
  return {};
}

Result<Opened> open_files(const fs::path& folder) {
  WEIR_TRY(check_sodium());
  const fs::path file = folder / kDatabaseName;
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (error) return fail_errno(error.value(), file.string());
    return fail(ErrorCode::not_found, "{}: there is no vault", file.string());
  }
  WEIR_ASSIGN(const Key32 root, read_host_key(folder / kHostKeyName));
  WEIR_ASSIGN(ledger::Database database, ledger::Database::open(file));
  WEIR_TRY(database.execute("PRAGMA secure_delete=ON"));
  WEIR_TRY(database.migrate("vault", kMigrations));

  WEIR_ASSIGN(const std::string kind_name, meta(database, file, "kind"));
  WEIR_ASSIGN(const std::string public_bytes, meta(database, file, "public_key"));
  WEIR_ASSIGN(const std::string bound, meta(database, file, "binding"));
  WEIR_ASSIGN(const Key32 public_key, key_of(public_bytes, file));
  const std::optional<WorkspaceKind> kind = kind_from(kind_name);
  if (!kind || bound != binding(root, public_key, *kind)) {
    return fail(ErrorCode::corrupt,
                "{}: does not belong to {} beside it, or was altered; restore both from one backup",
                file.string(), kHostKeyName);
  }
  Opened opened{
      .database = std::move(database), .kind = *kind, .root = root, .public_key = public_key};
  if (*kind != WorkspaceKind::production) {
    WEIR_ASSIGN(const std::string private_bytes, meta(opened.database, file, "private_key"));
    opened.private_key.emplace();
    WEIR_ASSIGN(opened.private_key->bytes, key_of(private_bytes, file));
  }
  const auto hash = blake2b(as_text(std::as_bytes(std::span(public_key))));
  opened.workspace = to_hex(std::as_bytes(std::span(hash).first(8)));
  return opened;
}

}  // namespace weir::vault::detail
