#include "weir/protect/background.h"

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

namespace weir::protect {
namespace {

constexpr std::string_view kMagic = "WEIRPBGR";
constexpr std::uint32_t kVersion = 1;
constexpr int kLeastBits = 10;
constexpr int kMostBits = 30;

}  // namespace

Background::Background(const Options& options) {
  WEIR_ASSERT(options.counter_bits >= kLeastBits && options.counter_bits <= kMostBits);
  WEIR_ASSERT(options.least_texts >= 1 && options.least_texts <= 255);
  shift_ = 64 - options.counter_bits;
  least_texts_ = static_cast<std::uint8_t>(options.least_texts);
  counters_.resize(std::size_t{1} << options.counter_bits);
}

void Background::learn(std::span<const Feature> features) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(features.size());
  for (const Feature& feature : features) hashes.push_back(feature.hash);
  std::ranges::sort(hashes);
  const auto repeated = std::ranges::unique(hashes);
  hashes.erase(repeated.begin(), repeated.end());
  for (const std::uint64_t hash : hashes) {
    for (std::uint64_t probe = 0; probe < kProbes; ++probe) {
      std::uint8_t& counter = counters_[place(hash, probe)];
      if (counter < 255) ++counter;
    }
  }
  ++texts_;
}

std::string Background::encode(const RegistryKey& key) const {
  std::string out(kMagic);
  ByteWriter writer(out);
  writer.fixed(kVersion);
  writer.fixed(static_cast<std::uint32_t>(64 - shift_));
  writer.fixed(static_cast<std::uint32_t>(least_texts_));
  writer.fixed(texts_);
  writer.fixed(key.check());
  out.append(reinterpret_cast<const char*>(counters_.data()), counters_.size());
  writer.fixed(checksum64(out));
  return out;
}

Result<Background> Background::decode(std::string_view bytes, const RegistryKey& key) {
  const auto corrupt = [] {
    return fail(ErrorCode::corrupt, "the background is not what was written: learn it again");
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic)) return corrupt();
  ByteReader tail(bytes.substr(bytes.size() - 8));
  if (tail.fixed<std::uint64_t>() != checksum64(bytes.substr(0, bytes.size() - 8))) {
    return corrupt();
  }
  ByteReader reader(bytes.substr(kMagic.size()));
  if (reader.fixed<std::uint32_t>() != kVersion) {
    return fail(ErrorCode::unsupported, "a background of another version: learn it again");
  }
  const auto bits = reader.fixed<std::uint32_t>();
  const auto least = reader.fixed<std::uint32_t>();
  const auto texts = reader.fixed<std::uint64_t>();
  const auto check = reader.fixed<std::uint64_t>();
  if (!reader.ok() || bits < kLeastBits || bits > kMostBits || least < 1 || least > 255 ||
      reader.remaining() != (std::size_t{1} << bits) + 8) {
    return corrupt();
  }
  if (check != key.check()) {
    return fail(ErrorCode::permission_denied, "the background belongs to another registry secret");
  }
  Background background(
      {.counter_bits = static_cast<int>(bits), .least_texts = static_cast<int>(least)});
  background.texts_ = texts;
  const std::string_view counters = bytes.substr(bytes.size() - 8 - (std::size_t{1} << bits));
  std::copy_n(counters.begin(), background.counters_.size(), background.counters_.begin());
  return background;
}

}  // namespace weir::protect
