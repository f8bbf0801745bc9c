#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/evaluate/truth.h"
#include "weir/event/activity.h"
#include "weir/event/ids.h"
#include "weir/evidence/case_draft.h"

namespace weir::evaluate {

/// As many of what a case cites are looked at.
inline constexpr std::size_t kFirstActs = 10;
/// Records of one act may differ by this much between sources; the act has the earliest time.
inline constexpr std::chrono::seconds kTolerance{120};
/// Cases opened this long after an insider's last act still count, where the end of the scenario is
/// the last act.
inline constexpr std::chrono::days kAfterTheLast{7};

/// An act that somebody points at, with the counterparty that matters most (0: none).
struct CitedAct {
  Instant time;
  event::Activity activity{};
  event::AddressToken address{};
};

/// Truth in the terms of one workspace.
struct KnownInsider {
  event::PersonId person{};    // kNobody: no record names them
  std::vector<CitedAct> acts;  // the logged ones, in order of time
  Instant end;                 // last moment at which a case still comes in time
};
struct KnownTruth {
  Day from, to;  // [from, to)
  std::vector<KnownInsider> insiders;
  std::vector<std::pair<std::string, std::vector<event::PersonId>>> look_alikes;

  double weeks() const;
};

/// How a workspace names those whom answers.json names. Both may fail: kNobody, 0.
struct Naming {
  std::function<event::PersonId(const TrueInsider&)> insider;
  std::function<event::PersonId(std::string_view key)> person;
  std::function<event::AddressToken(std::string_view address)> address;
};
KnownTruth known_truth(const Truth& truth, const Naming& naming);

/// Whether `world` is one whose scenario lasts for years: found means opened before its end. In
/// others ("burst", "cert-2" …): until `kAfterTheLast` after the last act.
bool is_slow(std::string_view world);

/// What was opened about somebody, by Weir or by a rival.
struct OpenedCase {
  event::PersonId person{};
  int lane = 1;
  Instant opened;
  std::vector<CitedAct> acts;  // what it cites first; those after `kFirstActs` do not count
};
OpenedCase opened_case(const evidence::CaseDraft& draft);

/// Index of the insider whom the case is about and one of whose acts it cites; empty if none.
std::optional<std::size_t> true_of(const OpenedCase& one, const KnownTruth& truth);

struct InsiderScore {
  std::size_t acts = 0;  // logged
  bool found = false;
  double days = 0;        // from the first act to the opening
  std::size_t sends = 0;  // acts that can carry something out, before the opening
};

/// What one run of one detector came to.
struct Score {
  std::vector<InsiderScore> insiders;
  std::size_t cases = 0;
  std::size_t false_cases = 0;
  /// Cases up to and with the first true one, in order of opening; empty if there is none.
  std::optional<std::size_t> to_first;
  double weeks = 0;
  /// Kind of look-alike → false cases about one (a person may be of several kinds).
  std::map<std::string, std::size_t> false_kinds;

  std::size_t found() const;
};

/// A case is true if it is in `lane`, about an insider, and cites one of the insider's logged acts
/// among its first `kFirstActs`: same activity, within `kTolerance`, same counterparty where both
/// name one. An insider is found if a true case was opened between the first act and the end. All
/// other cases of the lane are false, also about insiders. `cases` in any order.
Score score(std::span<const OpenedCase> cases, const KnownTruth& truth, int lane = 1);

/// A case that has been held against the truth.
struct JudgedCase {
  event::PersonId person{};
  Instant opened;
  std::optional<std::size_t> insider;  // whom it is rightly about
};
/// The same of judged cases, which must be in order of opening.
Score tally(std::span<const JudgedCase> cases, const KnownTruth& truth);

/// Scores of several runs of one detector as one.
class Pool {
 public:
  void add(const Score& score);

  std::size_t runs() const { return runs_; }
  std::size_t insiders() const { return insiders_; }
  std::size_t found() const { return days_.size(); }
  std::size_t cases() const { return cases_; }
  std::size_t false_cases() const { return false_cases_; }
  double weeks() const { return weeks_; }
  /// 0 without weeks.
  double false_a_week() const;
  double false_a_week_upper() const;  // one-sided 95 %
  const std::vector<double>& days() const { return days_; }
  const std::vector<double>& sends() const { return sends_; }
  /// Of each run that has a true case.
  const std::vector<double>& to_first() const { return to_first_; }
  const std::map<std::string, std::size_t>& false_kinds() const { return false_kinds_; }

 private:
  std::size_t runs_ = 0;
  std::size_t insiders_ = 0;
  std::size_t cases_ = 0;
  std::size_t false_cases_ = 0;
  double weeks_ = 0;
  std::vector<double> days_, sends_, to_first_;
  std::map<std::string, std::size_t> false_kinds_;
};

}  // namespace weir::evaluate
