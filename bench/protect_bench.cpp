// The path of every text through `protect`, step by step, and the size of the index.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/test_folder.h"
#include "weir/protect/index.h"
#include "weir/protect/matcher.h"
#include "weir/protect/segment_builder.h"
#include "weir/protect/test_support.h"

namespace {

using namespace weir;
using namespace weir::protect;

constexpr std::size_t kDocuments = 4000;
constexpr std::size_t kDocumentWords = 1000;

void count_bytes(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void canonicalise_ascii(benchmark::State& state) {
  const std::string source = invented_text(1, 20'000);
  CanonicalText text;
  for ([[maybe_unused]] auto step : state) test_canonicalizer().run(source, text);
  count_bytes(state, source);
}
BENCHMARK(canonicalise_ascii);

/// As a text of a language with accents: one letter in ten is not ASCII.
void canonicalise_accents(benchmark::State& state) {
  std::string source;
  for (const char c : invented_text(1, 20'000)) {
    if (c == 'u') {
      source += "\u00fc";
    } else {
      source.push_back(c);
    }
  }
  CanonicalText text;
  for ([[maybe_unused]] auto step : state) test_canonicalizer().run(source, text);
  count_bytes(state, source);
}
BENCHMARK(canonicalise_accents);

void make_features(benchmark::State& state) {
  const std::string source = invented_text(1, 20'000);
  CanonicalText text;
  test_canonicalizer().run(source, text);
  Features features;
  WordCache cache;
  for ([[maybe_unused]] auto step : state) test_maker().make(text, features, cache);
  count_bytes(state, source);
}
BENCHMARK(make_features);

const Snapshot& snapshot() {
  static const Snapshot one(
      {{.segment = Segment::parse(segment_of(kDocuments, kDocumentWords), test_key(), {}).value(),
        .removed = {}}},
      std::make_shared<const Background>());
  return one;
}

/// Innocent mails of 600 words against 4,000 documents of 1,000.
void query_innocent_mail(benchmark::State& state) {
  std::vector<std::string> mails;
  for (std::uint64_t i = 0; i < 200; ++i) mails.push_back(invented_text(100'000 + i, 600));
  Matcher matcher(test_canonicalizer(), test_maker());
  std::int64_t bytes = 0;
  std::size_t found = 0;
  std::size_t at = 0;
  (void)snapshot();
  for ([[maybe_unused]] auto step : state) {
    const std::string& mail = mails[at++ % mails.size()];
    found += matcher.match(snapshot(), mail).matches.size();
    bytes += static_cast<std::int64_t>(mail.size());
  }
  state.SetBytesProcessed(bytes);
  state.counters["found"] = static_cast<double>(found);
  const Segment& segment = *snapshot().parts()[0].segment;
  state.counters["index_bytes_a_word"] =
      static_cast<double>(segment.byte_count()) / static_cast<double>(segment.word_count());
}
BENCHMARK(query_innocent_mail);

/// The same with 50 words of a document in the middle of each.
void query_mail_with_excerpt(benchmark::State& state) {
  std::vector<std::string> mails;
  for (std::uint64_t i = 0; i < 200; ++i) {
    mails.push_back(invented_text(100'000 + i, 300) +
                    join(invented_words(i * 17, kDocumentWords), 400, 450) +
                    invented_text(200'000 + i, 300));
  }
  Matcher matcher(test_canonicalizer(), test_maker());
  std::int64_t bytes = 0;
  std::size_t at = 0;
  (void)snapshot();
  for ([[maybe_unused]] auto step : state) {
    const std::string& mail = mails[at++ % mails.size()];
    benchmark::DoNotOptimize(matcher.match(snapshot(), mail).matches.size());
    bytes += static_cast<std::int64_t>(mail.size());
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(query_mail_with_excerpt);

void query_whole_document(benchmark::State& state) {
  const std::string source = invented_text(123, kDocumentWords);
  Matcher matcher(test_canonicalizer(), test_maker());
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(matcher.match(snapshot(), source).matches.size());
  }
  count_bytes(state, source);
}
BENCHMARK(query_whole_document);

void query_megabyte(benchmark::State& state) {
  const std::string source = invented_text(300'000, 160'000).substr(0, 1'000'000);
  Matcher matcher(test_canonicalizer(), test_maker());
  (void)snapshot();
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(matcher.match(snapshot(), source).matches.size());
  }
  count_bytes(state, source);
}
BENCHMARK(query_megabyte)->Unit(benchmark::kMillisecond);

/// One of many texts taught one after another; writing them down comes once, at the end.
void learn_background(benchmark::State& state) {
  const TestFolder folder;
  const auto index = Index::open(folder.path(), test_key()).value();
  const Features features = features_of(invented_text(1, 600));
  for ([[maybe_unused]] auto step : state) index->learn_background(features.found);
}
BENCHMARK(learn_background)->Unit(benchmark::kMicrosecond);

}  // namespace
