#include "weir/protect/detail/aligner.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "weir/protect/detail/logarithm.h"

namespace weir::protect {
namespace {

constexpr std::uint32_t kMargin = 256;       // words beyond the hits, on both sides
constexpr std::int64_t kReach = 256;         // words off the diagonal of the nearest hit
constexpr std::int64_t kPassed = 4096;       // so far behind, a place will not be asked for again
constexpr int kMostSteps = 48;               // places of one word that are looked at
constexpr std::size_t kMostPlaces = 4;       // and that are kept, the nearest to the diagonal
constexpr std::uint32_t kFarthestLink = 24;  // words of the query between two links
constexpr std::uint32_t kLongestRun = 8;     // words next to a node that are looked at
constexpr std::int64_t kNear = 8;            // words a link may be off its diagonal

// A topic is told by no fewer words than these: in a short passage each word would seem part of it.
constexpr std::uint32_t kTopicWords = 1024;

std::int64_t signed_of(std::uint32_t value) { return value; }

// Less than 16 bits with more than four other words around is by chance.
constexpr std::uint32_t kStragglerGap = 4;
constexpr std::int64_t kStragglerWorth = 256;

/// What a word adds that is not in its place: near it, or anywhere.
std::int32_t step_aside(StepCode& code, std::int64_t off, std::int32_t gain) {
  StepCode jumped = code;
  const std::int32_t by_jump = -jumped.jump();
  const std::int32_t by_step = std::abs(off) <= kNear ? gain - code.near() : by_jump;
  if (by_step > by_jump) return by_step;
  code = jumped;
  return by_jump;
}

}  // namespace

struct Aligner::Task {
  const Snapshot& snapshot;
  std::span<const WordToken> query;
  const std::vector<bool>& common;
  std::span<const WordId> document;
  std::uint32_t query_begin = 0;
  std::uint32_t query_end = 0;
  std::uint32_t region_begin = 0;  // of the document
  std::uint32_t region_end = 0;

  bool is_equal(std::uint32_t q, std::uint32_t d) const { return id_of(query[q]) == document[d]; }
};

Aligner::Aligner() : places_(65536) {}

const Alignment& Aligner::align(const Snapshot& snapshot, std::span<const WordToken> query,
                                const std::vector<bool>& common, std::span<const WordId> document,
                                std::span<const Hit> hits) {
  result_.pairs.clear();
  result_.sixteenths = 0;
  if (hits.empty() || document.empty()) return result_;
  const auto [low, high] = std::ranges::minmax_element(hits, {}, &Hit::block);
  const auto below = [](std::uint32_t value) { return value > kMargin ? value - kMargin : 0; };
  const auto size = static_cast<std::uint32_t>(document.size());
  Task task{.snapshot = snapshot, .query = query, .common = common, .document = document};
  task.query_begin = below(hits.front().query_word);
  task.query_end = static_cast<std::uint32_t>(
      std::min<std::size_t>(query.size(), std::size_t{hits.back().query_word} + kMargin));
  task.region_begin = std::min(below(low->block * kBlockWords), size);
  task.region_end = static_cast<std::uint32_t>(
      std::min<std::size_t>(size, std::size_t{high->block} * kBlockWords + kBlockWords + kMargin));

  note_places(task);
  make_gains(task);
  make_nodes(task, hits);
  link_nodes(task);
  std::int32_t best = -1;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (best < 0 || nodes_[i].score > nodes_[static_cast<std::size_t>(best)].score) {
      best = static_cast<std::int32_t>(i);
    }
  }
  if (best >= 0) {
    trace(task, best);
    rate(task);
  }
  return result_;
}

/// Where in the region each word is, and how often.
void Aligner::note_places(const Task& task) {
  next_place_.resize(task.region_end - task.region_begin);
  for (std::uint32_t d = task.region_end; d > task.region_begin; --d) {
    Places& places = places_[task.document[d - 1]];
    next_place_[d - 1 - task.region_begin] = places.first;
    places.first = d;
    ++places.count;
  }
}

/// What each word of the query tells: how rare it is among all words, but no more than in a text on
/// the document's topic, which says the document's words as often in other company.
void Aligner::make_gains(const Task& task) {
  const std::uint32_t whole =
      log2_sixteenths(std::max(task.region_end - task.region_begin, kTopicWords));
  gains_.resize(task.query_end - task.query_begin);
  for (std::uint32_t q = task.query_begin; q < task.query_end; ++q) {
    const WordId id = id_of(task.query[q]);
    const std::uint32_t here = whole - log2_sixteenths(std::max(places_[id].count, 1u));
    gains_[q - task.query_begin] = task.common[q]
                                       ? 0
                                       : static_cast<std::int32_t>(std::min<std::uint32_t>(
                                             task.snapshot.information(id), here));
  }
}

/// Equal content words, in order of the query, then of the document.
void Aligner::make_nodes(const Task& task, std::span<const Hit> hits) {
  nodes_.clear();
  std::size_t hit = 0;
  for (std::uint32_t q = task.query_begin; q < task.query_end; ++q) {
    // The nearest hit tells where in the document to look.
    while (hit + 1 < hits.size() && std::abs(signed_of(hits[hit + 1].query_word) - q) <=
                                        std::abs(signed_of(hits[hit].query_word) - q)) {
      ++hit;
    }
    if (!is_content(task.query[q]) || task.common[q]) continue;
    const std::int64_t middle = signed_of(q) + signed_of(hits[hit].block) * kBlockWords +
                                kBlockWords / 2 - signed_of(hits[hit].query_word);
    std::uint32_t& first = places_[id_of(task.query[q])].first;
    const auto next = [&](std::uint32_t place) {
      return next_place_[place - 1 - task.region_begin];
    };
    while (first != 0 && first < middle - kReach - kPassed) first = next(first);
    std::array<std::uint32_t, kMostPlaces> places;
    std::size_t count = 0;
    int steps = 0;
    for (std::uint32_t place = first; place != 0 && place <= middle + kReach; place = next(place)) {
      if (++steps > kMostSteps) break;
      if (place < middle - kReach) continue;
      if (count == kMostPlaces) {
        // Places come in order, so the farthest kept one is the first.
        if (std::abs(signed_of(places[0]) - middle) < std::abs(signed_of(place) - middle)) break;
        std::shift_left(places.begin(), places.end(), 1);
        --count;
      }
      places[count++] = place;
    }
    for (std::size_t i = 0; i < count; ++i) {
      nodes_.push_back({.query = q,
                        .document = places[i] - 1,
                        .score = 0,
                        .previous = -1,
                        .code = {},
                        .before = {},
                        .after = {}});
      nodes_.back().before = run_from(task, nodes_.back(), -1);
      nodes_.back().after = run_from(task, nodes_.back(), 1);
    }
  }
  for (std::uint32_t d = task.region_begin; d < task.region_end; ++d) {
    places_[task.document[d]] = {};
  }
}

Aligner::Run Aligner::run_from(const Task& task, const Node& node, int direction) const {
  Run run;
  for (std::int64_t q = signed_of(node.query) + direction, d = signed_of(node.document) + direction;
       run.size < kLongestRun && q >= task.query_begin && q < task.query_end &&
       d >= task.region_begin && d < task.region_end &&
       task.is_equal(static_cast<std::uint32_t>(q), static_cast<std::uint32_t>(d));
       q += direction, d += direction) {
    run.first_gain = gains_[static_cast<std::size_t>(q) - task.query_begin];
    run.gain += run.first_gain;
    ++run.size;
  }
  return run;
}

/// How many words after one node, and before the next, are the document's when the way between them
/// leads to another place of it.
std::pair<std::uint32_t, std::uint32_t> Aligner::runs_between(const Node& from, const Node& to) {
  const std::uint32_t between = to.query - from.query - 1;
  const std::uint32_t after = from.after.size <= between ? from.after.size : 0;
  return {after, after + to.before.size <= between ? to.before.size : 0};
}

void Aligner::link_nodes(const Task& task) {
  std::size_t oldest = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    while (node.query - nodes_[oldest].query > kFarthestLink) ++oldest;
    const std::int32_t gain = gains_[node.query - task.query_begin];
    bool in_place = false;
    for (std::size_t j = i; j > oldest; --j) {
      const Node& before = nodes_[j - 1];
      if (before.query == node.query || before.document == node.document) continue;
      const std::uint32_t between = node.query - before.query - 1;
      const std::int64_t off = (signed_of(node.document) - signed_of(before.document)) -
                               (signed_of(node.query) - signed_of(before.query));
      if (off != 0) {
        // Most pairs of nodes are chance, and not worth the way even if it were for nothing.
        const std::int32_t most = std::abs(off) <= kNear
                                      ? gain - StepCode::kLeastNear
                                      : (node.before.size > 0 ? gain : 0) - StepCode::kJump;
        if (before.score + before.after.gain + node.before.gain + most <= node.score) continue;
      }
      StepCode code = before.code;
      std::int32_t score = before.score;
      if (off == 0) {
        // The way from one farther back leads over the nearest one.
        if (in_place) continue;
        in_place = true;
        for (std::uint32_t k = 1; k <= between; ++k) {
          score += task.is_equal(before.query + k, before.document + k)
                       ? gains_[before.query + k - task.query_begin] - code.next()
                       : -code.stranger();
        }
        score += gain - code.next();
      } else {
        const auto [after, ahead] = runs_between(before, node);
        if (after > 0) score += before.after.gain;
        for (std::uint32_t k = 0; k < after; ++k) score -= code.next();
        score -= code.strangers(between - after - ahead);
        score += step_aside(code, off, ahead > 0 ? node.before.first_gain : gain);
        if (ahead > 0) score += node.before.gain - node.before.first_gain + gain;
        for (std::uint32_t k = 0; k < ahead; ++k) score -= code.next();
      }
      if (score > node.score) {
        node.score = score;
        node.previous = static_cast<std::int32_t>(j - 1);
        node.code = code;
      }
    }
  }
}

/// Writes the chain out, with the common words between its links and at its ends.
void Aligner::trace(const Task& task, std::int32_t last) {
  std::vector<WordPair>& pairs = result_.pairs;
  const auto node = [&](std::int32_t i) -> const Node& {
    return nodes_[static_cast<std::size_t>(i)];
  };
  const Node& end = node(last);
  for (std::uint32_t k = kFarthestLink; k > 0; --k) {
    // From the end, because the whole is turned round below.
    bool whole = end.query + k < task.query_end && end.document + k < task.region_end;
    for (std::uint32_t m = 1; whole && m <= k; ++m) {
      whole = task.is_equal(end.query + m, end.document + m);
    }
    if (whole) pairs.push_back({.query = end.query + k, .document = end.document + k});
  }
  std::int32_t first = last;
  for (std::int32_t i = last; i >= 0; i = node(i).previous) {
    first = i;
    pairs.push_back({.query = node(i).query, .document = node(i).document});
    if (node(i).previous < 0) break;
    const Node& before = node(node(i).previous);
    const std::uint32_t between = node(i).query - before.query - 1;
    if (node(i).document - before.document != between + 1) {
      const auto [after, ahead] = runs_between(before, node(i));
      for (std::uint32_t k = 1; k <= ahead; ++k) {
        pairs.push_back({.query = node(i).query - k, .document = node(i).document - k});
      }
      for (std::uint32_t k = after; k > 0; --k) {
        pairs.push_back({.query = before.query + k, .document = before.document + k});
      }
      continue;
    }
    for (std::uint32_t k = between; k > 0; --k) {
      if (task.is_equal(before.query + k, before.document + k)) {
        pairs.push_back({.query = before.query + k, .document = before.document + k});
      }
    }
  }
  WordPair at{.query = node(first).query, .document = node(first).document};
  while (at.query > task.query_begin && at.document > task.region_begin &&
         task.is_equal(at.query - 1, at.document - 1)) {
    --at.query;
    --at.document;
    pairs.push_back(at);
  }
  std::ranges::reverse(pairs);
}

/// Rates the chain anew, with each word of the document and each two words in a row counted once,
/// and leaves only the pairs that count.
void Aligner::rate(const Task& task) {
  std::vector<WordPair>& pairs = result_.pairs;
  worthless_.assign(pairs.size(), false);
  const auto mark_repeats = [&](auto&& key_of, std::size_t from) {
    seen_.clear();
    for (std::size_t i = from; i < pairs.size(); ++i) {
      seen_.push_back((std::uint64_t{key_of(i)} << 32) | i);
    }
    std::ranges::sort(seen_);
    for (std::size_t i = 1; i < seen_.size(); ++i) {
      if (seen_[i] >> 32 == seen_[i - 1] >> 32) {
        worthless_[static_cast<std::uint32_t>(seen_[i])] = true;
      }
    }
  };
  mark_repeats([&](std::size_t i) { return pairs[i].document; }, 0);
  mark_repeats(
      [&](std::size_t i) {
        return (std::uint32_t{id_of(task.query[pairs[i - 1].query])} << 16) |
               id_of(task.query[pairs[i].query]);
      },
      1);

  links_.assign(pairs.size(), 0);
  StepCode code;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const std::uint32_t step = pairs[i].query - pairs[i - 1].query;
    const std::int64_t off =
        signed_of(pairs[i].document) - signed_of(pairs[i - 1].document) - signed_of(step);
    const std::int32_t gain = worthless_[i] ? 0 : gains_[pairs[i].query - task.query_begin];
    links_[i] = -code.strangers(step - 1);
    if (off == 0) {
      links_[i] += gain - code.next();
      continue;
    }
    links_[i] += step_aside(code, off, gain);
  }
  const auto [begin, end] = without_stragglers();
  std::size_t kept = 0;
  std::int64_t score = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) score += links_[i];
    if (!worthless_[i]) links_[kept++] = static_cast<std::int32_t>(i);
  }
  for (std::size_t i = 0; i < kept; ++i) pairs[i] = pairs[static_cast<std::size_t>(links_[i])];
  pairs.resize(kept);
  result_.sixteenths = std::max<std::int64_t>(score, 0);
}

/// The chain without a word or two at its ends that stand apart: chance gives every passage some.
std::pair<std::size_t, std::size_t> Aligner::without_stragglers() const {
  const std::vector<WordPair>& pairs = result_.pairs;
  const auto is_apart = [&](std::size_t i) {
    return pairs[i].query - pairs[i - 1].query > kStragglerGap;
  };
  std::size_t begin = 0;
  std::int64_t worth = 0;
  for (std::size_t i = 1; i < pairs.size() && worth < kStragglerWorth; ++i) {
    worth += links_[i];
    if (is_apart(i)) {
      begin = i;
      worth = 0;
    }
  }
  std::size_t end = pairs.size();
  worth = 0;
  for (std::size_t i = pairs.size(); i > begin + 1 && worth < kStragglerWorth; --i) {
    worth += links_[i - 1];
    if (is_apart(i - 1)) {
      end = i - 1;
      worth = 0;
    }
  }
  return {begin, end};
}

}  // namespace weir::protect
