#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Appends `text` as a JSON string with its quotes. Control characters are escaped and bytes that
/// are no UTF-8 become U+FFFD, so the result is valid JSON whatever the bytes.
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON value into a string, two spaces a level; commas and line breaks are its own
/// business. Calls must nest as JSON does: begin, key and value in an object, values in an array.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(std::int64_t{number}); }
  /// The shortest text that reads back to the same number; null for what JSON cannot say (NaN, ∞).
  JsonWriter& value(double number);
  JsonWriter& null();

  JsonWriter& value(const std::vector<std::string>& texts);

  /// `key(name).value(v)`
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  void before_value();
  void line_break();
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);

  std::string& out_;
  std::size_t depth_ = 0;
  bool empty_ = true;  // nothing yet in the innermost object or array
  bool after_key_ = false;
};

}  // namespace weir
