#include "weir/protect/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "weir/base/result.h"
#include "weir/protect/detail/minimisers.h"
#include "weir/protect/detail/near_triples.h"
#include "weir/protect/detail/short_word.h"
#include "weir/protect/detail/siphash.h"
#include "weir/protect/detail/words.h"

namespace weir::protect {
namespace {

constexpr std::size_t kLeastContentLetters = 4;
constexpr std::size_t kChunk = 512;  // what is worked on at once

std::uint64_t raw(WordToken token) { return static_cast<std::uint64_t>(token); }

// Triples are taken whose upper half, tokens being as good as random, is below a share of all: most
// cost one multiplication and no division.
std::uint32_t share_of(int fraction) { return 0xffffffffu / static_cast<std::uint32_t>(fraction); }

Minimisers::Shape verbatim_shape(const FeatureMaker::Options& options) {
  return {.length = static_cast<std::size_t>(options.verbatim_letters),
          .window = static_cast<std::size_t>(options.verbatim_window)};
}

/// The words that letters are of; asked for one stretch of letters after another.
class WordsOfLetters {
 public:
  explicit WordsOfLetters(std::span<const Word> words)
      : words_(words.data()), last_(words.size() - 1) {}

  /// At most `Minimisers::kMostRuns` letters, which begin no sooner than the last time.
  void look_at(std::uint32_t begin, std::uint32_t end) {
    while (first_ < last_ && words_[first_ + 1].letters_begin <= begin) ++first_;
    begin_ = begin;
    // Sixteen letters at a time, as most words are shorter; what is too much is written over.
    Lanes offset = {};
    for (std::size_t at = first_; begin < end; ++at) {
      const std::uint32_t next = at < last_ ? std::min(words_[at + 1].letters_begin, end) : end;
      do {
        reinterpret_cast<Lanes&>(offsets_.data()[begin - begin_]) = offset;
        begin += 16;
      } while (begin < next);
      begin = next;
      offset += 1;
    }
  }
  std::uint32_t operator()(std::uint32_t letter) const {
    return static_cast<std::uint32_t>(first_) + offsets_.data()[letter - begin_];
  }

 private:
  using Lanes [[gnu::vector_size(32), gnu::aligned(2), gnu::may_alias]] = std::uint16_t;
  const Word* words_;
  std::size_t last_;
  std::size_t first_ = 0;  // word of the first letter
  std::uint32_t begin_ = 0;
  std::array<std::uint16_t, Minimisers::kMostRuns + 16> offsets_;  // by letter, from `first_`
};

}  // namespace

FeatureMaker::FeatureMaker(const RegistryKey& key, const Options& options)
    : key_(key),
      options_(options),
      leaving_(Minimisers::leaving_table(key.rolling(), verbatim_shape(options).length)) {
  WEIR_ASSERT(options.verbatim_letters > 0 && options.verbatim_letters <= 60);
  WEIR_ASSERT(options.verbatim_window > 0 &&
              options.verbatim_window <= static_cast<int>(Minimisers::kMostWindow));
  WEIR_ASSERT(options.row_fraction > 0 && options.near_fraction > 0 && options.near_words > 1);
  for (const std::string_view word : common_words()) {
    common_.set(static_cast<WordId>(siphash<1, 3>(key.words(), light_stem(word))));
  }
}

WordToken FeatureMaker::token_of(std::uint64_t hash, std::size_t letters) const {
  hash &= ~kContentBit;
  const auto content = static_cast<std::uint64_t>(letters >= kLeastContentLetters) &
                       static_cast<std::uint64_t>(!common_[static_cast<WordId>(hash)]);
  return WordToken{hash | (content << 63)};
}

WordToken FeatureMaker::token(std::string_view word) const {
  return token_of(siphash<1, 3>(key_.words(), light_stem(word)), word.size());
}

WordToken FeatureMaker::token(const ShortWord& word, std::uint32_t tail) const {
  const ShortWord stem = word.stem(tail);
  return token_of(siphash_short<1, 3>(key_.words(), stem.low, stem.high), word.size());
}

void FeatureMaker::make(const CanonicalText& text, Features& out) const {
  out.pieces = 0;
  out.words.resize(text.words().size());
  for (std::size_t i = 0; i < out.words.size(); ++i) out.words[i] = token(text.word(i));
  make_passages(text, out);
}

void FeatureMaker::make(const CanonicalText& text, Features& out, WordCache& cache) const {
  if (cache.key_ != key_.check() || cache.entries_.empty()) {
    cache.key_ = key_.check();
    cache.entries_.assign(WordCache::kEntries, {});
  }
  out.pieces = 0;
  make_words(text, cache, out.words);
  make_passages(text, out);
}

void FeatureMaker::make_words(const CanonicalText& text, WordCache& cache,
                              std::vector<WordToken>& out) const {
  const std::span<const Word> words = text.words();
  const char* const letters = text.letters().data();
  out.resize(words.size());
  WordToken* const tokens = out.data();
  WordCache::Entry* const entries = cache.entries_.data();
  // Which words are in the cache is chance: the others are written down in any case, written over
  // if they are none, and worked out together.
  std::array<std::uint32_t, kChunk> others;
  for (std::size_t begin = 0; begin < words.size(); begin += kChunk) {
    const auto end = static_cast<std::uint32_t>(std::min(begin + kChunk, words.size()));
    std::size_t count = 0;
    for (auto i = static_cast<std::uint32_t>(begin); i < end; ++i) {
      others.data()[count] = i;
      const ShortWord word(letters, words.data()[i]);
      const WordCache::Entry& entry = entries[word.slot<WordCache::kBits>()];
      tokens[i] = entry.token;
      count += static_cast<std::size_t>(entry.low != word.low) |
               static_cast<std::size_t>(entry.high != word.high);
    }
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint32_t i = others.data()[k];
      if (words.data()[i].letters_size > ShortWord::kMostLetters) {
        tokens[i] = token(text.word(i));
        continue;
      }
      const ShortWord word(letters, words.data()[i]);
      const std::size_t behind = words.data()[i].letters_begin + word.size();
      std::uint32_t tail = 0;
      if (behind >= 4) std::memcpy(&tail, letters + behind - 4, 4);
      tokens[i] = token(word, tail);
      entries[word.slot<WordCache::kBits>()] = {
          .low = word.low, .high = word.high, .token = tokens[i]};
    }
  }
}

void FeatureMaker::make_passages(const CanonicalText& text, Features& out) const {
  out.found.clear();
  make_verbatim(text, out.found);
  make_reworded(out.words, out.found);
}

void FeatureMaker::make_verbatim(const CanonicalText& text, std::vector<Feature>& out) const {
  Minimisers minimisers(key_.rolling(), leaving_, verbatim_shape(options_), text.letters());
  WordsOfLetters word_of(text.words());
  for (std::span<const Minimiser> chosen; minimisers.next(chosen);) {
    if (chosen.empty()) continue;
    word_of.look_at(chosen.front().place, chosen.back().place + 1);
    const std::size_t before = out.size();
    out.resize(before + chosen.size());
    Feature* to = out.data() + before;
    for (const Minimiser& one : chosen) {
      *to++ = {.hash = key_.mix(one.hash), .word = word_of(one.place), .tier = Tier::verbatim};
    }
  }
}

void FeatureMaker::make_reworded(std::span<const WordToken> words,
                                 std::vector<Feature>& out) const {
  const auto append = [&](std::span<const Triple> triples) {
    const std::size_t before = out.size();
    out.resize(before + triples.size());
    Feature* to = out.data() + before;
    for (const Triple& one : triples) {
      *to++ = {.hash = key_.mix(one.joined), .word = one.word, .tier = Tier::reworded};
    }
  };
  // Which triples are taken is chance: they are written down in any case, and those that are not
  // taken written over, which costs less than a branch nobody can foretell.
  std::array<Triple, kChunk + 1> taken;
  std::size_t count = 0;
  const auto flush = [&] { append(std::span(taken).first(std::exchange(count, 0))); };
  const std::uint32_t row_share = share_of(options_.row_fraction);

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
  flush();

  NearTriples near(words, {.near = static_cast<std::uint32_t>(options_.near_words),
                           .share = share_of(options_.near_fraction)});
  for (std::span<const Triple> some; near.next(some);) append(some);
}

}  // namespace weir::protect
