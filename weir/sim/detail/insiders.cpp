#include "weir/sim/detail/insiders.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/sim/detail/purpose.h"
#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

namespace {

using namespace parameters;
using std::chrono::days;

/// All people in an order that depends on the seed alone.
std::vector<std::uint32_t> shuffled(const Organisation& organisation) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
  for (std::uint32_t i = 0; i < organisation.people.size(); ++i) {
    Random random =
        draw(organisation.seed, 0, organisation.people[i].number, Purpose::insider_choice);
    keys.emplace_back(random.bits64(), i);
  }
  std::ranges::sort(keys);
  std::vector<std::uint32_t> order;
  for (const auto& key : keys) order.push_back(key.second);
  return order;
}

/// Finds people for scenarios, each for one only.
class Casting {
 public:
  explicit Casting(const Organisation& organisation)
      : organisation_(organisation),
        order_(shuffled(organisation)),
        taken_(organisation.people.size()) {}

  /// The first in order whom nobody has and who suits.
  template <class Suits>
  std::uint32_t find(Suits suits) {
    for (const std::uint32_t index : order_) {
      if (taken_[index] || !suits(organisation_.people[index])) continue;
      taken_[index] = true;
      return index;
    }
    return kNone;
  }
  /// There for most of the time, or for less only where nobody stays so long.
  std::uint32_t find_long(bool from_the_first_day) {
    const Organisation& o = organisation_;
    const auto span = static_cast<double>((o.to - o.from).count());
    for (const double least : {0.6, 0.3, 0.05}) {
      const std::uint32_t found = find([&](const Person& person) {
        if (from_the_first_day && person.start > o.from) return false;
        const Day first = std::max(o.from, person.start);
        const auto stays = static_cast<double>((std::min(o.to, person.end) - first).count());
        return stays >= least * span;
      });
      if (found != kNone) return found;
    }
    return kNone;
  }
  /// No manager, and there for so many days after the quiet first fifth.
  std::uint32_t find_for(int length) {
    return find([&](const Person& person) { return is_there(person, length); });
  }
  std::uint32_t find_administrator() {
    const std::uint32_t found = find([&](const Person& person) {
      const Day day = first_burst_day(organisation_, person);
      return is_there(person, 45) && kRoles[person.position(day).role].name == "IT Administrator";
    });
    return found != kNone ? found : find_for(45);
  }
  /// People of one department who are at work on one day.
  std::vector<std::uint32_t> find_group(std::uint32_t size, Day& laid_off) {
    const std::uint32_t first = find_for(60);
    if (first == kNone) return {};
    const Organisation& o = organisation_;
    const Person& one = o.people[first];
    Random random = draw(o.seed, 0, one.number, Purpose::insider_means);
    const Day earliest = first_burst_day(o, one);
    const auto span = (std::min(o.to, one.end) - earliest).count() - 30;
    laid_off = earliest + days{random.below(static_cast<std::uint32_t>(std::max(span, 1L)))};
    PersonCalendar calendar(o, one);
    while (!calendar.works(laid_off) && laid_off + days{1} < std::min(o.to, one.end)) {
      laid_off += days{1};
    }
    std::vector<std::uint32_t> group = {first};
    const std::uint32_t department = one.position(laid_off).department;
    while (group.size() < size) {
      const std::uint32_t next = find([&](const Person& person) {
        if (person.leads || !person.employed(laid_off)) return false;
        if (person.position(laid_off).department != department) return false;
        PersonCalendar theirs(o, person);
        return theirs.works(laid_off);
      });
      if (next == kNone) break;
      group.push_back(next);
    }
    return group;
  }
  std::uint32_t find_for_public_case() {
    return find([](const Person& person) {
      return !person.leads && person.start < kCaseFrom && person.end > kCaseTo;
    });
  }
  std::uint32_t find_colleague_of(std::uint32_t other) {
    const Organisation& o = organisation_;
    const Person& first = o.people[other];
    const Day from = std::max(o.from, first.start);
    const Day to = std::min(o.to, first.end);
    const auto span = static_cast<double>((to - from).count());
    for (const double least : {0.7, 0.4, 0.1}) {
      const std::uint32_t found = find([&](const Person& person) {
        const Day both_from = std::max(from, person.start);
        const Day both_to = std::min(to, person.end);
        // The other one works elsewhere: what one may open, the other may not.
        return static_cast<double>((both_to - both_from).count()) >= least * span &&
               person.position(from).department != first.position(from).department;
      });
      if (found != kNone) return found;
    }
    return kNone;
  }

 private:
  bool is_there(const Person& person, int length) const {
    const Day first = first_burst_day(organisation_, person);
    return !person.leads && (std::min(organisation_.to, person.end) - first).count() >= length;
  }

  const Organisation& organisation_;
  std::vector<std::uint32_t> order_;
  std::vector<bool> taken_;
};

/// Plans insiders until there are as many as asked for, or nobody is left.
class Planner {
 public:
  explicit Planner(Stage& stage) : stage_(stage), casting_(stage.organisation) {}

  void add_slow(std::uint32_t count, Slow kind) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t person = casting_.find_long(kind == Slow::veteran);
      if (person == kNone) return;
      insiders.push_back(plan_slow(stage_, person, kind));
      ++planned;
    }
  }
  void add_pairs(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t fetcher = casting_.find_long(false);
      const std::uint32_t sender = fetcher == kNone ? kNone : casting_.find_colleague_of(fetcher);
      if (sender == kNone) return;
      std::ranges::move(plan_pair(stage_, fetcher, sender), std::back_inserter(insiders));
      ++planned;
    }
  }
  void add_public_cases(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t person = casting_.find_for_public_case();
      if (person == kNone) return;
      insiders.push_back(plan_public_case(stage_, person));
      ++planned;
    }
  }
  void add_leavers(std::uint32_t count, int length, Insider (*plan)(Stage&, std::uint32_t)) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t person = casting_.find_for(length);
      if (person == kNone) return;
      insiders.push_back(plan(stage_, person));
      ++planned;
    }
  }
  void add_administrators(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t person = casting_.find_administrator();
      if (person == kNone) return;
      insiders.push_back(plan_cert_3(stage_, person));
      ++planned;
    }
  }
  void add_groups(std::uint32_t count) {
    const auto group_size = static_cast<std::uint32_t>(stage_.knobs[Knob::cert_5_group] + 0.5);
    for (std::uint32_t left = count; left > 0;) {
      Day laid_off{};
      const auto group = casting_.find_group(std::min(left, group_size), laid_off);
      if (group.empty()) return;
      std::ranges::move(plan_cert_5(stage_, group, laid_off), std::back_inserter(insiders));
      left -= static_cast<std::uint32_t>(group.size());
      planned += static_cast<std::uint32_t>(group.size());
    }
  }
  void add_mixed(const std::array<std::uint32_t, 5>& counts) {
    // Administrators first: they are few, and others need none.
    add_administrators(counts[2]);
    add_leavers(counts[0], kCert1Days, plan_cert_1);
    add_leavers(counts[1], kCert2Days, plan_cert_2);
    add_leavers(counts[3], cert_4_days(), plan_cert_4);
    add_groups(counts[4]);
  }
  int cert_4_days() const { return static_cast<int>(stage_.knobs[Knob::cert_4_days]) + 40; }

  static constexpr int kBurst = 60;
  static constexpr int kCert1Days = 40;
  static constexpr int kCert2Days = 80;

  std::vector<Insider> insiders;
  std::uint32_t planned = 0;

 private:
  Stage& stage_;
  Casting casting_;
};

}  // namespace

std::array<std::uint32_t, 5> scenario_counts(const Options& options) {
  if (options.scenarios) return *options.scenarios;
  std::array<double, 5> per_person{};
  if (options.world == World::cert) per_person = {0.030, 0.030, 0.010, 0.0, 0.0};
  if (options.world == World::cert_r5) per_person = {0.0145, 0.015, 0.005, 0.015, 0.0};
  std::array<std::uint32_t, 5> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] = static_cast<std::uint32_t>(std::lround(per_person[i] * options.people));
  }
  return counts;
}

Result<std::vector<Insider>> plan_insiders(const Options& options, Organisation& organisation) {
  if (!has_insiders(options.world)) return std::vector<Insider>{};
  Stage stage{options, organisation, Knobs(options)};
  Planner planner(stage);
  std::uint32_t wanted = options.insiders;
  switch (options.world) {
    case World::ordinary:
    case World::null:
      break;
    case World::drip:
      planner.add_slow(wanted, Slow::drip);
      break;
    case World::rotation:
      planner.add_slow(wanted, Slow::rotation);
      break;
    case World::media:
      planner.add_slow(wanted, Slow::media);
      break;
    case World::photographs:
      planner.add_slow(wanted, Slow::photographs);
      break;
    case World::split:
      planner.add_slow(wanted, Slow::split);
      break;
    case World::veteran:
      planner.add_slow(wanted, Slow::veteran);
      break;
    case World::decoy:
      planner.add_slow(wanted, Slow::decoy);
      break;
    case World::pair:
      planner.add_pairs(wanted);
      break;
    case World::public_case:
      planner.add_public_cases(wanted);
      break;
    case World::burst:
      planner.add_leavers(wanted, Planner::kBurst, plan_burst);
      break;
    case World::cert_1:
      planner.add_leavers(wanted, Planner::kCert1Days, plan_cert_1);
      break;
    case World::cert_2:
      planner.add_leavers(wanted, Planner::kCert2Days, plan_cert_2);
      break;
    case World::cert_3:
      planner.add_administrators(wanted);
      break;
    case World::cert_4:
      planner.add_leavers(wanted, planner.cert_4_days(), plan_cert_4);
      break;
    case World::cert_5:
      planner.add_groups(wanted);
      break;
    case World::cert:
    case World::cert_r5: {
      const std::array<std::uint32_t, 5> counts = scenario_counts(options);
      wanted = 0;
      for (const std::uint32_t count : counts) wanted += count;
      planner.add_mixed(counts);
      break;
    }
  }
  if (planner.planned < wanted) {
    return fail(ErrorCode::invalid_argument,
                "{} {}: only {} people are there long enough; choose fewer insiders or more people",
                is_mixed(options.world) ? "--scenarios, together" : "--insiders", wanted,
                planner.planned);
  }
  return std::move(planner.insiders);
}

std::vector<AgendaItem> items_of(const std::vector<Insider>& insiders) {
  std::vector<AgendaItem> items;
  for (const Insider& insider : insiders) {
    std::ranges::copy(insider.requests, std::back_inserter(items));
    for (const MaliciousAct& act : insider.acts) {
      if (act.written) items.push_back(act.item);
    }
    for (AgendaItem decoy : insider.decoys) items.push_back(decoy);
  }
  return items;
}

}  // namespace weir::sim
