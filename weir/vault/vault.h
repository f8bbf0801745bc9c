#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/hash.h"
#include "weir/base/result.h"
#include "weir/event/ids.h"
#include "weir/ledger/database.h"
#include "weir/vault/shares.h"

namespace weir::vault {

/// What a workspace may do with identities; fixed when it is made.
enum class WorkspaceKind { production, simulated, evaluation };
std::string_view to_string(WorkspaceKind kind);

/// Canonical form of what tokens are made of: ASCII lower case, trimmed, a mail address without
/// angle brackets. Plus-tags and dots are kept: providers differ in what they mean.
std::string canonical(std::string_view identity);

/// Identities, sealed; keyed look-up of them; erasure by destroying a key.
///
/// Names and addresses are sealed to a public key whose private half exists only in shares (Shamir,
/// libgfshare) handed out when the workspace is made; simulated and evaluation workspaces keep it,
/// which is what makes `--reveal` possible there and nowhere else. Resolving a live address to a
/// person uses keyed hashes (`tokens`). Names inside records (subjects, file names) are encrypted
/// under a key of the person's own: destroying that key is what erasure means.
/// Whoever is root on the live host can read live mail and this host's keys: docs/threat-model.md.
///
/// Thread-safe: the token and `seal` functions. All else: one thread.
class Vault {
 public:
  struct CreateOptions {
    WorkspaceKind kind = WorkspaceKind::production;
    int shares_needed = 2;
    int shares_total = 3;
    /// Where the share files go, one per holder; to be moved away by the operator. Empty: none are
    /// written, which only simulated and evaluation workspaces may do.
    std::filesystem::path share_folder{};
  };
  /// Makes `folder` (mode 0700) with vault.db and host.key, and the share files. `already_exists`
  /// if there is a vault in the folder or a share file in its place. On failure nothing is left.
  static Result<void> create(const std::filesystem::path& folder, const CreateOptions& options);
  static Result<Vault> open(const std::filesystem::path& folder);

  Vault(Vault&&) noexcept;
  Vault& operator=(Vault&&) noexcept;
  ~Vault();

  WorkspaceKind kind() const;

  /// Which workspace the share files of this vault name.
  const std::string& workspace() const;

  /// Keyed hashes, never 0 for a text that is not empty; 0 for the empty text.
  event::AddressToken address_token(std::string_view canonical_address) const;
  event::DomainToken domain_token(std::string_view canonical_domain) const;
  event::HostToken host_token(std::string_view canonical_host) const;
  event::PlaceToken place_token(std::string_view place) const;
  /// Of a login or an employee id.
  std::uint64_t user_token(std::string_view canonical_user) const;
  event::ContentHash content_hash(std::string_view bytes_or_digest) const;
  event::RecordId record_id(std::string_view source_kind, std::string_view raw) const;

  /// Seals what is known of a person (JSON: name, ids, addresses) and makes the person's own key.
  /// Calling it again replaces the sealed text and keeps the key. Buffered; `flush` makes it last,
  /// and must have done so before anything sealed under the new key is acknowledged.
  Result<void> put_person(event::PersonId person, std::string_view identity_json);
  /// Remembers, sealed, what a token stands for. Buffered; `flush` makes it last. Cheap for a token
  /// that is remembered already, however many there are.
  Result<void> remember_address(event::AddressToken token, std::string_view address);
  Result<void> flush();

  /// Encrypts under the person's own key; `nonce` must be unique per text: the record's id.
  /// Empty for kNobody, unknown or erased people.
  std::string seal(event::PersonId person, const Hash128& nonce, std::string_view text) const;
  /// Empty if it cannot be opened (erased, wrong person, altered).
  std::optional<std::string> open_sealed(event::PersonId person, const Hash128& nonce,
                                         std::string_view sealed) const;

  /// Only in simulated and evaluation workspaces, else `permission_denied`.
  Result<std::string> reveal_person(event::PersonId person);
  Result<std::string> reveal_address(event::AddressToken token);
  /// In any workspace, with the key rebuilt from enough shares (`rebuild_key`).
  Result<std::string> reveal_person(event::PersonId person, const PrivateKey& key);
  Result<std::string> reveal_address(event::AddressToken token, const PrivateKey& key);

  /// Destroys the person's key and sealed identity, and what is remembered of `addresses`: sealed
  /// strings of this person, wherever they were copied, cannot be opened any more. The bytes are
  /// gone from the files of this folder too (it rewrites them: seconds for millions of addresses);
  /// backups made before keep theirs. `conflict` if another process reads meanwhile: the key is
  /// then destroyed, but its bytes may still be in the log; erase again.
  Result<void> erase(event::PersonId person, std::span<const event::AddressToken> addresses = {});

  /// vault.db as a consistent copy, host.key beside it, in an existing folder.
  Result<void> backup_to(const std::filesystem::path& folder);

 private:
  struct Impl;
  explicit Vault(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::vault
