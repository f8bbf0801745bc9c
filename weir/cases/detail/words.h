#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/cases/render.h"

namespace weir::cases::detail {

// How Weir says things to people: the same words in the queue, on the page and in the report.

std::string_view hypothesis_words(evidence::Hypothesis hypothesis);  // "slow leak"
/// What the promise of a case's lane rests on, in one sentence.
std::string guarantee_words(const evidence::CaseDraft& draft);
std::string_view archetype_words(evidence::Archetype archetype);  // "mails work home"
bool is_decided(const Case& one);
std::string_view verdict_words(evidence::Verdict verdict);  // "explained, innocent"
/// "2026-11-02 by ada: explained, innocent (works on the side): a contract of 2019"
std::string decision_words(const Decision& decision);
std::string lane_words(int lane);                           // "[1 budget kept]"
std::string_view activity_words(event::Activity activity);  // "mail"
std::string mark_words(std::string_view mark);              // "contact before"

/// A pseudonym, or a name where the workspace may reveal; safe to print.
std::string person_name(const Names& names, event::PersonId person);
std::string address_name(const Names& names, event::AddressToken address);
/// Protected documents: "plan.docx (secret), document 7"; empty if there is none.
std::string document_names(const Names& names, std::span<const std::uint32_t> documents);
/// "mail to address 3f9a…"; without an address only the activity.
std::string act_words(const Names& names, const evidence::Contribution& act);

/// "2019-06-03 22:14", UTC.
std::string minute_words(Instant when);
/// +1.4, −0.3, 0.0 from tenths.
std::string tenths_words(long tenths);
std::string nats_words(double nats);
/// "1 act", "12,480 acts"
std::string count_words(std::uint64_t count, std::string_view one, std::string_view many);

/// Rounded to tenths so that the parts add up to the rounded sum: a column of numbers whose total
/// is off in the last digit looks like a mistake, and is one.
std::vector<long> tenths_that_add_up(std::span<const double> values);

/// The sum under a case: its rows in tenths, which add up to `total`.
struct Sum {
  std::vector<long> listed;   // of the first contributions
  std::size_t more_acts = 0;  // contributions not listed and smaller ones
  long more = 0;
  long faded = 0;
  /// Not zero only if the draft's own figures do not add up.
  long unexplained = 0;
  long total = 0;
};
Sum sum_of(const evidence::CaseDraft& draft, std::size_t listed_at_most);

/// What a case is about, in one sentence.
std::string summary(const Case& one, const Names& names);

/// Contributions that raise the evidence; all of them if none does.
std::vector<const evidence::Contribution*> raising(const evidence::CaseDraft& draft);
std::size_t distinct_addresses(std::span<const evidence::Contribution* const> acts);
std::size_t marked_confidential(std::span<const evidence::Contribution* const> acts);

}  // namespace weir::cases::detail
