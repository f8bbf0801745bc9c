// Writing OCSF lines and reading them back, parse alone, on one core; and reading mail.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "weir/event/ocsf.h"
#include "weir/ingest/parsers/mail.h"
#include "weir/ingest/parsers/ocsf.h"

namespace {

using namespace weir;
using event::Activity;
using event::PartyRole;

class TextSource final : public ingest::ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t n = rest_.copy(buffer, size);
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

class Counter final : public ingest::RecordSink {
 public:
  Result<void> record(const event::SourceRecord& said, std::uint64_t) override {
    ++records;
    bytes += said.raw.size() + said.parties.size();
    return {};
  }
  Result<void> bad(ingest::ParseError, std::uint64_t, std::uint64_t, std::string_view) override {
    ++bad_records;
    return {};
  }
  Result<void> progress(std::uint64_t) override { return {}; }

  std::uint64_t records = 0;
  std::uint64_t bad_records = 0;
  std::uint64_t bytes = 0;
};

/// A mail to two outside, a visit, a file opened and a logon, over and over.
event::SourceRecord make(std::uint32_t i) {
  event::SourceRecord record;
  record.time = Instant{std::chrono::milliseconds{1'700'000'000'000 + std::int64_t{i} * 1000}};
  record.has_offset = true;
  record.utc_offset = std::chrono::minutes{60};
  record.user = "u1017";
  record.host = "pc-1017";
  switch (i % 4) {
    case 0: {
      record.activity = Activity::mail_send;
      record.user_address = "ann.example@corp.example";
      record.title = "Quarterly plan";
      record.bytes = 48211;
      record.parties = {{"bob@mail.example", PartyRole::to}, {"carol@mail.example", PartyRole::cc}};
      auto& object = record.objects.emplace_back();
      object.name = "plan.pdf";
      object.bytes = 40000;
      object.sensitivity = event::Sensitivity::confidential;
      break;
    }
    case 1:
      record.activity = Activity::web_visit;
      record.parties = {{"news.example", PartyRole::site}};
      record.bytes = 5120;
      break;
    case 2: {
      record.activity = Activity::file_open;
      auto& object = record.objects.emplace_back();
      object.name = "plans/2026/plan.pdf";
      object.place = "plans";
      object.bytes = 40000;
      break;
    }
    default:
      record.activity = Activity::logon;
  }
  return record;
}

void set_rate(benchmark::State& state, std::uint64_t records, std::uint64_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["bytes_a_record"] = benchmark::Counter(
      static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(records, 1)));
}

void WriteOcsf(benchmark::State& state) {
  const event::SourceRecord records[] = {make(0), make(1), make(2), make(3)};
  std::string out;
  std::uint64_t written = 0;
  std::uint64_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    out.clear();
    for (std::size_t i = 0; i < 4096; ++i) write_ocsf(records[i % 4], out);
    benchmark::DoNotOptimize(out.data());
    written += 4096;
    bytes += out.size();
  }
  set_rate(state, written, bytes);
}
BENCHMARK(WriteOcsf);

void ReadOcsf(benchmark::State& state) {
  std::string text;
  for (std::uint32_t i = 0; i < 100'000; ++i) write_ocsf(make(i), text);
  std::uint64_t records = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto reader = ingest::ocsf_format().open({});
    TextSource source(text);
    Counter counter;
    if (!(*reader)->read(source, counter) || counter.bad_records > 0) {
      state.SkipWithError("bad records");
    }
    records += counter.records;
  }
  set_rate(state, records, records / 100'000 * text.size());
}
BENCHMARK(ReadOcsf);

void ReadMail(benchmark::State& state) {
  std::string mbox;
  for (int i = 0; i < 1000; ++i) {
    mbox +=
        "From ann@corp.example  Mon May 14 16:39:00 2001\n"
        "From: Ann Example <ann@corp.example>\nTo: Bob <bob@mail.example>, carol@mail.example\n"
        "Date: Mon, 14 May 2001 16:39:00 -0700 (PDT)\nSubject: Quarterly plan\n"
        "Message-ID: <1@corp.example>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=us-ascii\n\n";
    for (int line = 0; line < 30; ++line) {
      mbox += "The plan for the third quarter is attached, please have a look at it.\n";
    }
    mbox += "\n";
  }
  ingest::ReaderOptions options;
  options.head = mbox.substr(0, 4096);
  options.internal_domains = {"corp.example"};
  std::uint64_t records = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto reader = ingest::mail_format().open(options);
    TextSource source(mbox);
    Counter counter;
    if (!(*reader)->read(source, counter) || counter.records != 1000) {
      state.SkipWithError("bad records");
    }
    records += counter.records;
  }
  set_rate(state, records, records / 1000 * mbox.size());
}
BENCHMARK(ReadMail);

}  // namespace
