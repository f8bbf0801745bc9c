// Records a second through ingest: parsing alone, the whole thread (parse, resolve, encode), and
// joining records into acts.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "weir/base/random.h"
#include "weir/base/test_folder.h"
#include "weir/ingest/join.h"
#include "weir/ingest/parsers/cert.h"
#include "weir/ingest/pipeline.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

constexpr int kRows = 1'000'000;
constexpr std::uint32_t kPeople = 1000;

std::string date_of(int row) {
  const Instant time =
      Instant{Day{std::chrono::year{2010} / 1 / 2}} + std::chrono::seconds{std::int64_t{row} * 40};
  const std::chrono::year_month_day date{day_of(time)};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day_of(time))};
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string logon_rows() {
  std::string text = "id,date,user,pc,activity\n";
  for (int i = 0; i < kRows; ++i) {
    Random random(1, 0, static_cast<std::uint32_t>(i), 0);
    const std::uint32_t person = random.below(kPeople);
    text += fmt::format("{{X1D9-S0ES98JV-{:08}}},{},ABC{:04},PC-{:04},{}\n", i, date_of(i), person,
                        person, random.chance(0.5) ? "Logon" : "Logoff");
  }
  return text;
}

std::string email_rows() {
  std::string text = "id,date,user,pc,to,cc,bcc,from,size,attachments,content\n";
  const std::string content(300, 'w');
  for (int i = 0; i < kRows / 5; ++i) {
    Random random(2, 0, static_cast<std::uint32_t>(i), 0);
    const std::uint32_t person = random.below(kPeople);
    const std::uint32_t to = random.below(kPeople);
    const std::uint32_t friend_number = random.below(50'000);
    text += fmt::format(
        "{{R3I7-S4TX96FG-{:08}}},{},ABC{:04},PC-{:04},Some.Body{}@dtaa.com;f{}@comcast.net,,,"
        "Own.Name{}@dtaa.com,25830,0,\"{}, {}\"\n",
        i, date_of(i * 5), person, person, to, friend_number, person, content, i);
  }
  return text;
}

class TextSource final : public ByteSource {
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

class CountingSink final : public RecordSink {
 public:
  Result<void> record(const event::SourceRecord&, std::uint64_t) override {
    ++records;
    return {};
  }
  Result<void> bad(ParseError, std::uint64_t, std::uint64_t, std::string_view) override {
    return {};
  }
  Result<void> progress(std::uint64_t) override { return {}; }

  std::int64_t records = 0;
};

void parse(benchmark::State& state, const std::string& text) {
  ReaderOptions options;
  options.head = text.substr(0, 64u << 10);
  options.internal_domains = {"dtaa.com"};
  CountingSink sink;
  for ([[maybe_unused]] auto _ : state) {
    TextSource source(text);
    const auto reader = cert_format().open(options);
    const Result<void> read = (*reader)->read(source, sink);
    benchmark::DoNotOptimize(read);
  }
  state.SetItemsProcessed(sink.records);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void BM_ParseCertLogon(benchmark::State& state) {
  static const std::string text = logon_rows();
  parse(state, text);
}
BENCHMARK(BM_ParseCertLogon)->Unit(benchmark::kMillisecond);

void BM_ParseCertEmail(benchmark::State& state) {
  static const std::string text = email_rows();
  parse(state, text);
}
BENCHMARK(BM_ParseCertEmail)->Unit(benchmark::kMillisecond);

/// Encodes as the journal does, and forgets.
class EncodingStore final : public RecordStore {
 public:
  Result<void> append(const event::Record& record) override {
    event::encode(record, buffer_);
    if (buffer_.size() > (1u << 20)) buffer_.clear();
    ++records;
    return {};
  }
  Result<void> commit(std::span<const ReadUpTo>) override { return {}; }
  Result<std::uint64_t> resume_offset(const fs::path&) override { return std::uint64_t{0}; }
  Result<event::SourceId> source_id(std::string_view, std::string_view) override {
    return event::SourceId{1};
  }

  std::int64_t records = 0;

 private:
  std::string buffer_;
};

class Workspace {
 public:
  Workspace() {
    vault::Vault::CreateOptions options;
    options.kind = vault::WorkspaceKind::evaluation;
    options.share_folder = folder_.path() / "shares";
    WEIR_ASSERT(vault::Vault::create(folder_.path() / "vault", options));
    vault_.emplace(vault::Vault::open(folder_.path() / "vault").value());
    ledger_.emplace(ledger::Database::open(folder_.path() / "ledger.db").value());
    roster_.emplace(roster::Roster::open(*ledger_, *vault_).value());
    std::string csv = "person,name,user_ids,addresses,entity,unit,timezone\n";
    for (std::uint32_t i = 0; i < kPeople; ++i) {
      csv += fmt::format("E{},P{},ABC{:04},some.body{}@dtaa.com;own.name{}@dtaa.com,North,Lab,{}\n",
                         i, i, i, i, i, "America/New_York");
    }
    WEIR_ASSERT(roster_->import(write("roster.csv", csv)));
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  fs::path write(const char* name, const std::string& text) const {
    return folder_.write(name, text);
  }
  Resolver resolver() {
    static const std::vector<std::string_view> kFree = {"comcast.net", "gmail.com"};
    ResolverOptions options;
    options.internal_domains = {"dtaa.com"};
    options.free_mail_domains = &kFree;
    options.default_timezone = "America/New_York";
    options.scope = {{.entity = "*",
                      .units = {"*"},
                      .sources = {event::RecordClass::authentication, event::RecordClass::email}}};
    return Resolver::create(options, *roster_, *vault_).value();
  }

 private:
  TestFolder folder_;
  std::optional<vault::Vault> vault_;
  std::optional<ledger::Database> ledger_;
  std::optional<roster::Roster> roster_;
};

void whole_thread(benchmark::State& state, const std::string& text) {
  Workspace workspace;
  Resolver resolver = workspace.resolver();
  EncodingStore store;
  IngestOptions options;
  options.inputs = {workspace.write("input.csv", text)};
  options.internal_domains = {"dtaa.com"};
  options.clock = system_now;
  for ([[maybe_unused]] auto _ : state) {
    const Result<IngestReport> report = run_ingest(options, resolver, store);
    WEIR_ASSERT(report && report->bad == 0 && report->failed_files.empty());
  }
  state.SetItemsProcessed(store.records);
}

void BM_IngestCertLogon(benchmark::State& state) { whole_thread(state, logon_rows()); }
BENCHMARK(BM_IngestCertLogon)->Unit(benchmark::kMillisecond);

void BM_IngestCertEmail(benchmark::State& state) { whole_thread(state, email_rows()); }
BENCHMARK(BM_IngestCertEmail)->Unit(benchmark::kMillisecond);

void BM_Join(benchmark::State& state) {
  std::vector<event::Record> records;
  const Instant day = Day{std::chrono::year{2021} / 5 / 3};
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    Random random(3, 0, i, 0);
    event::Record record;
    record.id = {1, i};
    record.source = event::SourceId{1 + random.below(2)};
    record.time = day + std::chrono::milliseconds{random.below(86'400'000)};
    record.activity = event::Activity::mail_send;
    record.person = event::PersonId{1 + random.below(10'000)};
    record.content = {0, i / 2};
    record.parties = {{.address = event::AddressToken{1 + random.below(100)},
                       .domain = {},
                       .person = {},
                       .role = event::PartyRole::to,
                       .recipient_class = event::RecipientClass::other}};
    records.push_back(record);
  }
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(join_records(records, {}));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records.size()));
}
BENCHMARK(BM_Join)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weir::ingest
