// How much of protected text is found again, and what innocent mail is taken for it.
//
// usage: protect_recall CORPUS [PROBES] [MAILS]     CORPUS: what gather.py wrote
//
// Every number is drawn from counters, so a corpus gives one table. Innocent mails are pieces of
// 600 words of texts that are not protected. Some do contain protected text, which is no false
// find: those are told apart by a check that shares no code with Weir's (ten equal words in a row,
// in a tokenizer of its own), and left out. The threshold is the strongest find in one half of the
// mails; false finds are counted on the other.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/base/file.h"
#include "weir/base/random.h"
#include "weir/protect/index.h"
#include "weir/protect/matcher.h"
#include "weir/protect/segment_builder.h"

namespace {

using namespace weir;
using namespace weir::protect;

constexpr std::size_t kMailWords = 600;
constexpr std::size_t kOverlapWords = 8;  // what 49 letters, the promise of tier V, mostly are
constexpr double kLeastBits = 16;

struct Token {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end > i) tokens.push_back({i, end});
    i = std::max(end, i + 1);
  }
  return tokens;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

/// Sorted hashes of all runs of so many words.
class Runs {
 public:
  explicit Runs(std::size_t words) : words_(words) {}
  void add(std::string_view text) {
    visit(text, [&](std::size_t hash) { hashes_.push_back(hash); });
  }
  void sort() { std::ranges::sort(hashes_); }
  std::size_t shared(std::string_view text) const {
    std::size_t count = 0;
    visit(text,
          [&](std::size_t hash) { count += std::ranges::binary_search(hashes_, hash) ? 1u : 0u; });
    return count;
  }

 private:
  template <class Visit>
  void visit(std::string_view text, Visit visit) const {
    const auto tokens = tokens_of(text);
    std::vector<std::size_t> hashes;
    for (const Token& t : tokens) {
      hashes.push_back(std::hash<std::string>{}(lower(text.substr(t.begin, t.end - t.begin))));
    }
    for (std::size_t i = 0; i + words_ <= hashes.size(); ++i) {
      std::size_t hash = 0;
      for (std::size_t k = 0; k < words_; ++k) hash = hash * 0x9e3779b97f4a7c15u + hashes[i + k];
      visit(hash);
    }
  }
  std::size_t words_;
  std::vector<std::size_t> hashes_;
};

struct Text {
  std::string raw;
  std::vector<Token> tokens;
  std::string part(std::size_t first, std::size_t count) const {
    const std::size_t begin = tokens[first].begin;
    return raw.substr(begin, tokens[first + count - 1].end - begin);
  }
  std::vector<std::string> words(std::size_t first, std::size_t count) const {
    std::vector<std::string> out;
    for (std::size_t i = first; i < first + count; ++i) {
      out.push_back(
          lower(std::string_view(raw).substr(tokens[i].begin, tokens[i].end - tokens[i].begin)));
    }
    return out;
  }
};

std::vector<Text> read_texts(const std::string& path) {
  const std::string all = read_file(path, 1u << 30).value();
  std::vector<Text> texts;
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    Text text{.raw = all.substr(begin, end - begin), .tokens = {}};
    text.tokens = tokens_of(text.raw);
    texts.push_back(std::move(text));
    begin = end + 1;
  }
  return texts;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word + ' ';
  return out;
}

struct Class {
  const char* name;
  std::size_t words = 0;  // of the excerpt; 0: see below
  double replaced = 0;
  int order = 0;  // 1: words shuffled in groups of 4; 2: groups of 4 shuffled
  double goal = 0;
};
constexpr std::size_t kWhole = 0;
constexpr std::size_t kHalf = 1;

constexpr Class kClasses[] = {
    {"whole, re-flowed, lower case", kWhole, 0, 0, 1.0},
    {"first half", kHalf, 0, 0, 1.0},
    {"200 words", 200, 0, 0, 1.0},
    {"100 words", 100, 0, 0, .99},
    {"50 words", 50, 0, 0, .98},
    {"30 words", 30, 0, 0, .97},
    {"20 words", 20, 0, 0, .92},
    {"15 words", 15, 0, 0, .85},
    {"100 words, 20 % replaced", 100, .2, 0, 0},
    {"200 words, 20 % replaced", 200, .2, 0, .98},
    {"200 words, 30 % replaced", 200, .3, 0, .90},
    {"200 words, 40 % replaced", 200, .4, 0, 0},
    {"200 words, 50 % replaced", 200, .5, 0, 0},
    {"200 words, shuffled within groups of 4", 200, 0, 1, .90},
    {"200 words, groups of 4 shuffled", 200, 0, 2, .90},
};

template <class T>
void shuffle(std::span<T> items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    const std::uint32_t j = random.below(static_cast<std::uint32_t>(i));
    std::swap(items[i - 1], items[j]);
  }
}

struct Probe {
  std::string text;
  std::string excerpt;
  std::size_t document = 0;
};

double best_of(const MatchResult& result) {
  double best = 0;
  for (const Match& match : result.matches) {
    for (const Passage& passage : match.passages) best = std::max(best, passage.bits);
  }
  return best;
}

class Bench {
 public:
  Bench(const std::string& folder, std::size_t probes, std::size_t mails)
      : protected_(read_texts(folder + "/protected")),
        benign_(read_texts(folder + "/benign")),
        probes_(probes) {
    index();
    collect_mails(mails);
  }

  void run() {
    std::vector<double> scores;
    std::size_t bytes = 0;
    const std::clock_t begin = std::clock();
    for (const std::string& mail : mails_) {
      scores.push_back(best_of(matcher_.match(*snapshot_, mail)));
      bytes += mail.size();
    }
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    fmt::print(
        "innocent mails: {} judged, {} left out for {} equal words in a row; {:.0f} MB/s of CPU "
        "time\n",
        mails_.size(), overlapping_, kOverlapWords, static_cast<double>(bytes) / 1e6 / took);
    double tuned = 0;
    double all = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (half_of_.at(mails_[i]) == 0) tuned = std::max(tuned, scores[i]);
      all = std::max(all, scores[i]);
    }
    report_strongest(scores);
    const std::vector<double> thresholds = {Matcher::Options{}.least_bits, tuned, all};
    for (const double threshold : thresholds) {
      std::size_t tuning = 0;
      std::size_t judging = 0;
      for (std::size_t i = 0; i < scores.size(); ++i) {
        if (scores[i] > threshold) ++(half_of_.at(mails_[i]) == 0 ? tuning : judging);
      }
      fmt::print(
          "threshold {:6.1f} bits: {} false finds in the tuning half ({}), {} in the other\n",
          threshold, tuning, (scores.size() + 1) / 2, judging);
    }
    fmt::print("\n{:42} {:>8} {:>8} {:>8} {:>8} {:>6}\n", "recall at threshold", thresholds[0],
               fmt::format("{:.1f}", tuned), fmt::format("{:.1f}", all), "right", "goal");
    for (std::size_t i = 0; i < std::size(kClasses); ++i) judge(i, thresholds);
  }

 private:
  void index() {
    SegmentBuilder builder(key_);
    std::size_t words = 0;
    CanonicalText text;
    Features features;
    for (std::size_t i = 0; i < protected_.size(); ++i) {
      canonicalizer_.run(protected_[i].raw, text);
      maker_.make(text, features);
      words += features.words.size();
      builder.add(Hash128{.high = 1, .low = i}, features).value();
    }
    auto segment = Segment::parse(std::move(builder).finish(), key_, {}).value();
    fmt::print("{} documents, {} words; index {:.2f} B/word, {:.2f} features/word\n",
               protected_.size(), words,
               static_cast<double>(segment->byte_count()) / static_cast<double>(words),
               static_cast<double>(segment->entry_count()) / static_cast<double>(words));
    Background background;
    for (std::size_t i = 0; i < benign_.size(); i += 3) {
      canonicalizer_.run(benign_[i].raw, text);
      maker_.make(text, features);
      background.learn(features.found);
    }
    fmt::print("background: {} texts\n", background.text_count());
    snapshot_ =
        std::make_unique<Snapshot>(std::vector<Snapshot::Part>{{.segment = segment, .removed = {}}},
                                   std::make_shared<const Background>(std::move(background)));
  }

  void collect_mails(std::size_t most) {
    Runs runs(kOverlapWords);
    for (const Text& text : protected_) runs.add(text.raw);
    runs.sort();
    std::vector<std::string> all;
    for (std::size_t i = 0; i < benign_.size(); ++i) {
      if (i % 3 == 0) continue;  // background
      const Text& text = benign_[i];
      for (std::size_t at = 0; at + kMailWords <= text.tokens.size(); at += kMailWords) {
        all.push_back(text.part(at, kMailWords));
        half_of_.emplace(all.back(), i % 2);
      }
    }
    Random random(7, 0, 0, 1);
    shuffle(std::span(all), random);
    for (std::string& mail : all) {
      if (mails_.size() == most) break;
      if (runs.shared(mail) > 0) {
        ++overlapping_;
      } else {
        mails_.push_back(std::move(mail));
      }
    }
  }

  void report_strongest(const std::vector<double>& scores) {
    std::vector<std::size_t> order(scores.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    fmt::print("strongest:");
    for (std::size_t i = 0; i < std::min<std::size_t>(12, order.size()); ++i) {
      fmt::print(" {:.0f}", scores[order[i]]);
    }
    fmt::print("\n");
    if (std::getenv("WEIR_RECALL_SHOW") == nullptr) return;
    for (std::size_t i = 0; i < std::min<std::size_t>(12, order.size()); ++i) {
      const std::string& mail = mails_[order[i]];
      for (const Match& match : matcher_.match(*snapshot_, mail).matches) {
        for (const Passage& p : match.passages) {
          const Text& document = protected_[match.document.low];
          const std::size_t end = std::min<std::size_t>(p.document_end, document.tokens.size());
          fmt::print("--- {:.0f} bits, {} of {} words: [{}]\n=== [{}]\n", p.bits, match.found_words,
                     p.document_end - p.document_begin,
                     mail.substr(p.source_begin, p.source_end - p.source_begin),
                     document.part(p.document_begin, end - p.document_begin));
        }
      }
    }
  }

  Probe make(std::size_t number, std::size_t at) {
    const Class& kind = kClasses[number];
    Random random(11, number, static_cast<std::uint32_t>(at), 2);
    const std::size_t document = random.below(static_cast<std::uint32_t>(protected_.size()));
    const Text& text = protected_[document];
    const std::size_t size = text.tokens.size();
    const auto pick = [&](std::size_t n) {
      return n == 0 ? 0 : random.below(static_cast<std::uint32_t>(n));
    };
    if (kind.words == kWhole || kind.words == kHalf) {
      const std::string body = join(text.words(0, kind.words == kWhole ? size : size / 2));
      return {.text = body, .excerpt = body, .document = document};
    }
    const std::size_t first = pick(size - kind.words + 1);
    std::string excerpt = text.part(first, kind.words);
    const std::string original = excerpt;
    if (kind.replaced > 0 || kind.order > 0) {
      std::vector<std::string> words = text.words(first, kind.words);
      for (std::string& word : words) {
        if (!random.chance(kind.replaced)) continue;
        const Text& other = benign_[pick(benign_.size())];
        word = other.words(pick(other.tokens.size()), 1)[0];
      }
      if (kind.order == 1) {
        for (std::size_t i = 0; i + 4 <= words.size(); i += 4) {
          shuffle(std::span(words).subspan(i, 4), random);
        }
      } else if (kind.order == 2) {
        std::vector<std::size_t> groups(words.size() / 4);
        for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = i;
        shuffle(std::span(groups), random);
        std::vector<std::string> moved;
        for (const std::size_t group : groups) {
          for (std::size_t k = 0; k < 4; ++k) moved.push_back(words[group * 4 + k]);
        }
        words = std::move(moved);
      }
      excerpt = join(words);
    }
    const std::string& mail = mails_[pick(mails_.size())];
    const auto tokens = tokens_of(mail);
    const std::size_t middle = tokens[tokens.size() / 2].begin;
    return {.text = mail.substr(0, middle) + "\n" + excerpt + "\n" + mail.substr(middle),
            .excerpt = original,
            .document = document};
  }

  /// The document the excerpt is from, or one that has most of it as well.
  bool is_right(std::size_t document, const Probe& probe) const {
    if (document == probe.document) return true;
    Runs runs(5);
    runs.add(protected_[document].raw);
    runs.sort();
    const std::size_t all = tokens_of(probe.excerpt).size() - 4;
    return runs.shared(probe.excerpt) * 10 >= all * 8;
  }

  void judge(std::size_t number, const std::vector<double>& thresholds) {
    std::vector<std::size_t> found(thresholds.size());
    std::size_t named = 0;
    std::size_t right = 0;
    for (std::size_t i = 0; i < probes_; ++i) {
      const Probe probe = make(number, i);
      const MatchResult& result = matcher_.match(*snapshot_, probe.text);
      double bits = 0;
      for (const Match& match : result.matches) {
        double strongest = 0;
        for (const Passage& passage : match.passages) strongest = std::max(strongest, passage.bits);
        if (strongest > bits && is_right(match.document.low, probe)) bits = strongest;
      }
      for (std::size_t t = 0; t < thresholds.size(); ++t)
        found[t] += bits > thresholds[t] ? 1u : 0u;
      if (best_of(result) > thresholds[0]) {
        ++named;
        right += is_right(result.matches.front().document.low, probe) ? 1u : 0u;
      }
    }
    const auto share = [](std::size_t a, std::size_t b) {
      return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b);
    };
    fmt::print("{:42} {:8.4f} {:8.4f} {:8.4f} {:8.4f} {:>6}\n", kClasses[number].name,
               share(found[0], probes_), share(found[1], probes_), share(found[2], probes_),
               share(right, named),
               kClasses[number].goal > 0 ? fmt::format("{:.2f}", kClasses[number].goal) : "");
  }

  std::vector<Text> protected_;
  std::vector<Text> benign_;
  std::size_t probes_;
  RegistryKey key_{RegistryKey::Secret{42}};
  Canonicalizer canonicalizer_;
  FeatureMaker maker_{key_};
  Matcher matcher_{canonicalizer_, maker_, {.least_bits = kLeastBits}};
  std::unique_ptr<Snapshot> snapshot_;
  std::vector<std::string> mails_;
  std::unordered_map<std::string, std::size_t> half_of_;
  std::size_t overlapping_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: protect_recall CORPUS [PROBES] [MAILS]\n");
    return 2;
  }
  const auto number = [&](int at, std::size_t otherwise) {
    return argc > at ? static_cast<std::size_t>(std::atol(argv[at])) : otherwise;
  };
  Bench(argv[1], number(2, 400), number(3, 10'000)).run();
  return 0;
}
