#include <unordered_map>
#include <utility>

#include "weir/evaluate/detail/rivals.h"

namespace weir::evaluate::detail {
namespace {

constexpr std::chrono::months kLedger{18};

class AddressCounts : public Rival {
 public:
  explicit AddressCounts(const AddressChoice& choice) : choice_(choice) {}

  void close_day(const RivalDay& day, AlarmSink& alarms) override {
    for (const event::Act& act : day.acts) {
      const auto sending = sending_of(act, day.people);
      if (act.person == event::kNobody || !sending || !counts(*sending)) continue;
      std::uint64_t key = std::to_underlying(sending->address);
      if (key == 0) key = std::to_underlying(sending->domain);
      if (key == 0) continue;  // nowhere that has a name
      if (choice_.by_person) key ^= std::to_underlying(act.person) * 0x9e3779b97f4a7c15u;

      Entry& entry = entries_[key];
      if (entry.count == 0 || (choice_.by_person && day.day >= entry.begin + kLedgerDays)) {
        entry = {.begin = day.day, .count = 0, .acts = {}};
      }
      ++entry.count;
      if (entry.acts.size() == kFirstActs) entry.acts.erase(entry.acts.begin());
      entry.acts.push_back(
          {.time = act.time, .activity = act.activity, .address = sending->address});
      const auto score = static_cast<double>(entry.count);
      if (score <= alarms.floor()) continue;
      alarms.take({.person = act.person, .day = day.day, .score = score, .cited = entry.acts});
    }
  }

 private:
  static constexpr std::chrono::days kLedgerDays =
      std::chrono::duration_cast<std::chrono::days>(kLedger);

  struct Entry {
    Day begin;
    std::uint64_t count = 0;
    std::vector<CitedAct> acts;  // the last ones
  };

  bool counts(const Sending& sending) const {
    using event::RecipientClass;
    const bool free = sending.recipient_class == RecipientClass::free_mail ||
                      sending.recipient_class == RecipientClass::disposable;
    if (choice_.only_free_mail && !free) return false;
    if (!choice_.marks) return true;
    return sending.declared_by == event::kNobody &&
           sending.recipient_class != RecipientClass::partner &&
           sending.sensitivity >= choice_.least;
  }

  AddressChoice choice_;
  std::unordered_map<std::uint64_t, Entry> entries_;
};

}  // namespace

std::unique_ptr<Rival> make_address_counts(const AddressChoice& choice) {
  return std::make_unique<AddressCounts>(choice);
}

}  // namespace weir::evaluate::detail
