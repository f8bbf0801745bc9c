#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "weir/protect/canonical.h"
#include "weir/protect/exposure.h"
#include "weir/protect/features.h"
#include "weir/protect/snapshot.h"

namespace weir::protect {

enum class MatchKind : std::uint8_t {
  verbatim,  // most of what was found stands in runs of eight words and more
  reworded,  // words replaced, left out or in another order
  pieces,    // of files without text, byte for byte
};

/// A part of the query that is in the document.
struct Passage {
  std::uint32_t source_begin = 0;  // bytes of the query's source, whole words
  std::uint32_t source_end = 0;
  std::uint32_t document_begin = 0;  // words of the document
  std::uint32_t document_end = 0;
  double bits = 0;  // how strong this passage alone is
};

struct Match {
  DocumentId document;
  MatchKind kind = MatchKind::verbatim;
  /// How much shorter someone who has the document can tell the query. Chance gives a few dozen.
  double bits = 0;
  std::uint32_t document_words = 0;  // and pieces of files, each counted as a word
  std::uint32_t found_words = 0;     // of these, each place once
  /// Of these, words in no other protected document but its versions and no background, as far as
  /// the registry knows.
  std::uint32_t unique_words = 0;
  Exposure exposure;  // blocks of which at least half was found, or the whole of a shorter last one
  std::vector<Passage> passages;  // in order of the query; of pieces none

  double coverage() const { return static_cast<double>(found_words) / document_words; }
};

struct MatchResult {
  std::vector<Match> matches;  // strongest first
  /// Not all of the source was looked at: it was too long, or a limit was reached. What was not
  /// looked at is not clean.
  bool incomplete = false;
};

/// Tells which protected documents a text contains parts of.
///
/// The text's features name up to `documents` candidates; each is verified word by word, and only
/// that decides. The same text and snapshot give the same result.
///
/// Keeps its memory between texts, some 60 bytes a word of the longest one; a text that has nothing
/// in common with any document costs no allocation. One object a thread.
class Matcher {
 public:
  struct Options {
    double least_bits = 72;        // a passage that is weaker is none
    std::size_t documents = 4;     // candidates that are verified
    std::size_t hits = 1u << 17;   // features found that are looked at
    std::size_t passages = 64;     // of one document that are verified, strongest first
    std::size_t words = 1u << 20;  // of documents that are aligned for one text, in all
  };

  /// Both must outlive this object.
  Matcher(const Canonicalizer& canonicalizer, const FeatureMaker& features)
      : Matcher(canonicalizer, features, Options{}) {}
  Matcher(const Canonicalizer& canonicalizer, const FeatureMaker& features, const Options& options);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  /// Valid until the next call.
  const MatchResult& match(const Snapshot& snapshot, std::string_view source);

  /// The same of a file that is not text, by its pieces: `kLeastPieces` that no other document has
  /// make a match, or `kManyPieces`, which are more than the letterhead that documents share.
  const MatchResult& match_pieces(const Snapshot& snapshot, std::span<const std::uint64_t> pieces);
  static constexpr std::uint32_t kLeastPieces = 4;
  static constexpr std::uint32_t kManyPieces = 64;

  /// The last source as it was read: what `SegmentBuilder` and `Background` take.
  const CanonicalText& text() const;
  const Features& features() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::protect
