#include "weir/vault/detail/box.h"

#include <sodium.h>

#include <algorithm>

#include "weir/base/result.h"

namespace weir::vault::detail {
namespace {

const unsigned char* data_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* data_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == sizeof(Nonce24));
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(Key32));
static_assert(crypto_box_PUBLICKEYBYTES == sizeof(Key32));

}  // namespace

Key32 random_key() {
  Key32 key;
  randombytes_buf(key.data(), key.size());
  return key;
}

Key32 derive_key32(const Key32& root, std::string_view purpose) {
  Key32 key;
  const int rc = crypto_generichash(key.data(), key.size(), data_of(purpose), purpose.size(),
                                    root.data(), root.size());
  WEIR_ASSERT(rc == 0);
  return key;
}

std::string encrypt(const Key32& key, const Nonce24& nonce, std::string_view context,
                    std::string_view text) {
  std::string out(text.size() + kTag, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(data_of(out), nullptr, data_of(text), text.size(),
                                             data_of(context), context.size(), nullptr,
                                             nonce.data(), key.data());
  return out;
}

std::optional<std::string> decrypt(const Key32& key, const Nonce24& nonce, std::string_view context,
                                   std::string_view encrypted) {
  if (encrypted.size() < kTag) return {};
  std::string out(encrypted.size() - kTag, '\0');
  const int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(
      data_of(out), nullptr, nullptr, data_of(encrypted), encrypted.size(), data_of(context),
      context.size(), nonce.data(), key.data());
  if (rc != 0) return {};
  return out;
}

std::string seal_box(const Key32& key, std::string_view context, std::string_view text) {
  Nonce24 nonce;
  randombytes_buf(nonce.data(), nonce.size());
  std::string box(reinterpret_cast<const char*>(nonce.data()), nonce.size());
  return box + encrypt(key, nonce, context, text);
}

std::optional<std::string> open_box(const Key32& key, std::string_view context,
                                    std::string_view box) {
  Nonce24 nonce;
  if (box.size() < nonce.size()) return {};
  std::copy_n(data_of(box), nonce.size(), nonce.begin());
  return decrypt(key, nonce, context, box.substr(nonce.size()));
}

std::string seal_to(const Key32& public_key, std::string_view text) {
  std::string out(text.size() + crypto_box_SEALBYTES, '\0');
  const int rc = crypto_box_seal(data_of(out), data_of(text), text.size(), public_key.data());
  WEIR_ASSERT(rc == 0);
  return out;
}

Key32 public_half(const Key32& private_key) {
  Key32 out;
  const int rc = crypto_scalarmult_base(out.data(), private_key.data());
  WEIR_ASSERT(rc == 0);
  return out;
}

std::optional<std::string> open_sealed_to(const Key32& private_key, std::string_view sealed) {
  if (sealed.size() < crypto_box_SEALBYTES) return {};
  const Key32 public_key = public_half(private_key);
  std::string out(sealed.size() - crypto_box_SEALBYTES, '\0');
  const int rc = crypto_box_seal_open(data_of(out), data_of(sealed), sealed.size(),
                                      public_key.data(), private_key.data());
  if (rc != 0) return {};
  return out;
}

}  // namespace weir::vault::detail
