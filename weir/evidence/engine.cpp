#include "weir/evidence/engine.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "weir/base/hash.h"
#include "weir/evidence/detail/explained.h"
#include "weir/evidence/detail/shard.h"
#include "weir/evidence/detail/snapshot.h"
#include "weir/evidence/detail/weekly_list.h"
#include "weir/evidence/detail/workers.h"

namespace weir::evidence {
namespace {

using detail::Organisation;
using detail::Person;
using detail::Shard;

// However small the organisation and large the budget, nobody is worth a false case more often
// than once in ten years and hypothesis.
constexpr double kLeastThreshold = 6.253828811575473;  // ln 520 weeks

constexpr double kLeastObserved = 4.0;

// Times the refractory time without cases after a burst, say, was explained: the rest of a busy
// season.
constexpr int kExplainedQuiet = 3;

// Waking a thread costs as much as scoring some hundred acts.
constexpr std::size_t kSmallDay = 2000;

std::int32_t number(Day day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }

bool sound(Day day) {
  const auto count = day.time_since_epoch().count();
  return count >= detail::kFirstDay && count <= detail::kLastDay;
}

Result<void> check(const EngineOptions& options) {
  if (!(options.false_cases_per_week > 0.0 && options.false_cases_per_week <= 1e6)) {
    return fail(ErrorCode::invalid_argument,
                "false_cases_per_week is {}: it must be above 0 and at most a million",
                options.false_cases_per_week);
  }
  if (!(options.drip_share > 0.0 && options.drip_share < 1.0)) {
    return fail(ErrorCode::invalid_argument,
                "drip_share is {}: it must be above 0 and below 1, because the hypotheses divide "
                "false_cases_per_week",
                options.drip_share);
  }
  if (!(options.false_discovery_share >= 0.0 && options.false_discovery_share <= 0.5)) {
    return fail(ErrorCode::invalid_argument,
                "false_discovery_share is {}: it must be 0 (no lists) to 0.5",
                options.false_discovery_share);
  }
  constexpr int kMostFill = 100'000;
  if (options.fill_cases_per_week < 0 || options.fill_cases_per_week > kMostFill) {
    return fail(ErrorCode::invalid_argument, "fill_cases_per_week is {}: it must be 0 to {}",
                options.fill_cases_per_week, kMostFill);
  }
  constexpr int kMostDays = 3650;
  if (options.refractory.count() < 0 || options.refractory.count() > kMostDays ||
      options.allowed_lateness.count() < 0 || options.allowed_lateness.count() > kMostDays) {
    return fail(ErrorCode::invalid_argument,
                "refractory and allowed_lateness are {} and {} days: both must be 0 to {}",
                options.refractory.count(), options.allowed_lateness.count(), kMostDays);
  }
  if (options.threads < 1 || options.threads > 1024 || options.shards < 1 ||
      options.shards > 65536) {
    return fail(ErrorCode::invalid_argument,
                "threads and shards are {} and {}: use 1 to 1024 threads and 1 to 65536 shards",
                options.threads, options.shards);
  }
  return {};
}

}  // namespace

double promised(const EngineOptions& options, Hypothesis hypothesis) {
  const double share = hypothesis == Hypothesis::slow_drip
                           ? options.drip_share
                           : (1.0 - options.drip_share) / detail::kDayHypotheses;
  return options.false_cases_per_week * share;
}

struct Engine::Impl {
  explicit Impl(const EngineOptions& chosen)
      : options(chosen), shards(static_cast<std::size_t>(chosen.shards)), workers(chosen.threads) {}

  Threshold threshold(Hypothesis hypothesis, std::int32_t day) const;
  std::size_t shard_of(std::uint64_t person) const { return detail::mix(person) % shards.size(); }
  void count_watched(const roster::People& people);
  std::vector<Person*> everybody() const;
  std::vector<CaseDraft> cases_of_last_week(std::int32_t day);
  DayReport gather(std::vector<CaseDraft> listed);

  EngineOptions options;
  std::vector<Shard> shards;
  Organisation organisation;
  std::optional<Day> last;
  std::size_t watched = 0;
  // Of the roster that `watched` was counted with; 0: none yet.
  std::uint64_t counted_roster = 0;
  std::vector<detail::ShardSums> sums;
  detail::Workers workers;
};

Threshold Engine::Impl::threshold(Hypothesis hypothesis, std::int32_t day) const {
  const double rate = promised(options, hypothesis);
  const double people = static_cast<double>(std::max<std::size_t>(watched, 1));
  const double formal = std::max(kLeastThreshold, std::log(people / rate));
  const auto level = organisation.calibration().threshold(hypothesis, rate, day, watched);
  // Where true cases, which are counted too, ask for more than the models do, the models have the
  // say; and what a few weeks of openings alone come to opens nothing.
  if (!level || *level >= formal) return {.nats = formal, .basis = Basis::model};
  return {.nats = std::max(*level, kLeastObserved), .basis = Basis::observed};
}

void Engine::Impl::count_watched(const roster::People& people) {
  std::uint64_t roster_print = 1;
  for (const roster::Person& person : people.all()) {
    roster_print += detail::mix(std::to_underlying(person.id));
  }
  if (roster_print == counted_roster) {
    for (const Shard& shard : shards) watched += shard.new_strangers();
    return;
  }
  counted_roster = roster_print;
  watched = people.all().size();
  for (const Shard& shard : shards) {
    for (const auto& [id, person] : shard.people()) {
      if (people.find(event::PersonId{id}) == nullptr) ++watched;
    }
  }
}

std::vector<Person*> Engine::Impl::everybody() const {
  std::vector<Person*> all;
  for (const Shard& shard : shards) {
    for (const auto& [id, person] : shard.people()) all.push_back(person.get());
  }
  std::ranges::sort(all, {}, &Person::id);
  return all;
}

// Before `day` is closed, if a Sunday has passed since the last one: one run and a resumed one list
// the same people.
std::vector<CaseDraft> Engine::Impl::cases_of_last_week(std::int32_t day) {
  std::vector<CaseDraft> cases;
  if (!last || (options.false_discovery_share == 0.0 && options.fill_cases_per_week == 0)) {
    return cases;
  }
  // Sundays are the days 7·week − 4 (accumulator.cpp).
  const std::int64_t week = week_number(Day{std::chrono::days{day}});
  const auto sunday = static_cast<std::int32_t>(7 * week - 4);
  if (sunday < number(*last)) return cases;
  const std::vector<Person*> all = everybody();
  std::array<Threshold, kHypothesisCount> thresholds{};
  for (std::size_t h = 0; h < kHypothesisCount; ++h) {
    thresholds[h] = threshold(static_cast<Hypothesis>(h), day);
  }
  detail::Crossings opened;
  for (const detail::Listed& one : detail::list_week(all, watched, sunday, options, thresholds)) {
    if (one.lane == 2)
      opened.add_case(one.hypothesis, one.person->peak(one.hypothesis), one.person->id);
    cases.push_back(detail::open_listed(one, sunday, options));
  }
  if (!opened.cases().empty()) organisation.calibration().merge(opened, sunday, watched);
  return cases;
}

DayReport Engine::Impl::gather(std::vector<CaseDraft> listed) {
  DayReport report;
  report.cases = std::move(listed);
  for (Shard& shard : shards) {
    DayReport& part = shard.report();
    report.acts += part.acts;
    report.too_late += part.too_late;
    report.seen_before += part.seen_before;
    std::ranges::move(part.cases, std::back_inserter(report.cases));
    part.cases.clear();
  }
  std::ranges::sort(report.cases, {}, [](const CaseDraft& draft) {
    return std::tuple(draft.person, draft.hypothesis, draft.lane);
  });
  return report;
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::create(const EngineOptions& options) {
  WEIR_TRY(check(options));
  return Engine(std::make_unique<Impl>(options));
}

Result<DayReport> Engine::close_day(Day day, std::span<const event::Act> acts,
                                    const roster::People& people) {
  if (!sound(day)) {
    return fail(ErrorCode::invalid_argument, "day is outside of the years 1900 to 2200");
  }
  if (impl_->last && day <= *impl_->last) {
    return fail(ErrorCode::invalid_argument, "day {} is closed already; the last closed day is {}",
                to_iso8601(day), to_iso8601(*impl_->last));
  }
  if (!std::ranges::is_sorted(acts, {}, &event::Act::person)) {
    return fail(ErrorCode::invalid_argument,
                "the acts of {} are not in order of person, time and id", to_iso8601(day));
  }

  std::vector<CaseDraft> listed = impl_->cases_of_last_week(number(day));
  detail::DayContext context{.day = number(day),
                             .options = &impl_->options,
                             .people = &people,
                             .organisation = &impl_->organisation,
                             .multipliers = {},
                             .thresholds = {}};
  std::vector<std::vector<std::span<const event::Act>>> runs(impl_->shards.size());
  std::uint64_t of_nobody = 0;
  for (std::size_t start = 0; start < acts.size();) {
    const event::PersonId person = acts[start].person;
    std::size_t end = start + 1;
    while (end < acts.size() && acts[end].person == person) ++end;
    if (person == event::kNobody) {
      of_nobody += end - start;
    } else {
      runs[impl_->shard_of(std::to_underlying(person))].push_back(acts.subspan(start, end - start));
    }
    start = end;
  }
  const bool small = acts.size() < kSmallDay;
  impl_->workers.run(impl_->shards.size(), small, [&](std::size_t i) {
    impl_->shards[i].begin();
    for (const auto& run : runs[i]) impl_->shards[i].count(run, context);
  });

  impl_->count_watched(people);
  for (std::size_t kind = 0; kind < detail::kCalendarKinds; ++kind) {
    behavior::MedianRatio ratios;
    for (const Shard& shard : impl_->shards) ratios.merge(shard.ratios()[kind]);
    // A quiet day must not make those who work on it stand out.
    context.multipliers[kind] = std::max(1.0, ratios.median());
  }
  for (std::size_t h = 0; h < kHypothesisCount; ++h) {
    context.thresholds[h] = impl_->threshold(static_cast<Hypothesis>(h), context.day);
  }

  impl_->workers.run(impl_->shards.size(), small,
                     [&](std::size_t i) { impl_->shards[i].score(context); });

  // The barrier: what the shards found becomes the organisation of the next day.
  impl_->sums.resize(impl_->shards.size());
  for (std::size_t i = 0; i < impl_->shards.size(); ++i) {
    std::swap(impl_->sums[i], impl_->shards[i].sums());
  }
  impl_->organisation.merge(impl_->sums, context.day, impl_->watched);
  for (std::size_t i = 0; i < impl_->shards.size(); ++i) {
    std::swap(impl_->sums[i], impl_->shards[i].sums());
  }
  impl_->last = day;
  DayReport report = impl_->gather(std::move(listed));
  report.acts += of_nobody;
  return report;
}

void Engine::decide(const Decision& decision) {
  const auto id = std::to_underlying(decision.person);
  const auto& people = impl_->shards[impl_->shard_of(id)].people();
  const auto found = people.find(id);
  if (found == people.end() || !sound(decision.day) || !sound(decision.opened)) return;
  detail::decide(*found->second, decision, kExplainedQuiet * impl_->options.refractory);
  impl_->organisation.calibration().set_confirmed(id, decision.hypothesis, number(decision.opened),
                                                  decision.verdict == Verdict::confirmed);
}

std::optional<Day> Engine::last_closed() const { return impl_->last; }

std::size_t Engine::people_watched() const { return impl_->watched; }

Threshold Engine::threshold(Hypothesis hypothesis) const {
  return impl_->threshold(hypothesis, impl_->last ? number(*impl_->last) : 0);
}

bool TailCheck::has_enough() const {
  constexpr double kEnough = 100.0;
  return person_windows >= kEnough;
}

bool TailCheck::holds() const {
  constexpr double kEnoughForThousandth = 1000.0;
  constexpr double kFactor = 2.0;
  return !(has_enough() && at_hundredth > kFactor * 0.01) &&
         !(person_windows >= kEnoughForThousandth && at_thousandth > kFactor * 0.001);
}

std::vector<TailCheck> Engine::tail_checks() const {
  std::vector<TailCheck> checks;
  for (std::size_t i = 0; i < detail::kFeatures; ++i) {
    const auto seen = impl_->organisation.levels_seen(i);
    double all = 0.0;
    double hundredth = 0.0;
    double thousandth = 0.0;
    for (std::size_t level = 0; level < seen.size(); ++level) {
      all += seen[level];
      if (level >= detail::level_of(0.01)) hundredth += seen[level];
      if (level >= detail::level_of(0.001)) thousandth += seen[level];
    }
    if (all <= 0.0) continue;
    checks.push_back({.feature = std::string(to_words(static_cast<detail::Feature>(i))),
                      .person_windows = all,
                      .at_hundredth = hundredth / all,
                      .at_thousandth = thousandth / all});
  }
  return checks;
}

std::size_t Engine::state_bytes() const {
  std::size_t total = impl_->organisation.bytes();
  constexpr std::size_t kNode = 32;  // of the table of people
  for (const Shard& shard : impl_->shards) {
    for (const auto& [id, person] : shard.people()) total += person->bytes() + kNode;
  }
  return total;
}

std::string Engine::save() const {
  std::string out;
  out.append(detail::kSnapshotMagic);
  detail::Saver saver(out);
  saver.value(detail::kSnapshotVersion);
  const EngineOptions& options = impl_->options;
  saver.value(options.false_cases_per_week);
  saver.value(options.drip_share);
  saver.value(options.false_discovery_share);
  saver.value(static_cast<std::int32_t>(options.fill_cases_per_week));
  saver.value(static_cast<std::int32_t>(options.refractory.count()));
  saver.value(static_cast<std::int32_t>(options.allowed_lateness.count()));
  saver.value(static_cast<std::uint8_t>(impl_->last ? 1 : 0));
  saver.value(impl_->last ? number(*impl_->last) : 0);
  saver.value(static_cast<std::uint64_t>(impl_->watched));
  impl_->organisation.transfer(saver);
  std::vector<Person*> everybody = impl_->everybody();
  saver.list(everybody, everybody.size(), 1, [&](Person* person) { transfer(saver, *person); });
  saver.value(checksum64(out));
  return out;
}

Result<Engine> Engine::load(std::string_view snapshot, const EngineOptions& options) {
  WEIR_TRY(check(options));
  constexpr std::size_t kFrame = detail::kSnapshotMagic.size() + 4 + 8;
  if (snapshot.size() < kFrame || !snapshot.starts_with(detail::kSnapshotMagic)) {
    return fail(ErrorCode::corrupt, "this is not a snapshot of the evidence");
  }
  const std::string_view body = snapshot.substr(0, snapshot.size() - 8);
  ByteReader sum(snapshot.substr(body.size()));
  if (sum.fixed<std::uint64_t>() != checksum64(body)) {
    return fail(ErrorCode::corrupt, "the snapshot of the evidence is damaged (checksum)");
  }
  detail::Loader loader(body.substr(detail::kSnapshotMagic.size()));
  std::uint32_t version = 0;
  loader.value(version);
  if (version != detail::kSnapshotVersion) {
    return fail(ErrorCode::unsupported,
                "the snapshot of the evidence has version {}, this program knows version {}: "
                "analyze from the beginning, or use the program that wrote it",
                version, detail::kSnapshotVersion);
  }
  EngineOptions saved = options;
  std::int32_t refractory = 0;
  std::int32_t lateness = 0;
  std::uint8_t has_last = 0;
  std::int32_t last = 0;
  std::uint64_t watched = 0;
  loader.value(saved.false_cases_per_week);
  loader.value(saved.drip_share);
  std::int32_t fill = 0;
  loader.value(saved.false_discovery_share);
  loader.value(fill);
  loader.value(refractory);
  loader.value(lateness);
  loader.value(has_last);
  loader.value(last);
  loader.value(watched);
  const std::unexpected<Error> corrupt =
      fail(ErrorCode::corrupt, "the snapshot of the evidence is damaged");
  if (!loader.ok() || has_last > 1 || last < detail::kFirstDay || last > detail::kLastDay ||
      watched > (std::uint64_t{1} << 40)) {
    return corrupt;
  }
  if (saved.false_cases_per_week != options.false_cases_per_week ||
      saved.drip_share != options.drip_share ||
      saved.false_discovery_share != options.false_discovery_share ||
      fill != options.fill_cases_per_week || refractory != options.refractory.count() ||
      lateness != options.allowed_lateness.count()) {
    return fail(
        ErrorCode::conflict,
        "the snapshot of the evidence was made with other options (false cases a week {}, "
        "share of the drip {}, false discoveries {}, filled up with {}, refractory {} days, "
        "lateness {} days): use those, or analyze from the beginning",
        saved.false_cases_per_week, saved.drip_share, saved.false_discovery_share, fill, refractory,
        lateness);
  }

  auto impl = std::make_unique<Impl>(options);
  if (has_last != 0) impl->last = Day{std::chrono::days{last}};
  impl->watched = static_cast<std::size_t>(watched);
  impl->organisation.transfer(loader);
  if (!loader.ok()) return corrupt;
  std::vector<std::unique_ptr<Person>> people;
  constexpr std::size_t kLeastPerson = 512;
  loader.list(people, std::size_t{1} << 32, kLeastPerson, [&](std::unique_ptr<Person>& person) {
    person = std::make_unique<Person>();
    transfer(loader, *person);
  });
  if (!loader.ok() || !loader.at_end()) return corrupt;
  for (std::size_t i = 1; i < people.size(); ++i) {
    if (people[i - 1]->id >= people[i]->id) return corrupt;
  }
  for (std::unique_ptr<Person>& person : people) {
    Shard& shard = impl->shards[impl->shard_of(person->id)];
    shard.people().emplace(person->id, std::move(person));
  }
  return Engine(std::move(impl));
}

}  // namespace weir::evidence
