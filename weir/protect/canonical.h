#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace weir::protect {

class CodePoints;

/// A word of the canonical text and where it stood in the source.
struct Word {
  std::uint32_t source_begin = 0;  // bytes of the source
  std::uint32_t source_end = 0;
  std::uint32_t letters_begin = 0;  // bytes of `letters()`
  std::uint32_t letters_size = 0;   // at least 1

  bool operator==(const Word&) const = default;
};

/// What is left of a text once all that does not change its reading is gone: two views of it, its
/// letters and digits without a gap, and its words. Made by `Canonicalizer`, which reuses the
/// memory: one object a thread, as large as the largest text it saw.
class CanonicalText {
 public:
  /// UTF-8 of lower-case letters and digits; `kReadable` bytes behind them may be read as well.
  std::string_view letters() const { return {buffer_.data(), size_}; }
  static constexpr std::size_t kReadable = 32;
  /// In order of the source. Words of unspaced scripts overlap: each is a pair of characters.
  std::span<const Word> words() const { return {words_.data(), word_count_}; }
  std::string_view word(std::size_t index) const {
    const Word& word = words()[index];
    return letters().substr(word.letters_begin, word.letters_size);
  }
  /// True if the source was longer than the limit; what lies beyond was not read.
  bool truncated() const { return truncated_; }

 private:
  friend class CanonicalWriter;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
  std::vector<Word> words_;
  std::size_t word_count_ = 0;
  bool truncated_ = false;
};

/// Brings text into the one form that is compared, so that a change of looks is no evasion:
///
/// - any bytes are taken; those that are not UTF-8 separate words;
/// - compatibility forms (full width, mathematical, ligatures), case and look-alike letters of
/// other
///   scripts become the plain letter (NFKD, case folding, the confusables of UTS #39);
/// - combining marks and what is not seen (soft hyphens, zero width, bidi controls, tags) go;
/// - a word hyphenated at the end of a line is put together, through quotation marks of mails;
/// - punctuation and white space only separate; an apostrophe inside a word goes;
/// - Chinese, Japanese, Thai, Lao, Khmer and Burmese, which have no spaces, become pairs of
/// adjacent
///   characters, white space between them ignored.
///
/// The price: "naïve" is "naive", and a few Greek and Cyrillic capitals fold to another letter than
/// their small form. Leet spelling (0 for o) and letters spaced out are not undone; the latter are
/// still the same letters to tier V. Sources: UAX #15, UTS #39, UAX #44; data of ICU.
///
/// Immutable: any number of threads may share one. Building it takes some 50 ms.
class Canonicalizer {
 public:
  struct Options {
    /// At most 1 GiB. Longer sources are cut here, and say so.
    std::uint32_t max_bytes = 64u << 20;
    /// Off only for tests: the same, letter by letter.
    bool in_blocks = true;
  };

  Canonicalizer() : Canonicalizer(Options{}) {}
  explicit Canonicalizer(const Options& options);
  Canonicalizer(Canonicalizer&&) noexcept;
  Canonicalizer& operator=(Canonicalizer&&) noexcept;
  ~Canonicalizer();

  /// Replaces what `out` held. Linear time; never fails.
  void run(std::string_view source, CanonicalText& out) const;

 private:
  Options options_;
  std::unique_ptr<const CodePoints> code_points_;
};

}  // namespace weir::protect
