#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/app/detail/yaml_tree.h"
#include "weir/base/text.h"

namespace weir::app::detail {

/// What is wrong with a settings file, one "FILE:LINE: what and the way out" a line; past 20 only
/// their number. `file` must outlive it.
class Problems {
 public:
  explicit Problems(std::string_view file) : file_(file) {}

  template <class... Args>
  void add(int line, fmt::format_string<Args...> format, Args&&... args) {
    add_text(line, fmt::format(format, std::forward<Args>(args)...));
  }

  bool any() const { return count_ > 0; }
  std::string take();

 private:
  void add_text(int line, std::string_view text);

  std::string_view file_;
  std::string text_;
  std::size_t count_ = 0;
};

/// Reads one block of settings, each into the variable that holds its default: what the file does
/// not name, or names wrongly, is left as it is. Whatever is wrong goes to `problems`.
///
/// The node and the references must outlive it.
class SettingsBlock {
 public:
  /// `name` is empty at the top of the file. `lines` gets the line of every setting that is read.
  SettingsBlock(const YamlNode& node, std::string name,
                std::map<std::string, int, std::less<>>& lines, Problems& problems);

  /// The value of `key`, if it is there and not empty.
  const YamlNode* find(std::string_view key);

  void text(std::string_view key, std::string& out);
  void truth(std::string_view key, bool& out);
  void number(std::string_view key, double low, double high, double& out);
  void whole(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t& out);
  /// "4096", "64 KiB", "16 MiB", "1 GiB"
  void bytes(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t& out);

  /// Single values; `use` says what is wrong with one, or nothing.
  void list(std::string_view key, const std::function<std::string(const YamlNode&)>& use);
  void texts(std::string_view key, std::vector<std::string>& out,
             std::string (*problem)(std::string_view));

  /// Names out of a closed set.
  template <class Value>
  void choices(std::string_view key, std::vector<Value>& out,
               std::span<const std::pair<std::string_view, Value>> known) {
    list(key, [&](const YamlNode& item) -> std::string {
      const auto entry =
          std::ranges::find(known, item.text, &std::pair<std::string_view, Value>::first);
      if (entry != known.end()) {
        if (std::ranges::find(out, entry->second) == out.end()) out.push_back(entry->second);
        return {};
      }
      std::vector<std::string_view> names;
      for (const auto& [name, value] : known) names.push_back(name);
      return unknown_choice(item.text, names);
    });
  }

  /// Call last: every key that no one asked for is a problem.
  void finish();

 private:
  static std::string unknown_choice(std::string_view text, std::span<const std::string_view> names);
  std::string full_name(std::string_view key) const;
  const YamlNode* scalar(std::string_view key, std::string_view wanted);
  /// `wanted` says in a message what is read.
  template <typename Number>
  void bounded(std::string_view key, std::string_view wanted,
               std::optional<Number> (*parse)(std::string_view), Number low, Number high,
               Number& out);

  const YamlNode& node_;
  std::string name_;
  std::map<std::string, int, std::less<>>& lines_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace weir::app::detail
