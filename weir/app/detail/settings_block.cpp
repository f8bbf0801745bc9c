#include "weir/app/detail/settings_block.h"

#include <array>
#include <optional>

#include "weir/app/detail/protected_keys.h"

namespace weir::app::detail {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t kMaxProblems = 20;

std::string quoted_list(std::span<const std::string_view> names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void Problems::add_text(int line, std::string_view text) {
  if (++count_ > kMaxProblems) return;
  if (!text_.empty()) text_ += '\n';
  text_ += fmt::format("{}:{}: {}", file_, line, text);
}

std::string Problems::take() {
  if (count_ > kMaxProblems) text_ += fmt::format("\nand {} more", count_ - kMaxProblems);
  return std::move(text_);
}

SettingsBlock::SettingsBlock(const YamlNode& node, std::string name,
                             std::map<std::string, int, std::less<>>& lines, Problems& problems)
    : node_(node), name_(std::move(name)), lines_(lines), problems_(problems) {
  if (node.kind != Kind::map && !node.is_null()) {
    problems_.add(node.line, "'{}' is {}; write its settings below it, indented",
                  name_.empty() ? "weir.yaml" : name_, node.kind_name());
  }
}

const YamlNode* SettingsBlock::find(std::string_view key) {
  known_.push_back(key);
  if (node_.kind != Kind::map) return nullptr;
  const auto value = std::ranges::find(node_.items, key, &YamlNode::key);
  if (value == node_.items.end() || value->is_null()) return nullptr;
  lines_.emplace(full_name(key), value->key_line);
  return &*value;
}

void SettingsBlock::text(std::string_view key, std::string& out) {
  constexpr std::size_t kMaxText = 1000;
  const YamlNode* value = scalar(key, "a text");
  if (value == nullptr) return;
  if (value->text.size() > kMaxText) {
    problems_.add(value->line, "'{}' is longer than {} bytes", full_name(key), kMaxText);
    return;
  }
  out = value->text;
}

void SettingsBlock::truth(std::string_view key, bool& out) {
  const YamlNode* value = scalar(key, "true or false");
  if (value == nullptr) return;
  if (value->quoted || (value->text != "true" && value->text != "false")) {
    problems_.add(value->line, "'{}' is '{}'; write true or false", full_name(key),
                  printable(value->text, 40));
    return;
  }
  out = value->text == "true";
}

template <typename Number>
void SettingsBlock::bounded(std::string_view key, std::string_view wanted,
                            std::optional<Number> (*parse)(std::string_view), Number low,
                            Number high, Number& out) {
  const YamlNode* value = scalar(key, wanted);
  if (value == nullptr) return;
  const std::optional<Number> read = value->quoted ? std::nullopt : parse(value->text);
  // parse_double gives no NaN.
  if (!read || *read < low || *read > high) {
    problems_.add(value->line, "'{}' is '{}'; write {} from {} to {}, without quotes",
                  full_name(key), printable(value->text, 40), wanted, low, high);
    return;
  }
  out = *read;
}

void SettingsBlock::number(std::string_view key, double low, double high, double& out) {
  bounded<double>(key, "a number", parse_double, low, high, out);
}

void SettingsBlock::whole(std::string_view key, std::uint64_t low, std::uint64_t high,
                          std::uint64_t& out) {
  bounded<std::uint64_t>(key, "a whole number", parse_u64, low, high, out);
}

void SettingsBlock::bytes(std::string_view key, std::uint64_t low, std::uint64_t high,
                          std::uint64_t& out) {
  const YamlNode* value = scalar(key, "a size");
  if (value == nullptr) return;
  std::string_view digits = value->text;
  int shift = 0;
  constexpr std::array<std::pair<std::string_view, int>, 3> kUnits = {
      {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
  for (const auto& [unit, bits] : kUnits) {
    if (!digits.ends_with(unit)) continue;
    digits = trim(digits.substr(0, digits.size() - unit.size()));
    shift = bits;
    break;
  }
  const std::optional<std::uint64_t> read = parse_u64(digits);
  if (!read || *read > (high >> shift) || (*read << shift) < low) {
    problems_.add(value->line, "'{}' is '{}'; write a size from {} to {} bytes, such as 16 MiB",
                  full_name(key), printable(value->text, 40), low, high);
    return;
  }
  out = *read << shift;
}

void SettingsBlock::list(std::string_view key,
                         const std::function<std::string(const YamlNode&)>& use) {
  const YamlNode* value = find(key);
  if (value == nullptr) return;
  if (value->kind != Kind::sequence) {
    problems_.add(value->line, "'{}' is {}; write a list: [a, b]", full_name(key),
                  value->kind_name());
    return;
  }
  for (const YamlNode& item : value->items) {
    if (item.kind != Kind::scalar) {
      problems_.add(item.line, "an entry of '{}' is {}; write single values: [a, b]",
                    full_name(key), item.kind_name());
    } else if (const std::string problem = use(item); !problem.empty()) {
      problems_.add(item.line, "'{}': {}", full_name(key), problem);
    }
  }
}

void SettingsBlock::texts(std::string_view key, std::vector<std::string>& out,
                          std::string (*problem)(std::string_view)) {
  std::vector<std::string> read;
  list(key, [&](const YamlNode& item) {
    std::string wrong = problem(item.text);
    if (wrong.empty()) read.push_back(item.text);
    return wrong;
  });
  if (lines_.contains(full_name(key))) out = std::move(read);
}

std::string SettingsBlock::unknown_choice(std::string_view text,
                                          std::span<const std::string_view> names) {
  const std::string_view near = nearest(text, names);
  if (!near.empty()) {
    return fmt::format("'{}' is unknown; did you mean '{}'?", printable(text, 60), near);
  }
  return fmt::format("'{}' is unknown; choose from {}", printable(text, 60), quoted_list(names));
}

void SettingsBlock::finish() {
  if (node_.kind != Kind::map) return;
  for (const YamlNode& member : node_.items) {
    if (std::ranges::find(known_, member.key) != known_.end()) continue;
    if (protected_attribute(member.key)) continue;  // said already
    const std::string name = full_name(printable(member.key, 60));
    if (member.key == "retention") {
      problems_.add(member.key_line,
                    "'{}': this version does not delete by age, so a retention written here would "
                    "promise what nothing keeps; take it out and delete by other means",
                    name);
      continue;
    }
    const std::string_view near = nearest(member.key, known_);
    if (near.empty()) {
      problems_.add(member.key_line, "unknown key '{}'; known here: {}", name, quoted_list(known_));
    } else {
      problems_.add(member.key_line, "unknown key '{}'; did you mean '{}'?", name, near);
    }
  }
}

std::string SettingsBlock::full_name(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

const YamlNode* SettingsBlock::scalar(std::string_view key, std::string_view wanted) {
  const YamlNode* value = find(key);
  if (value == nullptr || value->kind == Kind::scalar) return value;
  problems_.add(value->line, "'{}' is {}; write {}", full_name(key), value->kind_name(), wanted);
  return nullptr;
}

}  // namespace weir::app::detail
