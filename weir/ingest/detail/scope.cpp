#include "weir/ingest/detail/scope.h"

#include <algorithm>

namespace weir::ingest {
namespace {

bool names(const std::vector<std::string>& units, std::string_view unit) {
  return std::ranges::any_of(units, [&](const std::string& u) { return u == "*" || u == unit; });
}

Scope::Classes classes_in(const ScopeRule& rule) {
  unsigned classes = 0;
  for (const event::RecordClass source : rule.sources) {
    classes |= 1u << static_cast<unsigned>(source);
  }
  return static_cast<Scope::Classes>(classes);
}

}  // namespace

Scope::Scope(std::vector<ScopeRule> rules) : rules_(std::move(rules)) {
  for (const ScopeRule& rule : rules_) {
    if (rule.entity == "*" && std::ranges::find(rule.units, "*") != rule.units.end()) {
      strangers_ |= classes_in(rule);
    }
  }
}

Scope::Classes Scope::classes_of(const roster::Person* person, const roster::Facts& facts) const {
  if (person == nullptr || person->provisional) return strangers_;
  Classes classes = 0;
  for (const ScopeRule& rule : rules_) {
    if ((rule.entity == "*" || rule.entity == facts.entity) && names(rule.units, facts.unit)) {
      classes |= classes_in(rule);
    }
  }
  return classes;
}

}  // namespace weir::ingest
