#include "weir/sim/world.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::sim {

namespace {

constexpr std::array<WorldFacts, 19> kWorlds = {{
    {World::ordinary, "ordinary", "no insider"},
    {World::null, "null", "no insider; the same as ordinary"},
    {World::drip, "drip", "a few documents a year to a mailbox outside, when asked"},
    {World::burst, "burst", "sixty files in ten days, then leaves"},
    {World::rotation, "rotation", "drip with new mailboxes every 18 months, some used as sender"},
    {World::media, "media", "drip by print or removable media"},
    {World::photographs, "photographs",
     "opens documents, and nothing leaves by a recorded channel"},
    {World::split, "split", "drip by mail, upload and print in turn"},
    {World::pair, "pair", "one fetches and passes on, the other sends"},
    {World::veteran, "veteran", "drip from before the first record"},
    {World::decoy, "decoy", "drip hidden in harmless private mail"},
    {World::public_case, "public-case", "five dated acts in 2012 to 2022"},
    {World::cert_1, "cert-1", "after hours, removable media, an upload, then leaves"},
    {World::cert_2, "cert-2", "job sites, mails to rivals, removable media, then leaves"},
    {World::cert_3, "cert-3", "an administrator in the boss's name"},
    {World::cert_4, "cert-4", "others' machines, files mailed home, ever more often"},
    {World::cert_5, "cert-5", "a group that is laid off uploads within minutes"},
    {World::cert, "cert", "cert-1, -2 and -3 as often as in CERT r4.2"},
    {World::cert_r5, "cert-r5", "cert-1 to cert-4 as often as in CERT r5.2"},
}};

}  // namespace

std::span<const WorldFacts> worlds() { return kWorlds; }

std::string_view to_string(World world) { return kWorlds[std::to_underlying(world)].name; }

std::optional<World> world_from(std::string_view name) {
  const auto* const found = std::ranges::find(kWorlds, name, &WorldFacts::name);
  if (found == kWorlds.end()) return {};
  return found->world;
}

bool has_insiders(World world) { return world != World::ordinary && world != World::null; }

bool shows_more(World world) {
  switch (world) {
    case World::rotation:
    case World::public_case:
    case World::cert_3:
    case World::cert_4:
    case World::cert:
    case World::cert_r5:
      return true;
    default:
      return false;
  }
}

bool is_mixed(World world) { return world == World::cert || world == World::cert_r5; }

std::string world_names() {
  std::string names;
  for (const WorldFacts& facts : worlds()) {
    if (!names.empty()) names += ", ";
    names += facts.name;
  }
  return names;
}

}  // namespace weir::sim
