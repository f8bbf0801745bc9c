#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "weir/protect/canonical.h"
#include "weir/protect/registry_key.h"

namespace weir::protect {

struct ShortWord;

/// The kinds of evidence that a passage was seen before.
enum class Tier : std::uint8_t {
  verbatim,  // V: 30 letters in a row
  reworded,  // R: three words in a row, or three content words near each other in any order
};

struct Feature {
  std::uint64_t hash = 0;  // keyed; the same passage gives the same
  std::uint32_t word = 0;  // where it begins, as an index of `CanonicalText::words()`
  Tier tier = Tier::verbatim;
};

/// A word under the registry's key: SipHash-1-3 of its stem, with one bit that tells whether it is
/// a content word (four letters or more and not among the commonest words of English).
enum class WordToken : std::uint64_t {};
inline constexpr std::uint64_t kContentBit = std::uint64_t{1} << 63;
inline bool is_content(WordToken token) {
  return (static_cast<std::uint64_t>(token) & kContentBit) != 0;
}
/// What an index stores of a word to verify candidates by.
using WordId = std::uint16_t;
inline WordId id_of(WordToken token) { return static_cast<WordId>(token); }

/// What one text has to be looked up by. Reused: one object a thread.
struct Features {
  std::vector<WordToken> words;  // as `CanonicalText::words()`, then pieces of files
  std::uint32_t pieces = 0;      // so many of `words`, at the end
  std::vector<Feature> found;  // tier V in order of the text, then rows of tier R, then near words
};

/// The tokens of words lately met: a text says most of its words again. 192 KiB; one object a
/// thread.
class WordCache {
 private:
  friend class FeatureMaker;
  static constexpr int kBits = 13;
  static constexpr std::size_t kEntries = std::size_t{1} << kBits;
  struct Entry {
    std::uint64_t low = 0;  // as `ShortWord`
    std::uint64_t high = 0;
    WordToken token{};
  };
  std::uint64_t key_ = 0;  // which registry's; 0: nobody's yet
  std::vector<Entry> entries_;
};

/// Turns canonical text into features that are the same whenever and wherever a passage occurs.
///
/// Tier V: a hash of every 30 bytes of letters, of which the smallest among `verbatim_window`
/// neighbours is taken (minimisers: Roberts et al. 2004, Schleimer et al. 2003). Two texts that
/// share 49 letters share a feature; about two of every 21 letters begin one.
/// Tier R: of every three words in a row with a content word among them, and of every three content
/// words within ten words, their order ignored, those whose hash happens to fall in a fixed
/// fraction.
///
/// Immutable; any number of threads may share one.
class FeatureMaker {
 public:
  struct Options {
    int verbatim_letters = 30;
    int verbatim_window = 20;  // 10 for crown jewels: shorter excerpts, twice the space
    int row_fraction = 8;      // one of so many triples in a row is taken
    int near_fraction = 16;    // one of so many triples of near words is taken
    int near_words = 10;       // how far apart these may be
  };

  /// `key` must outlive this object.
  explicit FeatureMaker(const RegistryKey& key) : FeatureMaker(key, Options{}) {}
  FeatureMaker(const RegistryKey& key, const Options& options);

  /// Replaces what `out` held. Linear time; allocates only when `out` has to grow.
  void make(const CanonicalText& text, Features& out) const;
  /// The same, sooner.
  void make(const CanonicalText& text, Features& out, WordCache& cache) const;

  WordToken token(std::string_view word) const;
  const RegistryKey& key() const { return key_; }

 private:
  WordToken token(const ShortWord& word, std::uint32_t tail) const;
  WordToken token_of(std::uint64_t hash, std::size_t letters) const;
  void make_words(const CanonicalText& text, WordCache& cache, std::vector<WordToken>& out) const;
  void make_passages(const CanonicalText& text, Features& out) const;
  void make_verbatim(const CanonicalText& text, std::vector<Feature>& out) const;
  void make_reworded(std::span<const WordToken> words, std::vector<Feature>& out) const;

  const RegistryKey& key_;
  Options options_;
  std::array<std::uint64_t, 256> leaving_;  // by letter: what takes it out of a rolling hash
  std::bitset<65536> common_;               // word ids of common words
};

}  // namespace weir::protect
