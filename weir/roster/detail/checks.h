#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "weir/roster/detail/plan.h"
#include "weir/roster/detail/state.h"

namespace weir::roster::detail {

/// How to name people in messages: the place in the file that speaks of them, or a pseudonym.
using Places = std::unordered_map<std::uint64_t, std::string>;

/// Two people with one identity at the same time, among `changes` and everybody who stays.
void check_claims(const std::vector<Change>& changes, const State& state, const Places& places,
                  std::vector<std::string>& errors);

/// An outside address declared by two people, or one that is somebody's work address.
void check_declared(const std::vector<Change>& changes, const State& state, const Places& places,
                    std::vector<std::string>& errors);

/// People whose line of managers leads back to themselves, on any day.
void check_managers(const std::vector<Change>& changes, const State& state, const Places& places,
                    std::vector<std::string>& errors);

}  // namespace weir::roster::detail
