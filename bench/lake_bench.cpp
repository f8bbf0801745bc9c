// Records a second through the lake's parts: journal, roll, compaction, read.
#include <benchmark/benchmark.h>

#include <memory>
#include <optional>
#include <vector>

#include "weir/lake/lake.h"
#include "weir/lake/test_support.h"

namespace weir::lake {
namespace {

using event::Record;

constexpr std::uint64_t kRecords = 2'000'000;
constexpr std::uint64_t kRecordsACommit = 50'000;

enum Kind : int { kSimple = 0, kMail = 1 };

Record record_of(Kind kind, std::uint64_t i, std::chrono::milliseconds gap) {
  Record record = test::simple_record(i, gap);
  if (kind == kMail) {
    record.activity = event::Activity::mail_send;
    record.bytes = 20'000 + i % 5'000;
    record.sealed = std::string(60, static_cast<char>(i));
    for (std::uint64_t k = 0; k < 2; ++k) {
      record.parties.push_back({.address = event::AddressToken{(i * 7 + k) % 900 + 1},
                                .domain = event::DomainToken{i % 30 + 1},
                                .recipient_class = event::RecipientClass::other});
    }
  }
  return record;
}

const std::vector<Record>& records_of(Kind kind) {
  static std::vector<Record> made[2];
  if (made[kind].empty()) {
    for (std::uint64_t i = 0; i < kRecords; ++i) {
      made[kind].push_back(record_of(kind, i, std::chrono::seconds{1}));
    }
  }
  return made[kind];
}

/// A lake in a fresh folder.
struct Store {
  TestFolder folder;
  test::FileManifest manifest{folder.path() / "manifest"};
  std::optional<Lake> lake;

  explicit Store(const Lake::Options& options = {}) {
    lake.emplace(Lake::open(folder.path() / "lake", manifest, options).value());
  }
  void append(std::span<const Record> records) {
    std::uint64_t pending = 0;
    for (const Record& record : records) {
      WEIR_ASSERT(lake->append(record).has_value());
      if (++pending % kRecordsACommit == 0) WEIR_ASSERT(lake->commit({}).has_value());
    }
    WEIR_ASSERT(lake->commit({}).has_value());
  }
};

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecords));
}

void append_and_commit(benchmark::State& state) {
  const auto& records = records_of(static_cast<Kind>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    Store store({.segment_bytes = std::uint64_t{1} << 40});
    state.ResumeTiming();
    store.append(records);
    state.PauseTiming();
    store.lake.reset();
    state.ResumeTiming();
  }
  count(state);
}
BENCHMARK(append_and_commit)->Arg(kSimple)->Arg(kMail)->Unit(benchmark::kMillisecond);

void roll(benchmark::State& state) {
  const auto& records = records_of(static_cast<Kind>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    std::optional<Store> store(std::in_place,
                               Lake::Options{.segment_bytes = std::uint64_t{1} << 40});
    store->append(records);
    state.ResumeTiming();
    const auto report = store->lake->roll();
    WEIR_ASSERT(report.has_value() && report->stored == kRecords);
    state.PauseTiming();
    std::uint64_t bytes = 0;
    for (const FileInfo& file : store->lake->files()) bytes += file.bytes;
    state.counters["bytes_a_record"] = static_cast<double>(bytes) / static_cast<double>(kRecords);
    store.reset();
    state.ResumeTiming();
  }
  count(state);
}
BENCHMARK(roll)->Arg(kSimple)->Arg(kMail)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

/// Journal, segments of 64 MB and the rolling thread together, the records spread over `months`.
void ingest(benchmark::State& state) {
  const auto months = state.range(0);
  const std::chrono::milliseconds gap{months * 30 * 86'400'000 /
                                      static_cast<std::int64_t>(kRecords)};
  std::vector<Record> records;
  for (std::uint64_t i = 0; i < kRecords; ++i) records.push_back(record_of(kSimple, i, gap));
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    std::optional<Store> store(std::in_place);
    state.ResumeTiming();
    store->append(records);
    WEIR_ASSERT(store->lake->roll().has_value());
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
  count(state);
}
BENCHMARK(ingest)
    ->Arg(1)
    ->Arg(12)
    ->Arg(144)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

/// The same with the months shuffled, as when sources are read one after the other.
void ingest_shuffled(benchmark::State& state) {
  const auto months = state.range(0);
  const std::chrono::milliseconds gap{months * 30 * 86'400'000 /
                                      static_cast<std::int64_t>(kRecords)};
  std::vector<Record> records;
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    records.push_back(record_of(kSimple, i * 7'919 % kRecords, gap));
  }
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    std::optional<Store> store(std::in_place);
    state.ResumeTiming();
    store->append(records);
    WEIR_ASSERT(store->lake->roll().has_value());
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
  count(state);
}
BENCHMARK(ingest_shuffled)
    ->Arg(1)
    ->Arg(12)
    ->Arg(144)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

/// A second ingest of what is there: nothing but duplicates.
void ingest_again(benchmark::State& state) {
  Store store;
  store.append(records_of(kSimple));
  WEIR_ASSERT(store.lake->roll().has_value());
  for ([[maybe_unused]] auto _ : state) {
    store.append(records_of(kSimple));
    const auto report = store.lake->roll();
    WEIR_ASSERT(report.has_value() && report->stored == 0);
  }
  count(state);
}
BENCHMARK(ingest_again)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime();

void compact(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    std::optional<Store> store(std::in_place,
                               Lake::Options{.segment_bytes = 16u << 20, .compact_at_files = 2});
    store->append(records_of(kSimple));
    WEIR_ASSERT(store->lake->roll().has_value());
    state.ResumeTiming();
    WEIR_ASSERT(store->lake->compact().has_value());
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
  count(state);
}
BENCHMARK(compact)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void read(benchmark::State& state) {
  Store store({.segment_bytes = 32u << 20});
  store.append(records_of(static_cast<Kind>(state.range(0))));
  WEIR_ASSERT(store.lake->roll().has_value());
  const auto span = store.lake->span().value();
  const std::chrono::days window{state.range(1)};
  for ([[maybe_unused]] auto _ : state) {
    std::uint64_t rows = 0;
    for (Day from = span.first; from <= span.second; from += window) {
      const Lake::Window wanted{.from = from, .to = from + window};
      WEIR_ASSERT(store.lake
                      ->read(wanted,
                             [&](const Record& record) -> Result<void> {
                               benchmark::DoNotOptimize(record.person);
                               ++rows;
                               return {};
                             })
                      .has_value());
    }
    WEIR_ASSERT(rows == kRecords);
  }
  count(state);
}
BENCHMARK(read)
    ->Args({kSimple, 30})
    ->Args({kSimple, 1})
    ->Args({kMail, 30})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace weir::lake
