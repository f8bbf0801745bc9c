#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "weir/app/workspace.h"
#include "weir/evidence/needs.h"

namespace weir::app {

struct SurveyOptions {
  const std::atomic<bool>* stop = nullptr;
  /// Before each step: of how many it is which, and what it looks at.
  std::function<void(std::uint64_t step, std::uint64_t all, std::string_view what)> progress;
};

/// Days in a row without any record, more than chance would leave empty.
struct Outage {
  Day from, to;  // both without records
  std::int64_t days() const { return (to - from).count() + 1; }
};

/// What the lake holds of one class of records.
struct ClassSurvey {
  bool permitted = false;  // by scope in weir.yaml, for somebody
  std::uint64_t records = 0;
  Day first, last;  // with records, UTC
  std::uint64_t empty_days = 0;
  std::vector<Outage> outages;  // longest first
  std::uint64_t people = 0;
  std::uint64_t people_of_roster = 0;  // provisional ones left out
  std::set<std::string> formats;
  std::map<std::string, std::uint64_t> activities;
};

/// How many of how many say something.
struct SaidOf {
  std::uint64_t said = 0;
  std::uint64_t all = 0;
};

struct DocumentsSurvey {
  std::uint64_t registered = 0;
  std::uint64_t outside = 0;        // documents
  std::uint64_t transmissions = 0;  // records with any of them
  struct Label {
    std::uint64_t documents = 0;
    std::uint64_t transmissions = 0;
  };
  std::map<std::string, Label> labels;
  struct Way {
    std::string activity;
    std::string recipient_class;  // the least trusted; empty: it has none
    std::uint64_t documents = 0;
    std::uint64_t transmissions = 0;
  };
  std::vector<Way> ways;  // most transmissions first
};

/// Outside addresses that nobody declared and that people write to or share with.
struct AddressesSurvey {
  struct Kind {
    std::string recipient_class;
    std::uint64_t addresses = 0;
    std::uint64_t of_several = 0;  // used by more than one person
    std::uint64_t of_many = 0;     // by `kSmallestGroup` or more; of private mailboxes only
    std::uint64_t sends = 0;       // to those used by several
  };
  std::vector<Kind> kinds;
  struct Address {
    std::string token;
    std::string recipient_class;
    std::uint64_t people = 0;  // at least `kSmallestGroup`
    std::uint64_t sends = 0;
  };
  std::vector<Address> biggest;  // private mailboxes; most people first
};

/// What is stored says of itself, before any evidence: sums, and nobody in particular.
struct Survey {
  std::uint64_t records = 0;
  std::uint64_t roster = 0;  // people, provisional ones left out
  std::uint64_t roster_with_timezone = 0;
  std::array<ClassSurvey, event::kRecordClassCount> classes;  // by RecordClass
  std::array<SaidOf, evidence::kDetailCount> details;         // by Detail
  SaidOf offsets;                                             // records that say a local time
  DocumentsSurvey documents;
  AddressesSurvey addresses;

  const ClassSurvey& of(event::RecordClass one) const { return classes[std::to_underlying(one)]; }
  const SaidOf& of(evidence::Detail one) const { return details[std::to_underlying(one)]; }
  /// Classes with records, and details that any record says.
  evidence::Sight sight() const;
};

/// Reads the lake once for each of its tables, in the query worker (lake::run_query, whose rules
/// for threads hold). Rows in the journal that are not yet rolled are not seen. `cancelled` if
/// stopped.
Result<Survey> take_survey(Workspace& workspace, const SurveyOptions& options);
/// Only records and objects: what `Survey::sight` needs.
Result<Survey> survey_sources(Workspace& workspace, const SurveyOptions& options);

/// Runs of days without records such as, by what is usual on these weekdays, would come less than
/// once in the whole history; longest first. `records`: of each day that has some.
std::vector<Outage> outages_of(const std::map<Day, std::uint64_t>& records);

/// What a source that is not there would make visible.
struct SourceGain {
  evidence::Sight source = 0;  // one bit
  struct Part {
    evidence::Hypothesis hypothesis{};
    bool asked_at_last = false;  // cannot be judged at all without it
    std::vector<std::string_view> what;
  };
  std::vector<Part> parts;
};
/// One for each class and detail that is missing in `seen`, also for those that add nothing alone.
std::vector<SourceGain> gains(evidence::Sight seen);

/// At most `width` columns.
std::string render_survey(const Survey& survey, int width);
std::string survey_json(const Survey& survey);

/// "mail received", "how sensitive what left was"
std::string_view to_words(evidence::Detail detail);
/// Names of all bits, "email", "messages_received", in order.
std::vector<std::string_view> names_of(evidence::Sight sight);

}  // namespace weir::app
