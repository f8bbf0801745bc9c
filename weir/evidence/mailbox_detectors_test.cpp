#include "weir/evidence/detail/mailbox_detectors.h"

#include <gtest/gtest.h>

#include <cmath>

#include "weir/base/random.h"

namespace weir::evidence::detail {
namespace {

constexpr std::int32_t kMonday = 4;  // 1970-01-05

MailboxDetectors::Ratios everywhere(float e) {
  MailboxDetectors::Ratios ratios{};
  for (auto& archetype : ratios) archetype.fill(e);
  return ratios;
}

TEST(MailboxDetectors, OpenWithOneAWeekHoweverManyMailboxes) {
  MailboxDetectors none(kMonday);
  MailboxDetectors many(kMonday);
  EXPECT_NEAR(none.mixture(), 1.0, 1e-6);
  for (std::uint64_t key = 1; key <= 10; ++key) many.multiply(key, everywhere(1.0f));
  // Whatever each took was put by before.
  EXPECT_LE(many.mixture(), 1.0 + 1e-6);
  EXPECT_NEAR(many.mixture(), 1.0, 1e-6);
  none.advance(kMonday + 7 * 52);
  many.advance(kMonday + 7 * 52);
  EXPECT_NEAR(many.mixture(), none.mixture(), 1e-3 * none.mixture());
}

TEST(MailboxDetectors, WeighOneMailboxWithoutTheOthers) {
  MailboxDetectors quiet(kMonday);
  MailboxDetectors busy(kMonday);
  for (std::int32_t week = 0; week < 100; ++week) {
    for (MailboxDetectors* detectors : {&quiet, &busy}) {
      detectors->advance(kMonday + 7 * week);
      if (week % 13 == 0) detectors->multiply(1, everywhere(6.0f));
    }
    busy.multiply(2 + static_cast<std::uint64_t>(week % 3), everywhere(0.5f));
  }
  // Three dull correspondents dilute what each week opens with, and no more than that.
  EXPECT_GT(std::log(busy.mixture()), std::log(quiet.mixture()) - 2.0);
  EXPECT_GT(std::log(busy.mixture()), 10.0);
}

TEST(MailboxDetectors, GoOnWhereASilentMailboxEnded) {
  MailboxDetectors one(kMonday);
  MailboxDetectors changing(kMonday);
  for (std::int32_t send = 0; send < 24; ++send) {
    for (MailboxDetectors* detectors : {&one, &changing}) detectors->advance(kMonday + 91 * send);
    one.multiply(1, everywhere(5.0f));
    changing.multiply(1 + static_cast<std::uint64_t>(send / 6), everywhere(5.0f));
  }
  // Three changes cost a third each, and what forgetting took is the same.
  EXPECT_GT(std::log(changing.mixture()), std::log(one.mixture()) - 3.0 * std::log(3.0) - 1.0);
}

TEST(MailboxDetectors, HandOnWhatIsHeldAgainstTheBestExplanationOnly) {
  // Work on the side explains the first mailbox, so against that nothing is held; mailing work home
  // does not explain it, but the one after it.
  MailboxDetectors detectors(kMonday);
  MailboxDetectors::Ratios ratios = everywhere(1.0f);
  ratios[1].fill(1e6f);
  detectors.multiply(1, ratios);
  detectors.advance(kMonday + MailboxDetectors::kSilentDays);
  const double before = detectors.mixture();
  const double staked = detectors.stake();
  detectors.multiply(2, everywhere(1.0f));
  EXPECT_LE(detectors.mixture(), before * (1.0 + 1e-6));
  EXPECT_LE(detectors.stake(), staked * (1.0 + 1e-6));
  // What the second shows speaks against all but what explains it.
  ratios = everywhere(1e6f);
  ratios[1].fill(1.0f);
  detectors.multiply(2, ratios);
  EXPECT_LT(detectors.mixture(), before + 1.0) << "nothing was won against the true one";
  EXPECT_LE(detectors.stake(), staked + 0.1);
}

TEST(MailboxDetectors, StakeAddsUpToOneAndLosesWhatACaseWasOpenedWith) {
  MailboxDetectors detectors(kMonday);
  for (std::int32_t week = 0; week < 520; ++week) {
    detectors.advance(kMonday + 7 * week);
    detectors.multiply(static_cast<std::uint64_t>(week % 7), everywhere(1.0f));
  }
  EXPECT_NEAR(detectors.stake() + unstaked(kMonday, detectors.day()), 1.0, 1e-3);
  detectors.multiply(3, everywhere(1000.0f));
  detectors.forgo();
  EXPECT_LE(detectors.stake() + unstaked(kMonday, detectors.day()), 1.0 + 1e-3);
}

TEST(MailboxDetectors, TakeNothingFromAMailboxInUse) {
  MailboxDetectors detectors(kMonday);
  detectors.multiply(1, everywhere(1000.0f));
  detectors.advance(kMonday + MailboxDetectors::kSilentDays - 1);
  const double before = detectors.mixture();
  const auto held = detectors.mailboxes().front().values;
  detectors.multiply(2, everywhere(1.0f));
  EXPECT_EQ(detectors.mailboxes().front().values, held);
  EXPECT_NEAR(detectors.mixture(), before, 1e-3 * before);
}

TEST(MailboxDetectors, ForgetTheMailboxWithTheLeastEvidence) {
  MailboxDetectors detectors(kMonday);
  detectors.multiply(99, everywhere(50.0f));
  for (std::uint64_t key = 1; key <= 3 * MailboxDetectors::kMost; ++key) {
    detectors.multiply(key, everywhere(0.5f));
  }
  EXPECT_EQ(detectors.mailboxes().size(), MailboxDetectors::kMost);
  EXPECT_EQ(detectors.mailboxes().front().key, 99u);
}

TEST(MailboxDetectors, BeginAgainAfterACase) {
  MailboxDetectors detectors(kMonday);
  detectors.multiply(1, everywhere(1000.0f));
  EXPECT_GT(detectors.mixture(), 100.0);
  detectors.restart(kMonday + 1);
  EXPECT_NEAR(detectors.mixture(), 1.0, 1e-6);
}

// With exact mean-1 e-values, crossings of 1/α come at most α times a week, however many mailboxes
// there are, how often new ones come and to which of them a person writes.
TEST(MailboxDetectors, KeepThePromiseWhateverTheMailboxes) {
  constexpr double kAlpha = 1.0 / 200.0;
  constexpr std::int32_t kWeeks = 500;
  constexpr std::uint32_t kPeople = 60;
  for (const std::uint32_t mailboxes : {1u, 4u, 1000u}) {
    int crossings = 0;
    for (std::uint32_t person = 0; person < kPeople; ++person) {
      Random random(11, mailboxes, person, 3);
      MailboxDetectors detectors(kMonday);
      for (std::int32_t week = 0; week < kWeeks; ++week) {
        detectors.advance(kMonday + 7 * week);
        for (int act = 0; act < 5; ++act) {
          // 8 with probability 1/10, else 2/9: mean 1.
          const float e = random.chance(0.1) ? 8.0f : 2.0f / 9.0f;
          detectors.multiply(random.below(mailboxes), everywhere(e));
          if (detectors.mixture() >= 1.0 / kAlpha) {
            ++crossings;
            detectors.restart(kMonday + 7 * week);
          }
        }
      }
    }
    const double a_week = static_cast<double>(crossings) / (kWeeks * kPeople);
    EXPECT_LE(a_week, kAlpha) << mailboxes << " mailboxes";
    EXPECT_GT(crossings, 0) << mailboxes << " mailboxes";
  }
}

}  // namespace
}  // namespace weir::evidence::detail
