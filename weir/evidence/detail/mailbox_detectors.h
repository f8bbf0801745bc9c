#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/evidence/detail/accumulator.h"

namespace weir::evidence::detail {

/// The slow drip asked of each mailbox by itself: is most of what goes to *this* address part of
/// one? A handler's mailbox gets little else, so no send there has to carry the weight of all that
/// the person sends to others.
///
/// One Shiryaev–Roberts detector (accumulator.h) is shared out over mailboxes. Of the 1 with which
/// each week opens, half goes to the mailboxes known by then, equally, and half is put by; a new
/// mailbox takes half of what was put by. Each share is fixed before the act that it will weigh,
/// so all together they grow by 1 a week in the mean, as one detector does.
class MailboxDetectors {
 public:
  /// Slow only: 90 days, 2 years, 10 years.
  static constexpr std::size_t kHalfLives = 3;
  static constexpr std::size_t kFirstHalfLife = detail::kHalfLives - kHalfLives;
  /// Coupling × strength: of one mailbox's sends, the same share is part of it at any rate.
  static constexpr std::size_t kPoints = DripGrid::kPoints / DripGrid::kRates;
  /// Of more, the one with the least evidence is forgotten, which only loses evidence.
  static constexpr std::size_t kMost = 16;
  /// A mailbox is changed now and then, and the next one goes on where it ended: of the evidence of
  /// the mailbox with the most, if nothing has gone there for so many days, a new one takes this
  /// share. All together keep their sum. The e-process inherits nothing.
  static constexpr std::int32_t kSilentDays = 30;
  static constexpr float kSuccession = 1.0f / 3.0f;

  /// Clocks: the half-lives, and the e-process of accumulator.h, shared out in the same way.
  static constexpr std::size_t kStake = kHalfLives;
  using Ratios = PerArchetype<std::array<float, kPoints>>;
  using Values = PerArchetype<std::array<std::array<float, kPoints>, kStake + 1>>;
  struct Mailbox {
    std::uint64_t key = 0;
    std::int32_t last_day = 0;
    Values values{};
  };

  explicit MailboxDetectors(std::int32_t day = 0) : since_(day), day_(day) {
    put_by_.fill(1.0f);
    put_by_[kStake] = static_cast<float>(kFirstStake);
  }

  /// After a case: the same acts never score again.
  void restart(std::int32_t day);
  /// Of the e-process alone: gains are lost, losses stay.
  void forgo();
  /// Forgets and opens weeks up to `day`; days do not go back.
  void advance(std::int32_t day);
  /// Sends of the day last advanced to, to the mailbox `key`, as one e-value an archetype and
  /// point.
  void multiply(std::uint64_t key, const Ratios& e);
  /// The mean over half-lives and grid, of which accumulator.h takes the logarithm. Each mailbox
  /// against its own best innocent explanation: who works on the side for one may mail work home
  /// to another, and no single explanation of the person covers both.
  double mixture() const;
  /// The same against one explanation of everything.
  double mixture(std::size_t archetype) const;
  /// What was staked has become, as `mixture`.
  double stake() const;
  double stake(std::size_t archetype) const;
  /// The best innocent explanation of what went to `key`.
  std::size_t best_archetype(std::uint64_t key) const;

  std::int32_t day() const { return day_; }
  std::size_t bytes() const { return mailboxes_.capacity() * sizeof(Mailbox); }

  /// For the snapshot: everything there is.
  std::int32_t& since() { return since_; }
  std::int32_t& day() { return day_; }
  std::array<float, kStake + 1>& put_by() { return put_by_; }
  std::vector<Mailbox>& mailboxes() { return mailboxes_; }

 private:
  Mailbox& mailbox(std::uint64_t key);

  std::int32_t since_ = 0;
  std::int32_t day_ = 0;
  std::array<float, kStake + 1> put_by_{};
  std::vector<Mailbox> mailboxes_;  // in the order in which they came
};

}  // namespace weir::evidence::detail
