#include "weir/app/worlds.h"

#include <algorithm>
#include <array>
#include <utility>
#if __has_include("weir/sim/world.h")
#include "weir/sim/world.h"
#endif

namespace weir::app {

#if __has_include("weir/sim/world.h")

std::optional<sim::World> world_named(std::string_view name) { return sim::world_from(name); }

std::string world_names() {
  std::string names;
  for (const sim::WorldFacts& facts : sim::worlds()) {
    if (!names.empty()) names += ", ";
    names += facts.name;
  }
  return names;
}

#else

namespace {

constexpr std::array<std::pair<std::string_view, sim::World>, 4> kWorlds = {
    {{"ordinary", sim::World::ordinary},
     {"null", sim::World::null},
     {"drip", sim::World::drip},
     {"burst", sim::World::burst}}};

}  // namespace

std::optional<sim::World> world_named(std::string_view name) {
  const auto* world = std::ranges::find(kWorlds, name, &decltype(kWorlds)::value_type::first);
  if (world == kWorlds.end()) return {};
  return world->second;
}

std::string world_names() { return "ordinary, null, drip, burst"; }

#endif

}  // namespace weir::app
