#include "weir/protect/matcher.h"

#include <algorithm>
#include <utility>

#include "weir/protect/detail/aligner.h"
#include "weir/protect/detail/candidates.h"
#include "weir/protect/detail/segment_layout.h"
#include "weir/protect/pieces.h"

namespace weir::protect {
namespace {

constexpr std::uint32_t kVerbatimRun = 8;  // words
constexpr std::uint32_t kVerbatimLetters = 30;

}  // namespace

struct Matcher::State {
  const Canonicalizer& canonicalizer;
  const FeatureMaker& maker;
  Options options;
  CanonicalText text;
  Features features;
  WordCache cache;
  CandidateFinder finder;
  Aligner aligner;
  std::vector<bool> common;   // by word of the query
  std::vector<bool> foreign;  // likewise, for one candidate
  std::vector<bool> found;    // by word of the document
  std::vector<Hit> cluster_hits;
  std::size_t words_left = 0;
  MatchResult result;

  void mark(std::vector<bool>& marks, std::uint32_t word) const;
  void mark_common();
  void visit_foreign(const Snapshot& snapshot, const Candidate& candidate, auto&& visit) const;
  void verify(const Snapshot& snapshot, const Candidate& candidate);
  void verify_pieces(const Snapshot& snapshot, const Candidate& candidate);
  void sort_matches();
  static Exposure exposure_of(const std::vector<bool>& found);
  void add_passage(Match& match, const Alignment& alignment, std::uint32_t& in_runs);
};

Matcher::Matcher(const Canonicalizer& canonicalizer, const FeatureMaker& features,
                 const Options& options)
    : state_(new State{.canonicalizer = canonicalizer,
                       .maker = features,
                       .options = options,
                       .text = {},
                       .features = {},
                       .cache = {},
                       .finder = {},
                       .aligner = {},
                       .common = {},
                       .foreign = {},
                       .found = {},
                       .cluster_hits = {},
                       .words_left = 0,
                       .result = {}}) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

const CanonicalText& Matcher::text() const { return state_->text; }
const Features& Matcher::features() const { return state_->features; }

const MatchResult& Matcher::match(const Snapshot& snapshot, std::string_view source) {
  State& state = *state_;
  state.result.matches.clear();
  state.canonicalizer.run(source, state.text);
  state.maker.make(state.text, state.features, state.cache);
  state.finder.find(snapshot, state.features,
                    {.hits = state.options.hits, .documents = state.options.documents});
  state.result.incomplete = state.text.truncated() || state.finder.is_limited();
  if (state.finder.candidates().empty()) return state.result;

  state.mark_common();
  state.words_left = state.options.words;
  for (const Candidate& candidate : state.finder.candidates()) state.verify(snapshot, candidate);
  state.sort_matches();
  return state.result;
}

const MatchResult& Matcher::match_pieces(const Snapshot& snapshot,
                                         std::span<const std::uint64_t> pieces) {
  State& state = *state_;
  state.result.matches.clear();
  state.features = {};
  add_pieces(state.maker.key(), pieces, state.features);
  state.finder.find(snapshot, state.features,
                    {.hits = state.options.hits, .documents = state.options.documents});
  state.result.incomplete = state.finder.is_limited();
  for (const Candidate& candidate : state.finder.candidates()) {
    state.verify_pieces(snapshot, candidate);
  }
  state.sort_matches();
  return state.result;
}

void Matcher::State::sort_matches() {
  std::ranges::stable_sort(result.matches,
                           [](const Match& a, const Match& b) { return a.bits > b.bits; });
}

/// The words that the letters of a tier V feature reach.
void Matcher::State::mark(std::vector<bool>& marks, std::uint32_t word) const {
  const std::span<const Word> words = text.words();
  const std::uint32_t end = words[word].letters_begin + kVerbatimLetters;
  for (; word < words.size() && words[word].letters_begin < end; ++word) marks[word] = true;
}

void Matcher::State::mark_common() {
  common.assign(text.words().size(), false);
  for (const Hit& hit : finder.common_hits()) {
    if (hit.tier == Tier::verbatim) mark(common, hit.query_word);
  }
}

/// What other documents have word for word; versions of this one are not others.
void Matcher::State::visit_foreign(const Snapshot& snapshot, const Candidate& candidate,
                                   auto&& visit) const {
  std::uint32_t document = candidate.ordinal;
  bool is_other = false;
  for (const Hit& hit : finder.hits()) {
    if (std::exchange(document, hit.document) != hit.document) {
      is_other = finder.family_of(snapshot, document) != candidate.family;
    }
    if (is_other && hit.tier == Tier::verbatim) visit(hit.query_word);
  }
}

void Matcher::State::verify(const Snapshot& snapshot, const Candidate& candidate) {
  const Segment& segment = *snapshot.parts()[candidate.part].segment;
  const Segment::Document facts = segment.document(candidate.document);
  const std::span<const WordId> document = segment.words(candidate.document);
  if (document.size() <= facts.pieces) return;
  const std::span<const WordId> words = document.first(document.size() - facts.pieces);
  const std::span<const Hit> hits = finder.hits();
  Match match;
  match.document = facts.id;
  match.document_words = static_cast<std::uint32_t>(document.size());
  std::uint32_t in_runs = 0;
  std::size_t passages = 0;
  for (const Cluster& cluster : finder.clusters(candidate)) {
    const std::size_t size = std::size_t{cluster.last_hit} - cluster.first_hit + 1;
    const std::size_t cost = hits[cluster.last_hit].query_word -
                             std::size_t{hits[cluster.first_hit].query_word} + kBlockWords;
    if (++passages > options.passages || cost > words_left) {
      result.incomplete = true;
      break;
    }
    words_left -= cost;
    const Alignment& alignment = aligner.align(snapshot, features.words, common, words,
                                               hits.subspan(cluster.first_hit, size));
    if (static_cast<double>(alignment.sixteenths) < options.least_bits * 16) continue;
    if (match.passages.empty()) {
      foreign = common;
      visit_foreign(snapshot, candidate, [&](std::uint32_t word) { mark(foreign, word); });
      found.assign(document.size(), false);
    }
    add_passage(match, alignment, in_runs);
  }
  if (match.passages.empty()) return;

  match.kind = in_runs * 2 > match.found_words ? MatchKind::verbatim : MatchKind::reworded;
  match.exposure = exposure_of(found);
  std::ranges::sort(match.passages, {}, &Passage::source_begin);
  result.matches.push_back(std::move(match));
}

/// The blocks of which at least half was found.
Exposure Matcher::State::exposure_of(const std::vector<bool>& found) {
  const auto blocks = layout::blocks_of(static_cast<std::uint32_t>(found.size()));
  Exposure exposure(blocks);
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const std::size_t begin = std::size_t{block} * kBlockWords;
    const std::size_t end = std::min(begin + kBlockWords, found.size());
    const auto count = static_cast<std::size_t>(
        std::count(found.begin() + static_cast<std::ptrdiff_t>(begin),
                   found.begin() + static_cast<std::ptrdiff_t>(end), true));
    if (count * 2 >= end - begin) exposure.set(block);
  }
  return exposure;
}

/// A feature says in which block of the document a piece may be; its id tells where, and that it is
/// the same one: together they keep 49 bits of it.
void Matcher::State::verify_pieces(const Snapshot& snapshot, const Candidate& candidate) {
  const Segment& segment = *snapshot.parts()[candidate.part].segment;
  const Segment::Document facts = segment.document(candidate.document);
  const std::span<const WordId> document = segment.words(candidate.document);
  foreign.assign(features.words.size(), false);
  visit_foreign(snapshot, candidate, [&](std::uint32_t piece) { foreign[piece] = true; });
  Match match;
  match.document = facts.id;
  match.kind = MatchKind::pieces;
  match.document_words = static_cast<std::uint32_t>(document.size());
  found.assign(document.size(), false);
  for (const Hit& hit :
       finder.hits().subspan(candidate.hits_begin, candidate.hits_end - candidate.hits_begin)) {
    const WordId id = id_of(features.words[hit.query_word]);
    const std::size_t begin = std::size_t{hit.block} * kBlockWords;
    const std::size_t end = std::min(begin + kBlockWords, document.size());
    for (std::size_t i = std::max(begin, document.size() - facts.pieces); i < end; ++i) {
      if (document[i] != id || found[i]) continue;
      found[i] = true;
      ++match.found_words;
      if (!foreign[hit.query_word]) ++match.unique_words;
      break;
    }
  }
  if (match.unique_words < kLeastPieces && match.found_words < kManyPieces) return;
  match.bits = (Segment::kFeatureBits + 16.0) * match.found_words;
  match.exposure = exposure_of(found);
  result.matches.push_back(std::move(match));
}

void Matcher::State::add_passage(Match& match, const Alignment& alignment, std::uint32_t& in_runs) {
  const std::vector<WordPair>& pairs = alignment.pairs;
  const std::span<const Word> words = text.words();
  std::uint32_t fresh = 0;
  Passage passage;
  passage.bits = static_cast<double>(alignment.sixteenths) / 16;
  passage.document_begin = match.document_words;
  std::size_t run_begin = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    passage.document_begin = std::min(passage.document_begin, pairs[i].document);
    passage.document_end = std::max(passage.document_end, pairs[i].document + 1);
    const bool goes_on = i + 1 < pairs.size() && pairs[i + 1].query == pairs[i].query + 1 &&
                         pairs[i + 1].document == pairs[i].document + 1;
    if (!goes_on) {
      const auto run = static_cast<std::uint32_t>(i + 1 - run_begin);
      if (run >= kVerbatimRun) in_runs += run;
      run_begin = i + 1;
    }
    // Clusters can overlap.
    if (common[pairs[i].query] || found[pairs[i].document]) continue;
    found[pairs[i].document] = true;
    ++fresh;
    if (!foreign[pairs[i].query]) ++match.unique_words;
  }
  if (fresh == 0) return;
  match.found_words += fresh;
  match.bits += passage.bits;
  passage.source_begin = words[pairs.front().query].source_begin;
  passage.source_end = words[pairs.back().query].source_end;
  match.passages.push_back(passage);
}

}  // namespace weir::protect
