// Acts per second through closed days: `simple` acts (web visits, file opens, logons), as most are,
// and transmissions, which cost most.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "weir/base/random.h"
#include "weir/evidence/engine.h"

namespace {

using namespace weir;

constexpr std::uint32_t kPeople = 2000;
constexpr Day kStart{std::chrono::days{15'000}};

event::Act act_of(std::uint32_t person, std::uint64_t serial, event::Activity activity) {
  event::Act act;
  act.id = {1, serial};
  act.records = {act.id};
  act.person = event::PersonId{1 + std::uint64_t{person}};
  act.activity = activity;
  act.host = event::HostToken{1000 + std::uint64_t{person}};
  return act;
}

std::vector<event::Act> day_of_acts(std::uint32_t people, std::uint32_t per_person, bool sends) {
  using event::Activity;
  std::vector<event::Act> acts;
  std::uint64_t serial = 0;
  for (std::uint32_t person = 0; person < people; ++person) {
    Random random(1, 2, person, 3);
    for (std::uint32_t i = 0; i < per_person; ++i) {
      Activity activity = i % 10 == 0   ? Activity::logon
                          : i % 10 == 1 ? Activity::file_open
                                        : Activity::web_visit;
      if (sends) activity = i % 2 == 0 ? Activity::mail_receive : Activity::mail_send;
      event::Act act = act_of(person, ++serial, activity);
      if (activity == Activity::file_open) {
        act.objects = {{.content = {serial, 0}, .place = event::PlaceToken{1 + person % 20u}}};
      }
      if (sends) {
        const std::uint64_t address = 100'000 + std::uint64_t{person} * 50 + random.below(50);
        act.parties = {{.address = event::AddressToken{address},
                        .domain = event::DomainToken{address % 7 + 1},
                        .role = i % 2 == 0 ? event::PartyRole::from : event::PartyRole::to,
                        .recipient_class = event::RecipientClass::free_mail}};
        act.sensitivity = event::Sensitivity::none;
        act.content = {serial, 5};
      }
      act.time = Instant{kStart} + std::chrono::hours{8} + std::chrono::seconds{i * 300};
      acts.push_back(std::move(act));
    }
  }
  return acts;
}

void close_days(benchmark::State& state, std::uint32_t per_person, bool sends) {
  const auto people = static_cast<std::uint32_t>(state.range(0));
  std::vector<event::Act> acts = day_of_acts(people, per_person, sends);
  evidence::Engine engine = evidence::Engine::create({}).value();
  const roster::People roster;
  Day day = kStart;
  for ([[maybe_unused]] auto _ : state) {
    auto report = engine.close_day(day, acts, roster);
    benchmark::DoNotOptimize(report);
    state.PauseTiming();
    day += std::chrono::days{1};
    for (event::Act& act : acts) act.time += std::chrono::days{1};
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(acts.size()));
  state.counters["state_bytes_per_person"] =
      static_cast<double>(engine.state_bytes()) / static_cast<double>(people);
}

void simple_acts(benchmark::State& state) { close_days(state, 100, false); }
BENCHMARK(simple_acts)
    ->Arg(100)
    ->Arg(kPeople)
    ->Arg(20'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void transmissions(benchmark::State& state) { close_days(state, 10, true); }
BENCHMARK(transmissions)->Arg(kPeople)->Unit(benchmark::kMillisecond)->UseRealTime();

void save_and_load(benchmark::State& state) {
  const std::vector<event::Act> acts = day_of_acts(kPeople, 10, true);
  evidence::Engine engine = evidence::Engine::create({}).value();
  const roster::People roster;
  benchmark::DoNotOptimize(engine.close_day(kStart, acts, roster));
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    const std::string snapshot = engine.save();
    auto loaded = evidence::Engine::load(snapshot, {});
    benchmark::DoNotOptimize(loaded);
    bytes = snapshot.size();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(save_and_load)->Unit(benchmark::kMillisecond);

}  // namespace
