#include "weir/vault/vault.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "weir/base/bytes.h"
#include "weir/base/entropy.h"
#include "weir/base/file.h"
#include "weir/base/text.h"
#include "weir/vault/detail/box.h"
#include "weir/vault/detail/files.h"
#include "weir/vault/detail/token_set.h"

namespace weir::vault {
namespace {

using detail::Key32;

constexpr std::size_t kMaxPending = 20'000;  // then they are written without being asked
constexpr std::size_t kMaxIdentityBytes = 1u << 20;
/// In front of what `seal` makes, so that another cipher can follow.
constexpr char kSealVersion = 1;

std::string context_of(std::string_view kind, std::uint64_t id) {
  std::string context(kind);
  ByteWriter(context).fixed(id);
  return context;
}

std::string person_context(std::uint64_t person) { return context_of("person", person); }

/// The two halves fill it exactly, and no two records of a person share one.
detail::Nonce24 nonce_of(event::PersonId person, const Hash128& record) {
  detail::Nonce24 nonce;
  std::memcpy(nonce.data(), &record.high, 8);
  std::memcpy(nonce.data() + 8, &record.low, 8);
  std::memcpy(nonce.data() + 16, &person, 8);
  return nonce;
}

/// 0 is kept for "none".
template <class Token>
Token token_from(const HashKey& key, std::string_view text) {
  if (text.empty()) return Token{};
  const std::uint64_t hash = keyed_hash64(key, text);
  return static_cast<Token>(hash == 0 ? 1 : hash);
}

struct PendingPerson {
  std::uint64_t person = 0;
  std::size_t order = 0;
  std::string wrapped_key;
  std::string identity;
};

struct PendingAddress {
  std::uint64_t token = 0;
  std::string address;
};

}  // namespace

std::string_view to_string(WorkspaceKind kind) {
  switch (kind) {
    case WorkspaceKind::production:
      return "production";
    case WorkspaceKind::simulated:
      return "simulated";
    case WorkspaceKind::evaluation:
      return "evaluation";
  }
  return "unknown";
}

std::string canonical(std::string_view identity) {
  identity = trim(identity);
  if (identity.size() >= 2 && identity.front() == '<' && identity.back() == '>') {
    identity = trim(identity.substr(1, identity.size() - 2));
  }
  return to_lower_ascii(identity);
}

struct Vault::Impl {
  std::filesystem::path folder;
  detail::Opened files;

  HashKey address_key, domain_key, host_key, place_key, user_key, content_key, record_key,
      record_kind_key;
  Key32 wrapping_key;

  /// Names are sealed under a key of this process run, which itself is sealed to the public key:
  /// one slow operation a run instead of one a name, and still only the private half opens them.
  std::int64_t session = 0;
  Key32 session_key;
  bool session_stored = false;

  mutable std::shared_mutex keys_mutex;
  std::unordered_map<std::uint64_t, Key32> keys;  // the people's own
  detail::TokenSet remembered;

  std::vector<PendingPerson> pending_people;
  std::vector<PendingAddress> pending_addresses;

  Impl(std::filesystem::path in, detail::Opened opened);
  ~Impl();
  Result<void> load();
  Result<void> store_pending();
  Result<std::string> open_row(std::string_view sql, std::uint64_t id, std::string_view context,
                               const PrivateKey& key);
  Result<PrivateKey> kept_key() const;
};

Vault::Impl::Impl(std::filesystem::path in, detail::Opened opened)
    : folder(std::move(in)),
      files(std::move(opened)),
      address_key(derive_key(files.root, "address")),
      domain_key(derive_key(files.root, "domain")),
      host_key(derive_key(files.root, "host")),
      place_key(derive_key(files.root, "place")),
      user_key(derive_key(files.root, "user")),
      content_key(derive_key(files.root, "content")),
      record_key(derive_key(files.root, "record-id")),
      record_kind_key(derive_key(files.root, "record-id of kind")),
      wrapping_key(detail::derive_key32(files.root, "person-key")),
      session(static_cast<std::int64_t>(unpredictable64() >> 1)),
      session_key(detail::random_key()) {}

Vault::Impl::~Impl() {
  sodium_memzero(files.root.data(), files.root.size());
  sodium_memzero(wrapping_key.data(), wrapping_key.size());
  sodium_memzero(session_key.data(), session_key.size());
  for (auto& [person, key] : keys) sodium_memzero(key.data(), key.size());
}

Result<void> Vault::Impl::load() {
  WEIR_ASSIGN(ledger::Statement people,
              files.database.prepare("SELECT person, wrapped_key FROM vault_person"));
  for (;;) {
    WEIR_ASSIGN(const bool row, people.step());
    if (!row) break;
    const std::uint64_t person = people.number(0);
    const auto bytes = detail::open_box(wrapping_key, person_context(person), people.blob(1));
    Key32 key;
    if (!bytes || bytes->size() != key.size()) {
      return fail(
          ErrorCode::corrupt,
          "{}: a person's key in vault.db cannot be opened with host.key; restore both from "
          "one backup",
          folder.string());
    }
    std::ranges::copy(*bytes, key.begin());
    keys.emplace(person, key);
  }
  WEIR_ASSIGN(ledger::Statement addresses,
              files.database.prepare("SELECT token FROM vault_address"));
  for (;;) {
    WEIR_ASSIGN(const bool row, addresses.step());
    if (!row) return {};
    if (addresses.number(0) != 0) remembered.insert(addresses.number(0));
  }
}

Result<void> Vault::Impl::store_pending() {
  if (pending_people.empty() && pending_addresses.empty()) return {};
  ledger::Database& database = files.database;
  // In the order of the tables' keys: inserting in random order writes each page many times. Of two
  // identities of one person the one put later must stay the later.
  std::ranges::sort(pending_people, {}, [](const PendingPerson& pending) {
    return std::pair(pending.person, pending.order);
  });
  std::ranges::sort(pending_addresses, {}, &PendingAddress::token);
  WEIR_ASSIGN(ledger::Transaction transaction, database.begin());
  if (!session_stored) {
    WEIR_ASSIGN(ledger::Statement insert,
                database.prepare("INSERT INTO vault_session VALUES(?, ?)"));
    const std::string key(session_key.begin(), session_key.end());
    WEIR_TRY(insert.bind(1, session).bind_blob(2, detail::seal_to(files.public_key, key)).run());
  }
  WEIR_ASSIGN(
      ledger::Statement person,
      database.prepare("INSERT INTO vault_person VALUES(?, ?, ?, ?) ON CONFLICT(person) "
                       "DO UPDATE SET session=excluded.session, identity=excluded.identity"));
  for (const PendingPerson& pending : pending_people) {
    WEIR_TRY(person.bind(1, pending.person)
                 .bind_blob(2, pending.wrapped_key)
                 .bind(3, session)
                 .bind_blob(4, pending.identity)
                 .run());
  }
  WEIR_ASSIGN(ledger::Statement address,
              database.prepare("INSERT OR IGNORE INTO vault_address(token, session, address) "
                               "VALUES(?, ?, ?)"));
  for (const PendingAddress& pending : pending_addresses) {
    WEIR_TRY(address.bind(1, pending.token).bind(2, session).bind_blob(3, pending.address).run());
  }
  WEIR_TRY(transaction.commit());
  session_stored = true;
  pending_people.clear();
  pending_addresses.clear();
  return {};
}

Result<std::string> Vault::Impl::open_row(std::string_view sql, std::uint64_t id,
                                          std::string_view context, const PrivateKey& key) {
  WEIR_TRY(store_pending());
  WEIR_ASSIGN(ledger::Statement row, files.database.prepare(sql));
  WEIR_ASSIGN(const bool found, row.bind(1, id).step());
  if (!found) return fail(ErrorCode::not_found, "the vault holds no name for this");
  const std::string sealed_key = row.blob(0);
  const std::string sealed = row.blob(1);
  row.reset();
  const auto session_bytes = detail::open_sealed_to(key.bytes, sealed_key);
  if (!session_bytes || session_bytes->size() != sizeof(Key32)) {
    return fail(ErrorCode::permission_denied,
                "this key does not open the names of workspace {}: it belongs to another",
                files.workspace);
  }
  Key32 opened;
  std::ranges::copy(*session_bytes, opened.begin());
  auto text = detail::open_box(opened, context, sealed);
  if (!text) {
    return fail(ErrorCode::corrupt, "{}: a sealed name was altered; restore vault.db from a backup",
                folder.string());
  }
  return std::move(*text);
}

Result<PrivateKey> Vault::Impl::kept_key() const {
  if (files.kind == WorkspaceKind::production || !files.private_key) {
    return fail(
        ErrorCode::permission_denied,
        "names can be revealed only in a workspace made with --simulated or --evaluation; in "
        "this one they take the shares of the key's holders");
  }
  return *files.private_key;
}

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::Vault(Vault&&) noexcept = default;
Vault& Vault::operator=(Vault&&) noexcept = default;
Vault::~Vault() = default;

Result<void> Vault::create(const std::filesystem::path& folder, const CreateOptions& options) {
  return detail::create_files(folder, options);
}

Result<Vault> Vault::open(const std::filesystem::path& folder) {
  WEIR_ASSIGN(detail::Opened opened, detail::open_files(folder));
  auto impl = std::make_unique<Impl>(folder, std::move(opened));
  WEIR_TRY(impl->load());
  return Vault(std::move(impl));
}

WorkspaceKind Vault::kind() const { return impl_->files.kind; }
const std::string& Vault::workspace() const { return impl_->files.workspace; }

event::AddressToken Vault::address_token(std::string_view canonical_address) const {
  return token_from<event::AddressToken>(impl_->address_key, canonical_address);
}
event::DomainToken Vault::domain_token(std::string_view canonical_domain) const {
  return token_from<event::DomainToken>(impl_->domain_key, canonical_domain);
}
event::HostToken Vault::host_token(std::string_view canonical_host) const {
  return token_from<event::HostToken>(impl_->host_key, canonical_host);
}
event::PlaceToken Vault::place_token(std::string_view place) const {
  return token_from<event::PlaceToken>(impl_->place_key, place);
}
std::uint64_t Vault::user_token(std::string_view canonical_user) const {
  return token_from<std::uint64_t>(impl_->user_key, canonical_user);
}

event::ContentHash Vault::content_hash(std::string_view bytes_or_digest) const {
  if (bytes_or_digest.empty()) return {};
  return keyed_hash128(impl_->content_key, bytes_or_digest);
}

event::RecordId Vault::record_id(std::string_view source_kind, std::string_view raw) const {
  // The raw record can be long, so it is hashed where it lies; the kind joins in a second, short
  // hash.
  const Hash128 of_raw = keyed_hash128(impl_->record_key, raw);
  const std::uint64_t of_kind = keyed_hash64(impl_->record_kind_key, source_kind);
  char both[24];
  std::memcpy(both, &of_raw.high, 8);
  std::memcpy(both + 8, &of_raw.low, 8);
  std::memcpy(both + 16, &of_kind, 8);
  return keyed_hash128(impl_->record_kind_key, {both, sizeof both});
}

Result<void> Vault::put_person(event::PersonId person, std::string_view identity_json) {
  if (person == event::kNobody) {
    return fail(ErrorCode::invalid_argument, "nobody has no identity to seal");
  }
  if (identity_json.size() > kMaxIdentityBytes) {
    return fail(ErrorCode::limit_exceeded, "an identity of {} bytes: at most {} are kept",
                identity_json.size(), kMaxIdentityBytes);
  }
  const auto id = static_cast<std::uint64_t>(person);
  const std::string context = person_context(id);
  Key32 key;
  {
    const std::unique_lock lock(impl_->keys_mutex);
    key = impl_->keys.try_emplace(id, detail::random_key()).first->second;
  }
  // The row keeps the wrap it has, if it has one.
  impl_->pending_people.push_back(
      {id, impl_->pending_people.size(),
       detail::seal_box(impl_->wrapping_key, context, {reinterpret_cast<char*>(key.data()), 32}),
       detail::seal_box(impl_->session_key, context, identity_json)});
  sodium_memzero(key.data(), key.size());
  if (impl_->pending_people.size() >= kMaxPending) return impl_->store_pending();
  return {};
}

Result<void> Vault::remember_address(event::AddressToken token, std::string_view address) {
  const auto id = static_cast<std::uint64_t>(token);
  if (id == 0 || address.size() > kMaxIdentityBytes || !impl_->remembered.insert(id)) return {};
  impl_->pending_addresses.push_back(
      {id, detail::seal_box(impl_->session_key, context_of("address", id), address)});
  if (impl_->pending_addresses.size() >= kMaxPending) return impl_->store_pending();
  return {};
}

Result<void> Vault::flush() { return impl_->store_pending(); }

std::string Vault::seal(event::PersonId person, const Hash128& nonce, std::string_view text) const {
  const auto id = static_cast<std::uint64_t>(person);
  Key32 key;
  {
    const std::shared_lock lock(impl_->keys_mutex);
    const auto found = impl_->keys.find(id);
    if (found == impl_->keys.end()) return {};
    key = found->second;
  }
  std::string sealed = detail::encrypt(key, nonce_of(person, nonce), person_context(id), text);
  sodium_memzero(key.data(), key.size());
  sealed.insert(sealed.begin(), kSealVersion);
  return sealed;
}

std::optional<std::string> Vault::open_sealed(event::PersonId person, const Hash128& nonce,
                                              std::string_view sealed) const {
  if (sealed.empty() || sealed.front() != kSealVersion) return {};
  const auto id = static_cast<std::uint64_t>(person);
  Key32 key;
  {
    const std::shared_lock lock(impl_->keys_mutex);
    const auto found = impl_->keys.find(id);
    if (found == impl_->keys.end()) return {};
    key = found->second;
  }
  auto text = detail::decrypt(key, nonce_of(person, nonce), person_context(id), sealed.substr(1));
  sodium_memzero(key.data(), key.size());
  return text;
}

Result<std::string> Vault::reveal_person(event::PersonId person) {
  WEIR_ASSIGN(const PrivateKey key, impl_->kept_key());
  return reveal_person(person, key);
}

Result<std::string> Vault::reveal_address(event::AddressToken token) {
  WEIR_ASSIGN(const PrivateKey key, impl_->kept_key());
  return reveal_address(token, key);
}

Result<std::string> Vault::reveal_person(event::PersonId person, const PrivateKey& key) {
  const auto id = static_cast<std::uint64_t>(person);
  return impl_->open_row(
      "SELECT sealed_key, identity FROM vault_person JOIN vault_session ON session=id "
      "WHERE person=?",
      id, person_context(id), key);
}

Result<std::string> Vault::reveal_address(event::AddressToken token, const PrivateKey& key) {
  const auto id = static_cast<std::uint64_t>(token);
  return impl_->open_row(
      "SELECT sealed_key, address FROM vault_address JOIN vault_session ON session=id "
      "WHERE token=?",
      id, context_of("address", id), key);
}

Result<void> Vault::erase(event::PersonId person, std::span<const event::AddressToken> addresses) {
  WEIR_TRY(impl_->store_pending());
  const auto id = static_cast<std::uint64_t>(person);
  ledger::Database& database = impl_->files.database;
  {
    WEIR_ASSIGN(ledger::Transaction transaction, database.begin());
    WEIR_ASSIGN(ledger::Statement forget,
                database.prepare("DELETE FROM vault_person WHERE person=?"));
    WEIR_TRY(forget.bind(1, id).run());
    WEIR_ASSIGN(ledger::Statement forget_address,
                database.prepare("DELETE FROM vault_address WHERE token=?"));
    for (const event::AddressToken token : addresses) {
      WEIR_TRY(forget_address.bind(1, static_cast<std::uint64_t>(token)).run());
    }
    WEIR_TRY(transaction.commit());
  }
  {
    const std::unique_lock lock(impl_->keys_mutex);
    if (const auto found = impl_->keys.find(id); found != impl_->keys.end()) {
      sodium_memzero(found->second.data(), found->second.size());
      impl_->keys.erase(found);
    }
  }
  if (!addresses.empty()) {
    impl_->remembered = {};
    WEIR_ASSIGN(ledger::Statement left, database.prepare("SELECT token FROM vault_address"));
    for (;;) {
      WEIR_ASSIGN(const bool row, left.step());
      if (!row) break;
      if (left.number(0) != 0) impl_->remembered.insert(left.number(0));
    }
  }
  // Moving cells between pages can leave old copies of them in unused parts, which secure_delete
  // does not reach: only writing every page anew does.
  WEIR_TRY(database.execute("VACUUM"));
  return database.checkpoint();
}

Result<void> Vault::backup_to(const std::filesystem::path& folder) {
  WEIR_TRY(impl_->store_pending());
  WEIR_TRY(impl_->files.database.backup_to(folder / detail::kDatabaseName));
  return write_file_atomic(folder / detail::kHostKeyName,
                           as_text(std::as_bytes(std::span(impl_->files.root))));
}

}  // namespace weir::vault
