#include "weir/app/evaluation_world.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "weir/app/analyze.h"
#include "weir/app/detail/identity.h"
#include "weir/app/ingest_files.h"
#include "weir/app/masking.h"
#include "weir/base/random.h"
#include "weir/base/text.h"
#include "weir/cases/store.h"

namespace weir::app {
namespace {

using evaluate::KnownTruth;

constexpr std::uint64_t kMaxConfigBytes = 1 << 20;

/// The simulator's weir.yaml with another budget.
std::string with_budget(std::string_view yaml, double false_cases_per_week) {
  std::string out;
  bool skipping = false;
  for (const std::string_view line : split(yaml, '\n')) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    if (!indented) skipping = line.starts_with("budget:");
    if (!skipping) out.append(line) += '\n';
  }
  return out + fmt::format("budget:\n  false_cases_per_week: {:.6f}\n", false_cases_per_week);
}

/// Deals malicious acts to others.
class Dealer {
 public:
  Dealer(const KnownTruth& truth, std::uint64_t seed) : random_(seed, 0, 0, 0xdea1) {
    for (const evaluate::KnownInsider& insider : truth.insiders) {
      insiders_.emplace(std::to_underlying(insider.person), &insider);
    }
  }

  void deal(Day day, std::vector<event::Act>& acts, const roster::People& people) {
    bool moved = false;
    for (event::Act& act : acts) {
      const auto insider = insiders_.find(std::to_underlying(act.person));
      if (insider == insiders_.end() || !is_malicious(act, *insider->second)) continue;
      act.person = somebody(day, people);
      moved = true;
    }
    if (!moved) return;
    std::ranges::sort(
        acts, {}, [](const event::Act& act) { return std::tuple(act.person, act.time, act.id); });
  }

 private:
  static bool is_malicious(const event::Act& act, const evaluate::KnownInsider& insider) {
    return std::ranges::any_of(insider.acts, [&](const evaluate::CitedAct& one) {
      if (one.activity != act.activity ||
          std::chrono::abs(one.time - act.time) > evaluate::kTolerance) {
        return false;
      }
      return one.address == event::AddressToken{} ||
             std::ranges::any_of(act.parties, [&](const event::Party& party) {
               return party.address == one.address;
             });
    });
  }

  event::PersonId somebody(Day day, const roster::People& people) {
    const auto& all = people.all();
    if (all.empty()) return event::kNobody;
    for (int tries = 0; tries < 1000; ++tries) {
      const roster::Person& one = all[random_.below(static_cast<std::uint32_t>(all.size()))];
      if (one.employment.contains(day)) return one.id;
    }
    return all.front().id;
  }

  std::unordered_map<std::uint64_t, const evaluate::KnownInsider*> insiders_;
  Random random_;
};

PermutationCount count_permuted(const std::vector<evaluate::OpenedCase>& cases,
                                const KnownTruth& truth, std::size_t people) {
  std::set<event::PersonId> with_case;
  for (const evaluate::OpenedCase& one : cases) {
    if (one.lane == 1) with_case.insert(one.person);
  }
  PermutationCount count;
  count.insiders = truth.insiders.size();
  for (const evaluate::KnownInsider& insider : truth.insiders) {
    count.insiders_with_case += with_case.erase(insider.person);
  }
  count.others = people - std::min(people, count.insiders);
  count.others_with_case = with_case.size();
  return count;
}

/// What sees the days beside the engine of the workspace.
class Watchers {
 public:
  static Result<Watchers> create(const WorldSettings& settings, const Workspace& workspace,
                                 const KnownTruth& truth) {
    Watchers watchers(settings, workspace.config, truth);
    for (std::size_t i = 1; i < settings.budgets.size(); ++i) {
      evidence::EngineOptions options = engine_options(workspace.config, settings.threads, 8);
      options.false_cases_per_week = false_cases_a_week(settings.budgets[i], settings.people);
      WEIR_ASSIGN(evidence::Engine engine, evidence::Engine::create(options));
      watchers.engines_.push_back({std::move(engine), {}});
    }
    if (settings.also_with) {
      WEIR_ASSIGN(evidence::Engine engine,
                  evidence::Engine::create(engine_options(workspace.config, settings.threads, 8)));
      watchers.masked_.emplace(Other{std::move(engine), {}});
    }
    return watchers;
  }

  Result<void> close_day(Day day, std::vector<event::Act>& acts, const roster::People& people) {
    std::erase_if(acts, [&](const event::Act& act) {
      return std::ranges::find(settings_->without, class_of(act.activity)) !=
             settings_->without.end();
    });
    if (settings_->permute) dealer_.deal(day, acts, people);
    for (Other& other : engines_) WEIR_TRY(judge(other, day, acts, people));
    if (masked_) {
      std::vector<event::Act> seen = acts;
      restrict_to(*settings_->also_with, seen);
      WEIR_TRY(judge(*masked_, day, seen, people));
    }
    panel_->close_day(day, acts, people);
    return {};
  }

  std::vector<evaluate::OpenedCase>& cases(std::size_t budget) {
    return engines_[budget - 1].cases;
  }
  std::vector<evaluate::OpenedCase> masked_cases() {
    return masked_ ? std::move(masked_->cases) : std::vector<evaluate::OpenedCase>();
  }
  std::map<evaluate::RivalSpec, evaluate::AlarmLog> alarms() { return std::move(*panel_).finish(); }

 private:
  struct Other {
    evidence::Engine engine;
    std::vector<evaluate::OpenedCase> cases;
  };
  Watchers(const WorldSettings& settings, const Config& config, const KnownTruth& truth)
      : settings_(&settings),
        config_(&config),
        dealer_(truth, settings.seed),
        panel_(std::make_unique<evaluate::Panel>(settings.rivals, truth, settings.people)) {}

  Result<void> judge(Other& other, Day day, const std::vector<event::Act>& acts,
                     const roster::People& people) const {
    WEIR_ASSIGN(const evidence::DayReport report, other.engine.close_day(day, acts, people));
    for (const evidence::CaseDraft& draft : report.cases) {
      const roster::Facts facts = people.on(draft.person, draft.opened);
      if (!config_->permits(facts.entity, facts.unit, draft.hypothesis)) continue;
      other.cases.push_back(evaluate::opened_case(draft));
    }
    return {};
  }

  const WorldSettings* settings_;
  const Config* config_;
  Dealer dealer_;
  std::unique_ptr<evaluate::Panel> panel_;
  std::vector<Other> engines_;
  std::optional<Other> masked_;
};

Result<void> simulate(const WorldSettings& settings, const std::filesystem::path& out) {
  const auto world = sim::world_from(settings.world);
  if (!world) {
    return fail(ErrorCode::invalid_argument, "there is no world '{}'; choose of {}",
                printable(settings.world), sim::world_names());
  }
  sim::Options options;
  options.world = *world;
  options.people = settings.people;
  options.from = *parse_day(sim::is_mixed(*world) ? "2010-01-01" : "2012-01-01");
  options.years = settings.years;
  if (sim::is_mixed(*world)) options.months = 17;  // as long as CERT's
  options.seed = settings.seed;
  options.insiders = settings.insiders;
  if (!settings.held_out) options.sends_per_year = settings.sends_per_year;
  options.thin = settings.thin && !sim::is_mixed(*world);
  options.held_out = settings.held_out;
  options.unreported = settings.unreported;
  options.threads = settings.threads;
  options.out = out;
  options.stop = settings.stop;
  options.progress = [&](std::uint64_t done, std::uint64_t all) {
    if (settings.progress) settings.progress("simulating", done, all);
  };
  WEIR_ASSIGN([[maybe_unused]] const sim::Report report, sim::simulate(options));
  return {};
}

Result<std::unique_ptr<Workspace>> fill_workspace(const WorldSettings& settings,
                                                  const std::filesystem::path& world) {
  InitOptions init;
  init.kind = vault::WorkspaceKind::evaluation;
  WEIR_ASSIGN(const std::string yaml, read_file(world / "organisation.yaml", kMaxConfigBytes));
  init.config_text =
      with_budget(yaml, false_cases_a_week(settings.budgets.front(), settings.people));
  WEIR_TRY(parse_config(init.config_text, "weir.yaml"));
  const std::filesystem::path folder = settings.folder / "workspace";
  WEIR_TRY(Workspace::create(folder, init));
  WEIR_ASSIGN(auto workspace, Workspace::open(folder));
  WEIR_ASSIGN(const roster::ImportReport imported,
              workspace->roster().import(world / "roster.csv"));
  WEIR_TRY(
      workspace->note_now("roster.import", "", fmt::format(R"({{"rows":{}}})", imported.rows)));

  IngestSettings ingest;
  ingest.format = "ocsf";
  ingest.clock = settings.clock;
  ingest.stop = settings.stop;
  ingest.progress = [&](std::uint64_t done, std::uint64_t all) {
    if (settings.progress) settings.progress("reading", done, all);
  };
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(world, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("records-")) ingest.inputs.push_back(entry.path().string());
  }
  std::ranges::sort(ingest.inputs);
  WEIR_ASSIGN(const IngestOutcome outcome, ingest_files(*workspace, ingest));
  if (outcome.cancelled) return fail(ErrorCode::cancelled, "stopped");
  if (!outcome.read.failed_files.empty()) {
    return fail(ErrorCode::io, "{}", outcome.read.failed_files.front());
  }
  return workspace;
}

}  // namespace

Result<KnownTruth> known_truth(Workspace& workspace, const evaluate::Truth& truth) {
  WEIR_ASSIGN(const roster::People people, workspace.roster().people());
  std::unordered_map<std::string, event::PersonId> by_key;
  for (const roster::Person& person : people.all()) {
    WEIR_ASSIGN(const std::string identity, workspace.vault().reveal_person(person.id));
    by_key.emplace(detail::key_in(identity), person.id);
  }
  const auto person = [&](std::string_view key) {
    const auto found = by_key.find(std::string(key));
    return found == by_key.end() ? event::kNobody : found->second;
  };
  evaluate::Naming naming;
  naming.person = person;
  naming.insider = [&](const evaluate::TrueInsider& insider) {
    const event::PersonId by_roster = person(insider.person);
    if (by_roster != event::kNobody || insider.user_id.empty()) return by_roster;
    const Instant when = insider.acts.empty() ? Instant{insider.from} : insider.acts.front().time;
    return workspace.roster().resolve(roster::IdentityKind::user_id,
                                      vault::canonical(insider.user_id), when);
  };
  naming.address = [&](std::string_view address) {
    return workspace.vault().address_token(vault::canonical(address));
  };
  return evaluate::known_truth(truth, naming);
}

WorldSettings::WorldSettings(const WorldOptions& options, std::string kind, std::string_view name)
    : WorldOptions(options), world(std::move(kind)) {
  if (!options.progress) return;
  progress = [tell = options.progress, before = std::string(name)](
                 std::string_view what, std::uint64_t done, std::uint64_t all) {
    tell(fmt::format("{}: {}", before, what), done, all);
  };
}

Result<WorldRun> run_world(const WorldSettings& settings) {
  WEIR_ASSERT(!settings.budgets.empty());
  const auto start = std::chrono::steady_clock::now();
  const std::filesystem::path world = settings.folder / "world";
  WEIR_TRY(simulate(settings, world));
  WEIR_ASSIGN(const auto workspace, fill_workspace(settings, world));

  WorldRun run;
  run.world = settings.world;
  run.seed = settings.seed;
  run.config_hash = to_hex(workspace->config.hash());
  WEIR_ASSIGN(const evaluate::Truth answers, evaluate::read_truth(world / "answers.json"));
  WEIR_ASSIGN(KnownTruth known, known_truth(*workspace, answers));
  run.truth = std::make_unique<const KnownTruth>(std::move(known));
  WEIR_ASSIGN(Watchers watchers, Watchers::create(settings, *workspace, *run.truth));

  AnalyzeOptions options;
  options.threads = settings.threads;
  options.clock = settings.clock;
  options.stop = settings.stop;
  options.before_close = [&](Day day, std::vector<event::Act>& acts, const roster::People& people) {
    return watchers.close_day(day, acts, people);
  };
  options.progress = [&](std::uint64_t done, std::uint64_t all, std::uint64_t) {
    if (settings.progress) settings.progress("analyzing", done, all);
  };
  WEIR_ASSIGN(const AnalyzeReport report, analyze(*workspace, options));
  if (report.cancelled) return fail(ErrorCode::cancelled, "stopped");
  run.records = report.records;
  run.people = report.people_watched;

  WEIR_ASSIGN(cases::CaseStore store, cases::CaseStore::open(workspace->ledger()));
  WEIR_ASSIGN(const std::vector<cases::Case> all, store.all());
  run.cases.resize(settings.budgets.size());
  for (const cases::Case& one : all) {
    run.cases.front().push_back(evaluate::opened_case(one.draft));
  }
  for (std::size_t i = 1; i < run.cases.size(); ++i) run.cases[i] = std::move(watchers.cases(i));
  run.cases_with = watchers.masked_cases();
  run.alarms = watchers.alarms();
  if (settings.permute) {
    for (const auto& cases : run.cases) {
      run.permuted.push_back(count_permuted(cases, *run.truth, run.people));
    }
  }
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

}  // namespace weir::app
