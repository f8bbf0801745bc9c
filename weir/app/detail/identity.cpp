#include "weir/app/detail/identity.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace weir::app::detail {

std::string name_in(std::string_view identity_json) {
  // JSON is YAML, and yaml-cpp is what this module has at hand.
  try {
    const YAML::Node identity = YAML::Load(std::string(identity_json));
    auto person = identity["person"].as<std::string>("");
    const auto name = identity["name"].as<std::string>("");
    if (!name.empty() && !person.empty()) return fmt::format("{} ({})", name, person);
    if (!person.empty()) return person;
  } catch (const YAML::Exception&) {
    // Falls through: the text as it is.
  }
  return std::string(identity_json);
}

std::string key_in(std::string_view identity_json) {
  try {
    return YAML::Load(std::string(identity_json))["person"].as<std::string>("");
  } catch (const YAML::Exception&) {
    return {};
  }
}

}  // namespace weir::app::detail
