#include "weir/protect/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

#include "weir/base/result.h"
#include "weir/protect/detail/siphash.h"
#include "weir/protect/detail/words.h"

namespace weir::protect {
namespace {

constexpr std::size_t kLeastContentLetters = 4;
constexpr std::size_t kMostWindow = 64;
constexpr std::size_t kChunk = 512;     // what is worked on at once
constexpr std::size_t kNearBefore = 4;  // content words before one that it is joined with

std::uint64_t raw(WordToken token) { return static_cast<std::uint64_t>(token); }

// Triples are taken whose upper half, tokens being as good as random, is below a share of all: most
// cost one multiplication and no division.
std::uint32_t share_of(int fraction) { return 0xffffffffu / static_cast<std::uint32_t>(fraction); }

using Tops = std::array<std::int32_t, 2 * kMostWindow + kChunk>;

/// The smallest of each of so many windows, which begin at one place after another: of two, four,
/// eight … and in the end of as many as it takes, four windows in a step. No branch depends on
/// where it is, because that nobody could foretell.
void find_smallest(const Tops& tops, std::size_t window, std::size_t windows, Tops& smallest) {
  using Four [[gnu::vector_size(16), gnu::aligned(4), gnu::may_alias]] = std::int32_t;
  const std::int32_t* from = tops.data();
  std::int32_t* const to = smallest.data();
  std::size_t covered = 1;
  if (window == 1) std::copy_n(from, windows, to);
  while (covered < window) {
    const std::size_t step = std::min(covered, window - covered);
    // What the next steps will ask for as well, up to the end of the last window.
    const std::size_t end = windows + window - covered - step;
    for (std::size_t i = 0; i < end; i += 4) {
      const Four a = reinterpret_cast<const Four&>(from[i]);
      const Four b = reinterpret_cast<const Four&>(from[i + step]);
      reinterpret_cast<Four&>(to[i]) = a < b ? a : b;
    }
    from = to;
    covered += step;
  }
}

/// The windows whose smallest is another than that of the window before, or the same that has come
/// once more with the window's last place.
std::size_t find_news(const std::int32_t* smallest, const std::int32_t* come, std::size_t windows,
                      std::int32_t before, std::uint32_t* news) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < windows; ++i) {
    const std::int32_t now = smallest[i];
    // Written down in any case, and written over if it is none.
    news[count] = static_cast<std::uint32_t>(i);
    count += static_cast<std::size_t>(now != before) | static_cast<std::size_t>(now == come[i]);
    before = now;
  }
  return count;
}

/// The word a letter is of; asked in order.
class PlaceToWord {
 public:
  explicit PlaceToWord(std::span<const Word> words)
      : words_(words.data()), last_(static_cast<std::uint32_t>(words.size()) - 1) {}
  std::uint32_t operator()(std::uint32_t place) {
    // Mostly this is enough, and how often it is taken is no branch.
    for (int i = 0; i < 3; ++i) {
      const std::uint32_t next = std::min(at_ + 1, last_);
      at_ = words_[next].letters_begin <= place ? next : at_;
    }
    while (at_ < last_ && words_[at_ + 1].letters_begin <= place) ++at_;
    return at_;
  }

 private:
  const Word* words_;
  std::uint32_t last_;
  std::uint32_t at_ = 0;
};

}  // namespace

FeatureMaker::FeatureMaker(const RegistryKey& key, const Options& options)
    : key_(key), options_(options) {
  WEIR_ASSERT(options.verbatim_letters > 0 && options.verbatim_letters <= 60);
  WEIR_ASSERT(options.verbatim_window > 0 &&
              options.verbatim_window < static_cast<int>(kMostWindow));
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
  out.pieces = 0;
  make_words(text, nullptr, out.words);
  make_passages(text, out);
}

void FeatureMaker::make(const CanonicalText& text, Features& out, WordCache& cache) const {
  if (cache.key_ != key_.check() || cache.entries_.empty()) {
    cache.key_ = key_.check();
    cache.entries_.assign(WordCache::kEntries, {});
  }
  out.pieces = 0;
  make_words(text, &cache, out.words);
  make_passages(text, out);
}

void FeatureMaker::make_words(const CanonicalText& text, WordCache* cache,
                              std::vector<WordToken>& out) const {
  // By a word's length: which of sixteen bytes are its own.
  constexpr auto kOwn = [] {
    std::array<std::pair<std::uint64_t, std::uint64_t>, WordCache::kMostLetters + 1> own{};
    for (std::size_t size = 0; size < own.size(); ++size) {
      const auto first = [](std::size_t bytes) { return (std::uint64_t{1} << (8 * bytes)) - 1; };
      own[size] = size < 8 ? std::pair(first(size), std::uint64_t{0})
                           : std::pair(~std::uint64_t{0}, first(size - 8));
    }
    return own;
  }();
  const std::span<const Word> words = text.words();
  const char* const letters = text.letters().data();
  out.resize(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words.data()[i];
    if (cache == nullptr || word.letters_size > WordCache::kMostLetters) {
      out.data()[i] = token(text.word(i));
      continue;
    }
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, letters + word.letters_begin, 8);
    std::memcpy(&high, letters + word.letters_begin + 8, 8);
    low &= kOwn[word.letters_size].first;
    high = (high & kOwn[word.letters_size].second) | (std::uint64_t{word.letters_size} << 56);
    const std::uint64_t mixed = (low ^ std::rotl(high, 29)) * 0x9e3779b97f4a7c15u;
    WordCache::Entry& entry = cache->entries_.data()[mixed >> (64 - WordCache::kBits)];
    if (entry.low != low || entry.high != high) {
      entry = {.low = low, .high = high, .token = token(text.word(i))};
    }
    out.data()[i] = entry.token;
  }
}

void FeatureMaker::make_passages(const CanonicalText& text, Features& out) const {
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

  // What leaves the run was turned once for each letter that came after it.
  std::array<std::uint64_t, 256> leaving;
  for (std::size_t i = 0; i < 256; ++i) leaving[i] = std::rotl(table[i], static_cast<int>(length));

  const auto* bytes = reinterpret_cast<const unsigned char*>(letters.data());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < length; ++i) hash = std::rotl(hash, 1) ^ table[bytes[i]];

  // A chunk of windows at a time, side by side. Compared are the upper halves of hashes.
  std::array<std::uint64_t, kMostWindow + kChunk> hashes;
  Tops tops;
  Tops smallest;                             // of the window that begins there
  std::array<std::uint32_t, kChunk> chosen;  // windows that say something new
  PlaceToWord word_at(text.words());
  std::int32_t before = 0;  // the smallest of the window before the first
  std::size_t filled = 0;
  const std::size_t count = letters.size() - length + 1;
  for (std::size_t next = 0; next < count;) {
    const std::size_t size = std::min(count - next, window - 1 + kChunk - filled);
    const std::size_t first = next - filled;  // the place of hashes[0]
    std::uint64_t* const new_hashes = hashes.data() + filled;
    std::int32_t* const new_tops = tops.data() + filled;
    for (std::size_t i = 0; i < size; ++i) {
      new_hashes[i] = hash;
      new_tops[i] = static_cast<std::int32_t>((hash >> 32) ^ 0x80000000u);
      // The last step of all reads one letter that is behind the text.
      hash = std::rotl(hash, 1) ^
             (table.data()[bytes[next + i + length]] ^ leaving.data()[bytes[next + i]]);
    }
    next += size;
    filled += size;
    const std::size_t windows = filled + 1 - window;
    find_smallest(tops, window, windows, smallest);

    if (first == 0) before = ~smallest[0];
    const std::size_t chosen_count =
        find_news(smallest.data(), tops.data() + window - 1, windows, before, chosen.data());
    before = smallest[windows - 1];

    const std::size_t features_before = out.size();
    out.resize(features_before + chosen_count);
    Feature* const to = out.data() + features_before;
    for (std::size_t i = 0; i < chosen_count; ++i) {
      std::size_t at = chosen[i] + window - 1;
      while (tops.data()[at] != smallest.data()[chosen[i]]) --at;  // the latest of equal ones
      to[i] = {.hash = key_.mix(hashes[at]),
               .word = word_at(static_cast<std::uint32_t>(first + at)),
               .tier = Tier::verbatim};
    }
    filled = window - 1;
    std::copy_n(hashes.begin() + static_cast<std::ptrdiff_t>(windows), filled, hashes.begin());
    std::copy_n(tops.begin() + static_cast<std::ptrdiff_t>(windows), filled, tops.begin());
  }
}

void FeatureMaker::make_reworded(std::span<const WordToken> words,
                                 std::vector<Feature>& out) const {
  // Which triples are taken is chance: they are written down in any case, and those that are not
  // taken written over, which costs less than a branch nobody can foretell.
  struct Taken {
    std::uint64_t joined;
    std::uint32_t word;
  };
  constexpr std::size_t kMostAtOnce = 1 + kNearBefore * (kNearBefore - 1) / 2;
  std::array<Taken, kChunk + kMostAtOnce> taken;
  std::size_t count = 0;
  const auto flush = [&] {
    const std::size_t before = out.size();
    out.resize(before + count);
    for (std::size_t i = 0; i < count; ++i) {
      out[before + i] = {
          .hash = key_.mix(taken[i].joined), .word = taken[i].word, .tier = Tier::reworded};
    }
    count = 0;
  };
  const std::uint32_t row_share = share_of(options_.row_fraction);
  const std::uint32_t near_share = share_of(options_.near_fraction);
  const auto near = static_cast<std::uint32_t>(options_.near_words);

  for (std::uint32_t at = 2; at < words.size(); ++at) {
    const WordToken* const row = words.data() + at - 2;
    const std::uint64_t a = raw(row[0]);
    const std::uint64_t b = raw(row[1]);
    const std::uint64_t c = raw(row[2]);
    const std::uint64_t joined =
        (a + std::rotl(b, 21) * 0x9e3779b97f4a7c15u) ^ (c * 0xc2b2ae3d27d4eb4fu);
    const bool has_content = ((a | b | c) & kContentBit) != 0;
    taken.data()[count] = {.joined = joined, .word = at - 2};
    count +=
        static_cast<std::size_t>(has_content) & static_cast<std::size_t>(joined >> 32 < row_share);
    if (count >= kChunk) flush();
  }

  struct Recent {
    std::uint64_t token = 0;
    std::uint32_t at = 0;
  };
  // Content words, newest first; at the beginning ones too far before the text to be near.
  std::array<Recent, kNearBefore> recent;
  recent.fill({.token = 0, .at = 0u - near});
  for (std::uint32_t at = 0; at < words.size(); ++at) {
    if (!is_content(words[at])) continue;
    const std::uint64_t c = raw(words[at]);
    const Recent* const before = recent.data();
#pragma GCC unroll 4
    for (std::size_t i = 1; i < kNearBefore; ++i) {
      const std::uint64_t sum = c + before[i].token;
      const std::uint64_t parity = c ^ before[i].token;
      const auto is_near = static_cast<std::size_t>(at - before[i].at < near);
#pragma GCC unroll 4
      for (std::size_t j = 0; j < i; ++j) {
        // Symmetric in the three, so that their order does not matter.
        const std::uint64_t joined =
            (sum + before[j].token) * 0xff51afd7ed558ccdu ^ std::rotl(parity ^ before[j].token, 32);
        taken.data()[count] = {.joined = joined, .word = before[i].at};
        count += is_near & static_cast<std::size_t>(joined >> 32 < near_share);
      }
    }
    if (count >= kChunk) flush();
    std::copy_backward(recent.begin(), recent.end() - 1, recent.end());
    recent[0] = {.token = c, .at = at};
  }
  flush();
}

}  // namespace weir::protect
