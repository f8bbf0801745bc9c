#include "weir/ingest/detail/ocsf_values.h"

#include <algorithm>
#include <array>

#include "weir/base/text.h"

namespace weir::ingest {

using event::Sensitivity;

namespace {}  // namespace

std::string_view bare_address(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return text;
  return text.substr(open + 1, text.size() - open - 2);
}

Sensitivity sensitivity_of_id(std::uint64_t id) {
  switch (id) {
    case 1:  // Not Confidential
      return Sensitivity::none;
    case 5:  // Private
      return Sensitivity::internal;
    case 2:  // Confidential
      return Sensitivity::confidential;
    case 3:  // Secret
    case 4:  // Top Secret
    case 6:  // Restricted: the top step of the usual four
      return Sensitivity::secret;
    default:
      return Sensitivity::unknown;
  }
}

Sensitivity sensitivity_of_name(std::string_view name) {
  struct Name {
    std::string_view text;
    Sensitivity sensitivity;
  };
  constexpr std::array kNames = {
      Name{"not confidential", Sensitivity::none},
      Name{"public", Sensitivity::none},
      Name{"none", Sensitivity::none},
      Name{"private", Sensitivity::internal},
      Name{"internal", Sensitivity::internal},
      Name{"general", Sensitivity::internal},
      Name{"confidential", Sensitivity::confidential},
      Name{"sensitive", Sensitivity::confidential},
      Name{"secret", Sensitivity::secret},
      Name{"top secret", Sensitivity::secret},
      Name{"restricted", Sensitivity::secret},
      Name{"highly confidential", Sensitivity::secret},
      Name{"strictly confidential", Sensitivity::secret},
  };
  const auto found = std::ranges::find_if(
      kNames, [&](const Name& known) { return equals_ignoring_case(known.text, name); });
  return found == kNames.end() ? Sensitivity::unknown : found->sensitivity;
}

}  // namespace weir::ingest
