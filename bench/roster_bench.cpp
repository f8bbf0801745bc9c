// Vault and roster on the paths of every record: tokens, sealing, resolving; and a large import.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "weir/roster/roster.h"
#include "weir/vault/vault.h"

namespace {

namespace fs = std::filesystem;

/// A simulated workspace with `people` people, removed at the end.
struct Workspace {
  fs::path folder;
  std::unique_ptr<weir::vault::Vault> vault;
  weir::ledger::Database database;
  std::unique_ptr<weir::roster::Roster> roster;

  explicit Workspace(std::size_t people) {
    folder = fs::temp_directory_path() / fmt::format("weir-roster-bench-{}", ::getpid());
    fs::remove_all(folder);
    fs::create_directories(folder);
    const auto kind = weir::vault::WorkspaceKind::simulated;
    weir::vault::Vault::create(folder / "vault", {.kind = kind}).value();
    vault =
        std::make_unique<weir::vault::Vault>(weir::vault::Vault::open(folder / "vault").value());
    database = weir::ledger::Database::open(folder / "ledger.db").value();
    roster = std::make_unique<weir::roster::Roster>(
        weir::roster::Roster::open(database, *vault).value());
    std::ofstream file(folder / "roster.csv");
    file << "person,name,user_ids,addresses,declared_addresses,entity,unit,role,site,timezone,"
            "manager,access,start\n";
    for (std::size_t i = 0; i < people; ++i) {
      file << fmt::format(
          "E{0},Given{0} Family{0},user{0},user{0}@corp.example,{1},Corp,Unit {2},Role {3},Site "
          "{4},"
          "Europe/Berlin,{5},group {2};all,2011-02-01\n",
          i, i % 3 == 0 ? fmt::format("home{}@mail.example", i) : "", i % 300, i % 40, i % 12,
          i == 0 ? "" : fmt::format("E{}", i / 10));
    }
  }
  ~Workspace() {
    roster.reset();
    vault.reset();
    database = {};
    fs::remove_all(folder);
  }
  weir::roster::ImportReport import() const {
    return roster->import(folder / "roster.csv").value();
  }
};

void import(benchmark::State& state) {
  const auto people = static_cast<std::size_t>(state.range(0));
  for ([[maybe_unused]] auto step : state) {
    state.PauseTiming();
    auto workspace = std::make_unique<Workspace>(people);
    state.ResumeTiming();
    benchmark::DoNotOptimize(workspace->import());
    state.PauseTiming();
    workspace.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(import)->Arg(1000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kSecond)->Iterations(1);

void import_again(benchmark::State& state) {
  Workspace workspace(static_cast<std::size_t>(state.range(0)));
  workspace.import();
  for ([[maybe_unused]] auto step : state) benchmark::DoNotOptimize(workspace.import());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(import_again)->Arg(100'000)->Unit(benchmark::kSecond)->Iterations(1);

void resolve(benchmark::State& state) {
  const auto people = static_cast<std::size_t>(state.range(0));
  Workspace workspace(people);
  workspace.import();
  std::vector<std::string> identities;
  for (std::size_t i = 0; i < people; ++i) {
    identities.push_back(fmt::format("user{}@corp.example", i * 7919 % people));
  }
  const weir::Instant when = weir::Day{std::chrono::year{2015} / 6 / 1};
  std::size_t at = 0;
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(
        workspace.roster->resolve(weir::roster::IdentityKind::mail_address, identities[at], when));
    if (++at == identities.size()) at = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(resolve)->Arg(1000)->Arg(100'000)->Iterations(5'000'000);

void seal(benchmark::State& state) {
  Workspace workspace(1);
  const weir::event::PersonId person{7};
  workspace.vault->put_person(person, "{}").value();
  std::uint64_t record = 0;
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(
        workspace.vault->seal(person, {1, ++record}, "Figures of the third quarter.xlsx"));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(seal);

void address_token(benchmark::State& state) {
  const Workspace workspace(1);
  for ([[maybe_unused]] auto step : state) {
    benchmark::DoNotOptimize(workspace.vault->address_token("somebody.else@corp.example"));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(address_token);

void remember_known_address(benchmark::State& state) {
  Workspace workspace(1);
  std::vector<weir::event::AddressToken> tokens;
  for (int i = 0; i < 1'000'000; ++i) {
    tokens.push_back(workspace.vault->address_token(fmt::format("a{}", i)));
    workspace.vault->remember_address(tokens.back(), "a@b").value();
  }
  std::size_t at = 0;
  for ([[maybe_unused]] auto step : state) {
    workspace.vault->remember_address(tokens[at], "a@b").value();
    at = (at + 7919) % tokens.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(remember_known_address)->Iterations(5'000'000);

}  // namespace
