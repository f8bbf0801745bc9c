#include <algorithm>
#include <utility>

#include "weir/sim/detail/scenarios.h"

namespace weir::sim {

using namespace parameters;
using event::Activity;
using std::chrono::days;
using std::chrono::minutes;

std::vector<Insider> plan_pair(Stage& stage, std::uint32_t fetcher, std::uint32_t sender) {
  Plan fetches(stage, fetcher, "D6 pair, fetches");
  Plan sends(stage, sender, "D6 pair, sends");
  fetches.insider.partner = sender;
  sends.insider.partner = fetcher;
  Random& random = sends.random;
  const Address reader{random.bits64(), AddressKind::free_mail};
  sends.insider.mailboxes.push_back(reader);
  const bool from_start = random.chance(sends[Knob::from_start]);
  const double start = random.uniform();
  Day from = std::max(fetches.first_day(), sends.first_day());
  const Day to = std::max(from, std::min(fetches.last_day(), sends.last_day()));
  if (!from_start)
    from += days{static_cast<int>(0.6 * start * static_cast<double>((to - from).count()))};

  Instant asked = from + std::chrono::hours{12};
  for (;;) {
    const double wait = random.exponential(sends[Knob::sends_per_year] / 365.25);
    asked += milliseconds_of(std::min(wait, 20'000.0));
    if (window_of(asked) >= to) break;
    const bool prompted = random.chance(sends[Knob::prompted]);
    const double lag = random.lognormal(sends[Knob::lag_log_days], sends[Knob::lag_sigma]);
    const double handover = random.lognormal(sends[Knob::handover_log_days], 0.8);
    const double moment = random.uniform();
    const bool sensitive = random.chance(sends[Knob::sensitive]);
    const bool foreign = random.chance(sends[Knob::foreign]);
    const std::uint64_t nonce = random.bits64();
    const Instant due = prompted ? asked + milliseconds_of(std::min(lag, kLongestLagDays)) : asked;
    const auto fetched = fetches.calendar.at_work(due, moment);
    const auto sent =
        fetched ? sends.calendar.at_work(
                      *fetched + minutes{20} + milliseconds_of(std::min(handover, 20.0)), moment)
                : std::nullopt;
    if (prompted) sends.insider.requests.push_back(sends.request(asked, reader, nonce + 1));
    if (!sent || window_of(*sent) >= to) continue;
    const auto requested = prompted ? std::optional(asked) : std::nullopt;

    // What the fetcher may well open: it is the sender who has no business with it.
    const Document document = fetches.document(window_of(*fetched), sensitive, !foreign);
    AgendaItem access = fetches.item(Activity::file_open, *fetched);
    access.has_document = true;
    access.document = document;
    fetches.thinned_act("access", access, stage.organisation.kept.opens, requested);
    AgendaItem pass =
        fetches.mail(*fetched + minutes{9}, {sender, AddressKind::employee}, nonce + 2);
    pass.has_document = true;
    pass.document = document;
    fetches.thinned_act("pass on", pass, stage.organisation.kept.internal, requested);
    AgendaItem send = sends.mail(*sent, reader, nonce);
    send.has_document = true;
    send.document = document;
    sends.act("send", send, requested);
  }
  fetches.insider.from = sends.insider.from = from;
  fetches.insider.to = sends.insider.to = to;
  std::vector<Insider> both;
  both.push_back(std::move(fetches.insider));
  both.push_back(std::move(sends.insider));
  return both;
}

}  // namespace weir::sim
