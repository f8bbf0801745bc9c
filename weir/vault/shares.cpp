#include "weir/vault/shares.h"

#include <sodium.h>

extern "C" {  // its header forgets to say so
#include <libgfshare.h>
}

#include <algorithm>
#include <memory>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"

namespace weir::vault {
namespace {

constexpr std::uint64_t kMaxShareFileBytes = 64 * 1024;

struct FreeContext {
  void operator()(gfshare_ctx* context) const { gfshare_ctx_free(context); }
};
using Context = std::unique_ptr<gfshare_ctx, FreeContext>;

void fill_random(unsigned char* buffer, unsigned int count) { randombytes_buf(buffer, count); }

std::string hex_of(std::span<const unsigned char> bytes) { return to_hex(std::as_bytes(bytes)); }

/// Over everything that matters, so that one wrong digit anywhere shows.
std::string check_sum(const Share& share) {
  const auto hash =
      blake2b(fmt::format("weir share 1/{}/{}/{}/{}/{}", share.workspace, share.holder,
                          share.needed, share.total, hex_of(share.bytes)));
  return hex_of(std::span(hash).first(4));
}

/// The text after "name:" on the line that starts so.
std::string_view field(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
      return trim(line.substr(name.size() + 1));
    }
  }
  return {};
}

bool parse_hex(std::string_view text, std::span<unsigned char> out) {
  std::size_t size = 0;
  const char* end = nullptr;
  const int rc = sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), " ", &size, &end);
  return rc == 0 && size == out.size() && end == text.data() + text.size();
}

}  // namespace

PrivateKey::~PrivateKey() { sodium_memzero(bytes.data(), bytes.size()); }

std::string workspace_of(const PrivateKey& key) {
  unsigned char public_key[crypto_scalarmult_BYTES];
  crypto_scalarmult_base(public_key, key.bytes.data());
  const auto hash = blake2b(as_text(std::as_bytes(std::span(public_key))));
  return hex_of(std::span(hash).first(8));
}

Result<std::vector<Share>> split_key(const PrivateKey& key, int needed, int total) {
  if (needed < 2 || needed > total || total > 255) {
    return fail(ErrorCode::invalid_argument,
                "a key cannot be split so that any {} of {} shares open it: at least 2 must be "
                "needed, and at most 255 made",
                needed, total);
  }
  std::vector<unsigned char> numbers;
  for (int i = 1; i <= total; ++i) numbers.push_back(static_cast<unsigned char>(i));
  gfshare_fill_rand = fill_random;
  const Context context(gfshare_ctx_init_enc(numbers.data(), static_cast<unsigned>(total),
                                             static_cast<unsigned char>(needed),
                                             static_cast<unsigned>(key.bytes.size())));
  if (context == nullptr) return fail(ErrorCode::internal, "libgfshare could not split the key");
  PrivateKey secret = key;
  gfshare_ctx_enc_setsecret(context.get(), secret.bytes.data());
  std::vector<Share> shares;
  for (int i = 0; i < total; ++i) {
    Share share{.holder = i + 1, .needed = needed, .total = total, .workspace = workspace_of(key)};
    gfshare_ctx_enc_getshare(context.get(), static_cast<unsigned char>(i), share.bytes.data());
    shares.push_back(std::move(share));
  }
  return shares;
}

Result<PrivateKey> rebuild_key(std::span<const Share> shares) {
  if (shares.empty()) return fail(ErrorCode::invalid_argument, "no shares were given");
  const Share& first = shares.front();
  std::vector<unsigned char> numbers;
  for (const Share& share : shares) {
    if (share.workspace != first.workspace || share.needed != first.needed) {
      return fail(ErrorCode::invalid_argument,
                  "the shares belong to different workspaces ({} and {}): give shares of one",
                  first.workspace, share.workspace);
    }
    const auto number = static_cast<unsigned char>(share.holder);
    if (std::ranges::find(numbers, number) != numbers.end()) {
      return fail(ErrorCode::invalid_argument,
                  "the share of holder {} was given twice: give those of different holders",
                  share.holder);
    }
    numbers.push_back(number);
  }
  const auto needed = static_cast<std::size_t>(first.needed);
  if (shares.size() < needed) {
    return fail(ErrorCode::invalid_argument,
                "{} shares of workspace {} are needed and {} given: ask another holder",
                first.needed, first.workspace, shares.size());
  }
  numbers.resize(needed);
  const Context context(gfshare_ctx_init_dec(numbers.data(), static_cast<unsigned>(needed),
                                             static_cast<unsigned>(first.bytes.size())));
  if (context == nullptr) return fail(ErrorCode::internal, "libgfshare could not join the shares");
  for (std::size_t i = 0; i < needed; ++i) {
    std::array<unsigned char, 32> bytes = shares[i].bytes;
    gfshare_ctx_dec_giveshare(context.get(), static_cast<unsigned char>(i), bytes.data());
  }
  PrivateKey key;
  gfshare_ctx_dec_extract(context.get(), key.bytes.data());
  if (workspace_of(key) != first.workspace) {
    return fail(ErrorCode::corrupt,
                "these shares do not make the key of workspace {}: one of them is not what was "
                "handed out; try the share of another holder",
                first.workspace);
  }
  return key;
}

std::string to_text(const Share& share) {
  std::string digits;
  const std::string hex = hex_of(share.bytes);
  for (std::size_t i = 0; i < hex.size(); i += 8) {
    if (i > 0) digits += ' ';
    digits += hex.substr(i, 8);
  }
  return fmt::format(
      R"(weir share 1
workspace: {0}
holder: {1} of {2}
needed: {3}
share: {4}
check: {5}

This is one of {2} parts of the key that opens the names in this Weir workspace.
Any {3} of the {2} holders together can open a name; fewer learn nothing.

Holder {1}: take this file off the machine that Weir runs on, to a place only you
can reach (a stick in a safe, or this page on paper: the lines above are all it
takes), and delete it here. Do not keep two shares in one place. Never send it by
mail. If {3} holders cannot be found any more, no name can ever be opened again.
)",
      share.workspace, share.holder, share.total, share.needed, digits, check_sum(share));
}

Result<Share> parse_share(std::string_view text, std::string_view name) {
  if (!trim(text).starts_with("weir share 1")) {
    return fail(ErrorCode::parse, "{}: not a share file (its first line is 'weir share 1')", name);
  }
  Share share;
  share.workspace = to_lower_ascii(field(text, "workspace"));
  const auto holder = split(field(text, "holder"), ' ');
  const auto number = parse_u64(holder[0]);
  const auto total = holder.size() == 3 ? parse_u64(holder[2]) : std::nullopt;
  const auto needed = parse_u64(field(text, "needed"));
  if (share.workspace.size() != 16 || !number || !total || !needed || *total > 255 || *number < 1 ||
      *number > *total || *needed < 2 || *needed > *total ||
      !parse_hex(field(text, "share"), share.bytes)) {
    return fail(ErrorCode::parse,
                "{}: a line of the share is missing or not in its form (workspace, holder, needed, "
                "share, check)",
                name);
  }
  share.holder = static_cast<int>(*number);
  share.total = static_cast<int>(*total);
  share.needed = static_cast<int>(*needed);
  if (to_lower_ascii(field(text, "check")) != check_sum(share)) {
    return fail(ErrorCode::corrupt,
                "{}: the share of holder {} is damaged or was typed wrong: its check sum does not "
                "fit; compare it with the original, or ask another holder",
                name, share.holder);
  }
  return share;
}

Result<PrivateKey> rebuild_key_from_files(std::span<const std::filesystem::path> files) {
  std::vector<Share> shares;
  for (const std::filesystem::path& file : files) {
    WEIR_ASSIGN(const std::string text, read_file(file, kMaxShareFileBytes));
    WEIR_ASSIGN(Share share, parse_share(text, file.string()));
    shares.push_back(std::move(share));
  }
  return rebuild_key(shares);
}

}  // namespace weir::vault
