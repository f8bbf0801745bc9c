#include "weir/evidence/detail/mailbox_detectors.h"

#include <algorithm>

namespace weir::evidence::detail {
namespace {

double total(const MailboxDetectors::Values& values, std::size_t archetype) {
  double sum = 0.0;
  for (std::size_t h = 0; h < MailboxDetectors::kHalfLives; ++h) {
    for (const float r : values[archetype][h]) sum += static_cast<double>(r);
  }
  return sum;
}

double staked_on(const MailboxDetectors::Values& values, std::size_t archetype) {
  double sum = 0.0;
  for (const float r : values[archetype][MailboxDetectors::kStake]) sum += static_cast<double>(r);
  return sum;
}

PerArchetype<double> totals(const MailboxDetectors::Values& values) {
  PerArchetype<double> sums{};
  for (std::size_t k = 0; k < kArchetypes; ++k) sums[k] = total(values, k);
  return sums;
}

}  // namespace

void MailboxDetectors::restart(std::int32_t day) {
  day_ = day;
  const double left = std::min(stake(), 1.0 - unstaked(since_, day_));
  put_by_.fill(1.0f);
  put_by_[kStake] = static_cast<float>(left);
  mailboxes_.clear();
  mailboxes_.shrink_to_fit();
}

void MailboxDetectors::forgo() {
  const double held = stake();
  const double staked = 1.0 - unstaked(since_, day_);
  if (held <= staked) return;
  const auto factor = static_cast<float>(staked / held);
  put_by_[kStake] *= factor;
  for (Mailbox& mailbox : mailboxes_) {
    for (auto& archetype : mailbox.values) {
      for (float& r : archetype[kStake]) r *= factor;
    }
  }
}

void MailboxDetectors::advance(std::int32_t day) {
  if (day <= day_) return;
  const float saved = mailboxes_.empty() ? 1.0f : 0.5f;
  const float each =
      mailboxes_.empty() ? 0.0f : (1.0f - saved) / static_cast<float>(mailboxes_.size());
  for (std::size_t h = 0; h <= kStake; ++h) {
    const Passage gone = h == kStake ? stake_passage(since_, day_, day)
                                     : passage(kHalfLifeDays[kFirstHalfLife + h], day_, day);
    const auto kept = static_cast<float>(gone.kept);
    const auto opened = static_cast<float>(gone.opened);
    put_by_[h] = put_by_[h] * kept + opened * saved;
    for (Mailbox& mailbox : mailboxes_) {
      for (auto& archetype : mailbox.values) {
        for (float& r : archetype[h]) r = r * kept + opened * each;
      }
    }
  }
  day_ = day;
}

MailboxDetectors::Mailbox& MailboxDetectors::mailbox(std::uint64_t key) {
  const auto known = std::ranges::find(mailboxes_, key, &Mailbox::key);
  if (known != mailboxes_.end()) return *known;
  const auto evidence = [](const Mailbox& one) { return std::ranges::min(totals(one.values)); };
  if (mailboxes_.size() >= kMost) {
    mailboxes_.erase(std::ranges::min_element(mailboxes_, {}, evidence));
  }
  // The same against every explanation, what is held against the best of them: which one holds of
  // the new mailbox is another question, and what was won against a wrong one must not answer it.
  std::array<std::array<float, kPoints>, kHalfLives> inherited{};
  const auto silent = [&](const Mailbox& one) {
    return day_ - one.last_day >= kSilentDays ? evidence(one) : 0.0;
  };
  const auto before = std::ranges::max_element(mailboxes_, {}, silent);
  if (before != mailboxes_.end() && silent(*before) > 0.0) {
    const PerArchetype<double> sums = totals(before->values);
    const auto best = static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
    for (std::size_t h = 0; h < kHalfLives; ++h) {
      for (std::size_t i = 0; i < kPoints; ++i) {
        inherited[h][i] = kSuccession * before->values[best][h][i];
      }
    }
    for (auto& archetype : before->values) {
      for (std::size_t h = 0; h < kHalfLives; ++h) {
        for (float& r : archetype[h]) r *= 1.0f - kSuccession;
      }
    }
  }
  Mailbox& fresh = mailboxes_.emplace_back();
  fresh.key = key;
  for (std::size_t h = 0; h <= kStake; ++h) {
    put_by_[h] *= 0.5f;
    for (std::size_t k = 0; k < kArchetypes; ++k) {
      for (std::size_t i = 0; i < kPoints; ++i) {
        fresh.values[k][h][i] = put_by_[h] + (h < kHalfLives ? inherited[h][i] : 0.0f);
      }
    }
  }
  return fresh;
}

void MailboxDetectors::multiply(std::uint64_t key, const Ratios& e) {
  // Far beyond any threshold and any forgetting: keeps products finite.
  constexpr float kLargest = 1e30f;
  constexpr float kSmallest = 1e-30f;
  Mailbox& one = mailbox(key);
  one.last_day = day_;
  for (std::size_t k = 0; k < kArchetypes; ++k) {
    for (auto& half_life : one.values[k]) {
      for (std::size_t i = 0; i < kPoints; ++i) {
        half_life[i] = std::clamp(half_life[i] * e[k][i], kSmallest, kLargest);
      }
    }
  }
}

double MailboxDetectors::mixture() const {
  double sum = 0.0;
  for (std::size_t h = 0; h < kHalfLives; ++h) sum += static_cast<double>(put_by_[h]) * kPoints;
  for (const Mailbox& one : mailboxes_) sum += std::ranges::min(totals(one.values));
  return sum / static_cast<double>(kHalfLives * kPoints);
}

double MailboxDetectors::stake() const {
  double sum = static_cast<double>(put_by_[kStake]) * kPoints;
  for (const Mailbox& one : mailboxes_) {
    double least = staked_on(one.values, 0);
    for (std::size_t k = 1; k < kArchetypes; ++k) least = std::min(least, staked_on(one.values, k));
    sum += least;
  }
  return sum / static_cast<double>(kPoints);
}

double MailboxDetectors::stake(std::size_t archetype) const {
  double sum = static_cast<double>(put_by_[kStake]) * kPoints;
  for (const Mailbox& one : mailboxes_) sum += staked_on(one.values, archetype);
  return sum / static_cast<double>(kPoints);
}

std::size_t MailboxDetectors::best_archetype(std::uint64_t key) const {
  const auto found = std::ranges::find(mailboxes_, key, &Mailbox::key);
  if (found == mailboxes_.end()) return 0;
  const PerArchetype<double> sums = totals(found->values);
  return static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
}

double MailboxDetectors::mixture(std::size_t archetype) const {
  double sum = 0.0;
  for (std::size_t h = 0; h < kHalfLives; ++h) sum += static_cast<double>(put_by_[h]) * kPoints;
  for (const Mailbox& one : mailboxes_) sum += total(one.values, archetype);
  return sum / static_cast<double>(kHalfLives * kPoints);
}

}  // namespace weir::evidence::detail
