#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::sim {

/// A world is ordinary life plus one family of insiders; `ordinary` and `null` have none.
enum class World : std::uint8_t {
  ordinary,     // everything life has, look-alikes included, and no insider
  null,         // the same records under the name that evaluations use for insider-free worlds
  drip,         // D1: sends a few documents a year when asked
  burst,        // takes much within ten days and leaves
  rotation,     // D2: D1 with new mailboxes every 18 months, some used as sender
  media,        // D3: D1 by print or removable media
  photographs,  // D4: opens documents, and nothing leaves by a recorded channel
  split,        // D5: D1 by mail, upload and print in turn
  pair,         // D6: one fetches and passes on, the other sends
  veteran,      // D7: D1 by somebody who is at it from before the first record
  decoy,        // D8: D1 between harmless private mails written to look ordinary
  public_case,  // D9: five dated acts of 2012 to 2022
  cert_1,       // after hours, removable media, an upload, and leaves
  cert_2,       // job sites, mails to rivals, removable media for weeks, and leaves
  cert_3,       // an administrator takes over the boss's machine and name
  cert_4,       // other people's machines, files mailed home, ever more often
  cert_5,       // a group that is laid off uploads within minutes
  cert,         // the counts of CERT r4.2: 30 cert_1, 30 cert_2, 10 cert_3 for 1,000 people
  cert_r5,      // those of r5.2: 29, 30, 10 and 30 cert_4 for 2,000 people
};

struct WorldFacts {
  World world;
  std::string_view name;  // "public-case"
  std::string_view what;  // for people, short
};
/// Every world, in the order of the enumeration.
std::span<const WorldFacts> worlds();

/// "public-case"
std::string_view to_string(World world);
std::optional<World> world_from(std::string_view name);
/// "ordinary, null, drip …": for messages.
std::string world_names();
bool has_insiders(World world);
/// Insiders of that world use accounts or machines that plain logs do not show.
bool shows_more(World world);
/// Several scenarios at once, as many insiders of each as stated.
bool is_mixed(World world);

}  // namespace weir::sim
