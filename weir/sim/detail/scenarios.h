#pragma once

#include <span>
#include <vector>

#include "weir/sim/detail/plan.h"

namespace weir::sim {

// The scenarios, each for one person or one group. Whom it suits is known in insiders.cpp.

/// Drip and its kin: a request, days, an open, and a document that leaves; for years.
enum class Slow : std::uint8_t { drip, rotation, media, photographs, split, veteran, decoy };
Insider plan_slow(Stage& stage, std::uint32_t person, Slow kind);

/// One fetches and passes on inside, the other is asked and sends. Two insiders.
std::vector<Insider> plan_pair(Stage& stage, std::uint32_t fetcher, std::uint32_t sender);

/// Five dated acts of 2012 to 2022 and `unreported` more, between them a move to the other legal
/// entity under a new user id and address, and a journey.
Insider plan_public_case(Stage& stage, std::uint32_t person);
/// The time those acts need.
inline constexpr Day kCaseFrom{std::chrono::year{2012} / 8 / 1};
inline constexpr Day kCaseTo{std::chrono::year{2022} / 7 / 15};

/// Much within ten days, then leaves.
Insider plan_burst(Stage& stage, std::uint32_t person);

Insider plan_cert_1(Stage& stage, std::uint32_t person);
Insider plan_cert_2(Stage& stage, std::uint32_t person);
Insider plan_cert_3(Stage& stage, std::uint32_t person);
Insider plan_cert_4(Stage& stage, std::uint32_t person);
/// One lay-off; all of the group leave.
std::vector<Insider> plan_cert_5(Stage& stage, std::span<const std::uint32_t> group, Day laid_off);

/// The first day on which a burst, or a CERT scenario, may begin: there is a life before it.
Day first_burst_day(const Organisation& organisation, const Person& person);
/// Where in the person's time a scenario of `length` days begins.
Day burst_start(Plan& plan, double length);

}  // namespace weir::sim
