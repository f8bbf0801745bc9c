#include "weir/protect/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "weir/base/result.h"
#include "weir/protect/detail/siphash.h"
#include "weir/protect/detail/words.h"

namespace weir::protect {
namespace {

constexpr std::size_t kLeastContentLetters = 4;
constexpr std::size_t kRing = 64;       // of rolling hashes; more than any window
constexpr std::size_t kNearBefore = 4;  // content words before one that it is joined with

std::uint64_t raw(WordToken token) { return static_cast<std::uint64_t>(token); }

// Triples are taken whose upper half, tokens being as good as random, is below a share of all: most
// cost one multiplication and no division.
std::uint32_t share_of(int fraction) { return 0xffffffffu / static_cast<std::uint32_t>(fraction); }

}  // namespace

FeatureMaker::FeatureMaker(const RegistryKey& key, const Options& options)
    : key_(key), options_(options) {
  WEIR_ASSERT(options.verbatim_letters > 0 && options.verbatim_letters <= 60);
  WEIR_ASSERT(options.verbatim_window > 0 && options.verbatim_window < static_cast<int>(kRing));
  WEIR_ASSERT(options.row_fraction > 0 && options.near_fraction > 0 && options.near_words > 1);
  for (const std::string_view word : common_words()) {
    common_.set(static_cast<WordId>(siphash<1, 3>(key.words(), light_stem(word))));
  }
}

WordToken FeatureMaker::token(std::string_view word) const {
  const std::uint64_t hash = siphash<1, 3>(key_.words(), light_stem(word)) & ~kContentBit;
  const bool content = word.size() >= kLeastContentLetters && !common_[static_cast<WordId>(hash)];
  return WordToken{content ? hash | kContentBit : hash};
}

void FeatureMaker::make(const CanonicalText& text, Features& out) const {
  const std::size_t count = text.words().size();
  out.words.resize(count);
  for (std::size_t i = 0; i < count; ++i) out.words[i] = token(text.word(i));
  out.found.clear();
  make_verbatim(text, out.found);
  make_reworded(out.words, out.found);
}

void FeatureMaker::make_verbatim(const CanonicalText& text, std::vector<Feature>& out) const {
  const std::string_view letters = text.letters();
  const auto& table = key_.rolling();
  const auto length = static_cast<std::size_t>(options_.verbatim_letters);
  const auto window = static_cast<std::size_t>(options_.verbatim_window);
  if (letters.size() < length + window - 1) return;

  // What leaves the window was turned once for each letter that came after it.
  std::array<std::uint64_t, 256> leaving;
  for (std::size_t i = 0; i < 256; ++i) leaving[i] = std::rotl(table[i], static_cast<int>(length));

  const auto* bytes = reinterpret_cast<const unsigned char*>(letters.data());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < length - 1; ++i) hash = std::rotl(hash, 1) ^ table[bytes[i]];

  std::uint64_t left = 0;  // what leaves with the next letter
  std::array<std::uint64_t, kRing> ring;
  std::uint64_t smallest = ~std::uint64_t{0};
  std::size_t smallest_at = 0;
  std::size_t word = 0;
  const std::vector<Word>& words = text.words();
  const auto emit = [&] {
    while (word + 1 < words.size() && words[word + 1].letters_begin <= smallest_at) ++word;
    out.push_back({.hash = key_.mix(smallest),
                   .word = static_cast<std::uint32_t>(word),
                   .tier = Tier::verbatim});
  };
  const std::size_t count = letters.size() - length + 1;
  for (std::size_t at = 0; at < count; ++at) {
    hash = std::rotl(hash, 1) ^ table[bytes[at + length - 1]] ^ left;
    left = leaving[bytes[at]];
    ring[at % kRing] = hash;
    // The later of two equal ones, so that a run of one letter does not emit at every place.
    if (hash <= smallest) {
      smallest = hash;
      smallest_at = at;
      if (at + 1 >= window) emit();
    } else if (at + 1 == window) {
      emit();
    } else if (smallest_at + window <= at) {
      smallest = ~std::uint64_t{0};
      for (std::size_t i = at + 1 - window; i <= at; ++i) {
        if (ring[i % kRing] <= smallest) {
          smallest = ring[i % kRing];
          smallest_at = i;
        }
      }
      emit();
    }
  }
}

void FeatureMaker::make_reworded(std::span<const WordToken> words,
                                 std::vector<Feature>& out) const {
  const std::uint32_t row_share = share_of(options_.row_fraction);
  const std::uint32_t near_share = share_of(options_.near_fraction);
  const auto near = static_cast<std::uint32_t>(options_.near_words);
  struct Recent {
    std::uint64_t token = 0;
    std::uint32_t at = 0;
  };
  std::array<Recent, kNearBefore> recent{};  // content words, newest first
  std::size_t recents = 0;

  for (std::uint32_t at = 0; at < words.size(); ++at) {
    if (at >= 2) {
      const std::uint64_t a = raw(words[at - 2]);
      const std::uint64_t b = raw(words[at - 1]);
      const std::uint64_t c = raw(words[at]);
      if (((a | b | c) & kContentBit) != 0) {
        const std::uint64_t joined =
            (a + std::rotl(b, 21) * 0x9e3779b97f4a7c15u) ^ (c * 0xc2b2ae3d27d4eb4fu);
        if (joined >> 32 < row_share) {
          out.push_back({.hash = key_.mix(joined), .word = at - 2, .tier = Tier::reworded});
        }
      }
    }
    if (!is_content(words[at])) continue;
    const std::uint64_t c = raw(words[at]);
    while (recents > 0 && at - recent[recents - 1].at >= near) --recents;
    for (std::size_t i = 1; i < recents; ++i) {
      const std::uint64_t sum = c + recent[i].token;
      const std::uint64_t parity = c ^ recent[i].token;
      for (std::size_t j = 0; j < i; ++j) {
        // Symmetric in the three, so that their order does not matter.
        const std::uint64_t joined =
            (sum + recent[j].token) * 0xff51afd7ed558ccdu ^ std::rotl(parity ^ recent[j].token, 32);
        if (joined >> 32 < near_share) {
          out.push_back({.hash = key_.mix(joined), .word = recent[i].at, .tier = Tier::reworded});
        }
      }
    }
    std::copy_backward(recent.begin(), recent.end() - 1, recent.end());
    recent[0] = {.token = c, .at = at};
    recents = std::min(recents + 1, kNearBefore);
  }
}

}  // namespace weir::protect
