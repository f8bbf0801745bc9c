#include "weir/evidence/detail/day_hypotheses.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/evidence/detail/accumulator.h"

namespace weir::evidence::detail {
namespace {

template <class... Features>
constexpr std::uint32_t bits(Features... features) {
  return (0u | ... | (1u << std::to_underlying(features)));
}

using enum Feature;

// A burst: much leaves, by whichever way.
constexpr std::array kBurst = {
    Raise{sensitive_out, kUsual}, Raise{off_role_out, kUsual}, Raise{off_role, kOften},
    Raise{device, kOften},        Raise{upload, kOften},       Raise{removable, kOften},
    Raise{print, kSometimes},     Raise{mail_outside, kOften}, Raise{bytes, kOften}};
constexpr std::array<InnocentReading, kReadings> kBurstInnocent = {{
    {Archetype::ordinary, 0.94, 0},
    {Archetype::self_mailer, 0.04, bits(mail_outside, bytes)},
    {Archetype::new_role, 0.02, bits(off_role, off_role_out)},
}};

// Unusual hours together with a way out.
constexpr std::array kOddHours = {Raise{odd_ways, kEssential},     Raise{odd_hours, kUsual},
                                  Raise{new_computer, kSometimes}, Raise{device, kUsual},
                                  Raise{rare_site, kOften},        Raise{upload, kOften},
                                  Raise{removable, kOften},        Raise{sensitive_out, kOften}};
constexpr std::array<InnocentReading, kReadings> kOddHoursInnocent = {{
    {Archetype::ordinary, 0.92, 0},
    {Archetype::on_call, 0.05, bits(odd_ways, odd_hours, new_computer)},
    {Archetype::traveller, 0.03, bits(odd_ways, odd_hours, new_computer, rare_site)},
}};

// Somebody about to leave: looks around, writes to strangers, takes things along.
constexpr std::array kDeparting = {Raise{device, kUsual},       Raise{file, kOften},
                                   Raise{rare_site, kUsual},    Raise{new_address, kOften},
                                   Raise{removable, kUsual},    Raise{mail_outside, kOften},
                                   Raise{sensitive_out, kOften}};
constexpr std::array<InnocentReading, kReadings> kDepartingInnocent = {{
    {Archetype::ordinary, 0.95, 0},
    {Archetype::job_hunter, 0.03, bits(rare_site, new_address, mail_outside)},
    {Archetype::new_role, 0.02, bits(file, new_address)},
}};

// Computers and documents of others, and what is done with them.
constexpr std::array kOtherAccount = {
    Raise{others_computer, kEssential}, Raise{new_computer, kUsual}, Raise{odd_hours, kSometimes},
    Raise{failed_logon, kSometimes},    Raise{off_role, kUsual},     Raise{file, kUsual},
    Raise{mail_outside, kOften},        Raise{sensitive_out, kOften}};
constexpr std::array<InnocentReading, kReadings> kOtherAccountInnocent = {{
    {Archetype::ordinary, 0.95, 0},
    {Archetype::new_role, 0.02, bits(new_computer, off_role, file)},
    {Archetype::traveller, 0.03, bits(odd_hours, new_computer, others_computer)},
}};

// Things broken, or sent to everybody in somebody's name.
constexpr std::array kSabotage = {Raise{odd_hours, kOften},        Raise{new_computer, kOften},
                                  Raise{others_computer, kUsual},  Raise{failed_logon, kOften},
                                  Raise{file_delete, kOften},      Raise{rare_site, kOften},
                                  Raise{inside_recipients, kUsual}};
constexpr std::array<InnocentReading, kReadings> kSabotageInnocent = {{
    {Archetype::ordinary, 0.93, 0},
    {Archetype::on_call, 0.05, bits(odd_hours, new_computer, others_computer)},
    {Archetype::new_role, 0.02, bits(new_computer, inside_recipients)},
}};

constexpr std::array<DayHypothesis, kDayHypotheses> kTable = {{
    {Hypothesis::burst, kBurst, kBurstInnocent},
    {Hypothesis::odd_hours, kOddHours, kOddHoursInnocent},
    {Hypothesis::departing, kDeparting, kDepartingInnocent},
    {Hypothesis::other_account, kOtherAccount, kOtherAccountInnocent},
    {Hypothesis::sabotage, kSabotage, kSabotageInnocent},
}};

}  // namespace

std::span<const DayHypothesis, kDayHypotheses> day_hypotheses() { return kTable; }

DayRatios day_ratios(const DaySeen& seen, const Cells& reference) {
  DayRatios ratios;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const Seen& one = seen[i];
    const double innocent = reference[cell::day(i, one.before, one.others) + one.level];
    ratios[i] = kDayLevels[one.level] / innocent;
  }
  return ratios;
}

double part_ratio(const Raise& raise, const DayRatios& ratios, std::size_t point) {
  const double part = raise.is_essential() ? raise.part : raise.part * kPartScales[point];
  return 1.0 - part + part * ratios[std::to_underlying(raise.feature)];
}

double against_all(const DayHypothesis& hypothesis, const std::array<double, kReadings>& mixtures) {
  double sum = 0.0;
  for (std::size_t r = 0; r < kReadings; ++r) {
    sum += hypothesis.innocent[r].share / std::max(mixtures[r], 1e-300);
  }
  return -std::log(sum);
}

DayLikelihood weigh_day(const DayHypothesis& hypothesis, const DayRatios& ratios) {
  DayLikelihood e{};
  for (std::size_t point = 0; point < kDayPoints; ++point) {
    for (std::size_t r = 0; r < kReadings; ++r) {
      double ratio = 1.0;
      for (const Raise& raise : hypothesis.raises) {
        const auto i = std::to_underlying(raise.feature);
        if ((hypothesis.innocent[r].explains >> i & 1u) != 0) continue;
        ratio *= part_ratio(raise, ratios, point);
      }
      const double clipped = ratio / (1.0 - kDayOutliers + kDayOutliers * ratio);
      e[r][point] = static_cast<float>(1.0 - kDayShares[point] + kDayShares[point] * clipped);
    }
  }
  return e;
}

void DayDetectors::start(std::int32_t day) {
  since_ = day;
  day_ = day;
  for (std::size_t h = 0; h < kDayHypotheses; ++h) {
    for (auto& reading : values_[h]) reading[kStake].fill(static_cast<float>(kFirstStake));
    restart(h);
  }
}

void DayDetectors::restart(std::size_t hypothesis) {
  for (auto& reading : values_[hypothesis]) {
    for (std::size_t h = 0; h < kStake; ++h) reading[h].fill(static_cast<float>(kDayOpening));
  }
  forgo(hypothesis);
}

void DayDetectors::forgo(std::size_t hypothesis) {
  const std::array<double, kReadings> held = stakes(hypothesis);
  for (std::size_t r = 0; r < kReadings; ++r) {
    values_[hypothesis][r][kStake].fill(static_cast<float>(std::min(held[r], 1.0 - unstaked())));
  }
}

void DayDetectors::advance(std::int32_t day) {
  if (day <= day_) return;
  for (std::size_t h = 0; h < kDayHalfLives.size(); ++h) {
    // Each day opens with R←R+1/7, and what is older has faded.
    const double faded = std::exp2(-1.0 / kDayHalfLives[h]);
    const double left = std::exp2(-(static_cast<double>(day) - day_) / kDayHalfLives[h]);
    const auto kept = static_cast<float>(left);
    const auto opened = static_cast<float>(kDayOpening * (1.0 - left) / (1.0 - faded));
    for (Values& values : values_) {
      for (auto& reading : values) {
        for (float& r : reading[h]) r = r * kept + opened;
      }
    }
  }
  const auto staked = static_cast<float>(stake_passage(since_, day_, day).opened);
  for (Values& values : values_) {
    for (auto& reading : values) {
      for (float& r : reading[kStake]) r += staked;
    }
  }
  day_ = day;
}

void DayDetectors::multiply(std::size_t hypothesis, const DayLikelihood& e) {
  // Far beyond any threshold and any forgetting: keeps products finite.
  constexpr float kMost = 1e30f;
  constexpr float kLeast = 1e-30f;
  Values& values = values_[hypothesis];
  for (std::size_t r = 0; r < kReadings; ++r) {
    for (auto& half_life : values[r]) {
      for (std::size_t i = 0; i < kDayPoints; ++i) {
        half_life[i] = std::clamp(half_life[i] * e[r][i], kLeast, kMost);
      }
    }
  }
}

std::array<double, kReadings> DayDetectors::mixtures(std::size_t hypothesis) const {
  std::array<double, kReadings> means{};
  for (std::size_t r = 0; r < kReadings; ++r) {
    for (std::size_t h = 0; h < kStake; ++h) {
      for (const float value : values_[hypothesis][r][h]) means[r] += static_cast<double>(value);
    }
    means[r] /= static_cast<double>(kStake * kDayPoints);
  }
  return means;
}

std::array<double, kReadings> DayDetectors::stakes(std::size_t hypothesis) const {
  std::array<double, kReadings> means{};
  for (std::size_t r = 0; r < kReadings; ++r) {
    for (const float value : values_[hypothesis][r][kStake]) means[r] += static_cast<double>(value);
    means[r] /= static_cast<double>(kDayPoints);
  }
  return means;
}

}  // namespace weir::evidence::detail
