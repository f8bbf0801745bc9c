#pragma once

#include <cstdint>
#include <vector>

#include "weir/base/time.h"
#include "weir/event/activity.h"
#include "weir/event/ids.h"
#include "weir/ingest/resolver.h"
#include "weir/roster/people.h"

namespace weir::ingest {

/// Which classes of records may be kept of a person, by the rules of weir.yaml and the person's
/// entity and unit on that day. Who is not on the roster is covered by rules for everybody only.
class Scope {
 public:
  /// One bit for each RecordClass, by its number.
  using Classes = std::uint8_t;
  static_assert(event::kRecordClassCount <= 8);

  explicit Scope(std::vector<ScopeRule> rules);

  /// `person` null: somebody whom the roster does not know.
  Classes classes_of(const roster::Person* person, const roster::Facts& facts) const;
  Classes classes_of_strangers() const { return strangers_; }

  static bool has(Classes classes, event::RecordClass record_class) {
    return (unsigned{classes} >> static_cast<unsigned>(record_class) & 1u) != 0;
  }

 private:
  std::vector<ScopeRule> rules_;
  Classes strangers_ = 0;
};

}  // namespace weir::ingest
