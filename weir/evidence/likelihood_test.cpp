#include "weir/evidence/detail/likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "weir/base/random.h"

namespace weir::evidence::detail {
namespace {

PeerSensitivity peers_of(const Cells& cells) {
  PeerSensitivity peers{};
  for (std::size_t g = 0; g < kGroups; ++g) {
    for (std::size_t i = 0; i < kSensitivities; ++i) {
      peers[g][i] = cells[cell::sensitivity(0, static_cast<Group>(g)) + i];
    }
  }
  return peers;
}

Marks leak() {
  Marks marks;
  marks.stratum = Stratum::free_mail;
  marks.sensitivity = 2;
  marks.place = 1;
  marks.lag = 2;
  marks.lag_days = 4.0f;
  marks.contact_rate = 8.0f / 365.0f;
  marks.hour_chance = 0.05f;
  marks.novelty = 0;
  marks.new_chance = 0.3f;
  marks.unseen_chance = 0.7f;
  marks.rate = 6.0f;
  return marks;
}

std::uint8_t draw(Random& random, const double* row, std::size_t size) {
  const double u = random.uniform();
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < size; ++i) {
    sum += row[i];
    if (u < sum) return static_cast<std::uint8_t>(i);
  }
  return static_cast<std::uint8_t>(size - 1);
}

std::uint8_t draw_lag(Random& random, double rate, std::size_t archetype, double coupling) {
  const LagShares clock = clock_lags(rate);
  const bool answer = random.chance(coupling);
  return draw(random, answer ? reply_lags(archetype).data() : clock.data(), kLagBuckets);
}

// Marks drawn from an archetype's own model must give e-values of mean at most 1.
TEST(Likelihood, HasMeanOneUnderEachArchetypesOwnModel) {
  const Cells& cells = prior_chances();
  const PeerSensitivity peers = peers_of(cells);
  constexpr int kActs = 40'000;
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    for (const Stratum stratum : {Stratum::free_mail, Stratum::other, Stratum::none}) {
      const Group group = group_of(stratum);
      std::array<double, DripGrid::kPoints> means{};
      Random random(3, k, static_cast<std::uint32_t>(stratum), 5);
      for (int act = 0; act < kActs; ++act) {
        Marks marks;
        marks.stratum = stratum;
        marks.rate = 3.0f;
        marks.sensitivity = draw(random, &cells[cell::sensitivity(k, group)], kSensitivities);
        marks.place = draw(random, &cells[cell::place(k, marks.sensitivity > 0)], 2);
        marks.disguise = draw(random, &cells[cell::kDisguise], 3);
        marks.own_sender = draw(random, &cells[cell::kOwnSender], 2);
        if (random.chance(0.1)) marks.sensitivity = kMissing;
        if (stratum != Stratum::none) {
          marks.contact_rate = 0.02f;
          marks.lag = draw_lag(random, 0.02, k, cells[cell::coupled(k, group) + 1]);
        } else {
          marks.any_rate = 0.01f;
          marks.any_lag = draw_lag(random, 0.01, k, cells[cell::any_coupled(k, group) + 1]);
        }
        const Likelihood likelihood = weigh(marks, cells, {}, peers);
        for (std::size_t i = 0; i < means.size(); ++i) {
          means[i] += static_cast<double>(likelihood.drip[k][i]) / kActs;
        }
      }
      for (std::size_t i = 0; i < means.size(); ++i) {
        EXPECT_LT(means[i], 1.06) << "archetype " << k << " grid " << i;
        EXPECT_GT(means[i], 0.7) << "archetype " << k << " grid " << i;
      }
    }
  }
}

TEST(Likelihood, TakesAMissingMarkForNothingAndNeverForNo) {
  const Cells& cells = prior_chances();
  const PeerSensitivity peers = peers_of(cells);
  Marks without = leak();
  without.sensitivity = kMissing;
  Marks plain = leak();
  plain.sensitivity = 0;
  const Likelihood missing = weigh(without, cells, {}, peers);
  const auto sensitivity = static_cast<std::size_t>(Mark::sensitivity);
  EXPECT_EQ(missing.nats[sensitivity][0], 0.0f);
  EXPECT_LT(weigh(plain, cells, {}, peers).nats[sensitivity][0], 0.0f);
  EXPECT_GT(weigh(leak(), cells, {}, peers).nats[sensitivity][0], 1.0f);
}

TEST(Likelihood, WeighsDeclaredAndPartnerAddressesLessButNotForFree) {
  const Cells& cells = prior_chances();
  const PeerSensitivity peers = peers_of(cells);
  const auto best = [&](Stratum stratum) {
    Marks marks = leak();
    marks.stratum = stratum;
    return std::ranges::max(weigh(marks, cells, {}, peers).drip[0]);
  };
  EXPECT_GT(best(Stratum::free_mail), 2.0f * best(Stratum::declared));
  EXPECT_GT(best(Stratum::free_mail), 2.0f * best(Stratum::partner));
  EXPECT_GT(best(Stratum::declared), 1.0f);
  EXPECT_GT(best(Stratum::partner), 1.0f);
}

TEST(Likelihood, LetsOwnHabitsExplainOnlySoMuch) {
  const Cells& cells = prior_chances();
  const PeerSensitivity peers = peers_of(cells);
  OwnHabits decoys;
  decoys.sensitivity[static_cast<std::size_t>(Group::personal)] = {0.0f, 0.0f, 1e5f};
  decoys.place = {0.0f, 1e5f};
  const auto sensitivity = static_cast<std::size_t>(Mark::sensitivity);
  const double before = static_cast<double>(weigh(leak(), cells, {}, peers).nats[sensitivity][0]);
  const double after =
      static_cast<double>(weigh(leak(), cells, decoys, peers).nats[sensitivity][0]);
  EXPECT_LT(after, before);
  EXPECT_GE(after, before - std::log(OwnHabits::kMostFactor) - 1e-5);
}

TEST(Likelihood, GivesNoActMoreThanTheOutlierBoundAllows) {
  const Cells& cells = prior_chances();
  Marks marks = leak();
  marks.disguise = 2;
  marks.novelty = 2;
  marks.rate = 0.01f;
  const Likelihood likelihood = weigh(marks, cells, {}, peers_of(cells));
  for (const auto& archetype : likelihood.drip) {
    for (const float e : archetype) EXPECT_LE(e, 1.0 / kOutliers);
  }
}

TEST(Likelihood, FindsTheSameSendsLessTellingWhereThePersonSendsMany) {
  const Cells& cells = prior_chances();
  const PeerSensitivity peers = peers_of(cells);
  Marks busy = leak();
  busy.rate = 500.0f;
  const float rare_e = weigh(leak(), cells, {}, peers).drip[0][0];
  const float busy_e = weigh(busy, cells, {}, peers).drip[0][0];
  EXPECT_GT(rare_e, 5.0f * busy_e);
}

TEST(Reference, LearnsOnlyFromWindowsThatHavePassed) {
  Reference reference;
  const std::size_t secret = cell::sensitivity(0, Group::personal) + 2;
  const double prior = reference.chances()[secret];
  CellSums sums{};
  sums[secret] = static_cast<std::int64_t>(500 * kFixedPoint);
  constexpr std::int32_t kFirst = 300 * kWindowDays;
  reference.merge(sums, kFirst);
  reference.merge({}, kFirst + 2 * kWindowDays - 1);
  EXPECT_EQ(reference.chances()[secret], prior);
  reference.merge({}, kFirst + 2 * kWindowDays);
  EXPECT_GT(reference.chances()[secret], 0.7);
}

TEST(Reference, StaysNearItsPriorsWhereThereIsOnePersonOnly) {
  Reference reference;
  const std::size_t secret = cell::sensitivity(0, Group::personal) + 2;
  CellSums sums{};
  sums[secret] = static_cast<std::int64_t>(kFixedPoint);
  for (std::int32_t window = 300; window < 420; ++window) {
    reference.merge(sums, window * kWindowDays);
  }
  EXPECT_LT(reference.chances()[secret], 0.45);
}

TEST(Reference, NeverLetsAMarkOfALeakBecomeImpossibleAmongTheInnocent) {
  Reference reference;
  const std::size_t plain = cell::sensitivity(0, Group::personal);
  CellSums sums{};
  sums[plain] = static_cast<std::int64_t>(1e6 * kFixedPoint);
  for (std::int32_t window = 300; window < 310; ++window) {
    reference.merge(sums, window * kWindowDays);
  }
  EXPECT_GE(reference.chances()[plain + 1], 0.01);
  EXPECT_NEAR(
      reference.chances()[plain] + reference.chances()[plain + 1] + reference.chances()[plain + 2],
      1.0, 1e-12);
}

TEST(Reference, HoldsWhatIsLessUnusualForNoLessLikely) {
  Reference reference;
  const std::size_t row = cell::day(3, Before::never, 0);
  CellSums sums{};
  sums[row] = static_cast<std::int64_t>(1e5 * kFixedPoint);
  sums[row + 4] = static_cast<std::int64_t>(1e3 * kFixedPoint);  // and nothing at 1 to 3
  reference.merge(sums, 300 * kWindowDays);
  reference.merge({}, 302 * kWindowDays);
  for (std::size_t level = 1; level + 1 < kLevels; ++level) {
    EXPECT_GE(reference.chances()[row + level], reference.chances()[row + level + 1]) << level;
  }
  EXPECT_NEAR(reference.chances()[row + 1], 0.0099, 0.001);
}

TEST(Reference, TrustsWhatIsNotSeenMoreTheMoreWereWatched) {
  const auto unseen = [](double people) {
    Reference reference;
    const std::size_t row = cell::day(3, Before::seen, 0);
    CellSums sums{};
    sums[row] = static_cast<std::int64_t>(people * kFixedPoint);
    reference.merge(sums, 300 * kWindowDays);
    reference.merge({}, 302 * kWindowDays);
    return reference.chances()[row + kLevels - 1];
  };
  EXPECT_DOUBLE_EQ(unseen(50), 0.001);
  EXPECT_LT(unseen(5000), 1e-4);
  EXPECT_GE(unseen(1e7), 1e-5);
}

}  // namespace
}  // namespace weir::evidence::detail
