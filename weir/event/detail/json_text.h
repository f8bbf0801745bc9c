#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "weir/base/json.h"

/// JSON as millions of lines of OCSF are written: most texts need no escape, most members are there
/// or not. `JsonWriter` keeps track of more than that.
namespace weir::event {

/// Bytes that stand for themselves in a JSON string.
constexpr std::array<bool, 256> plain_bytes() {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < 0x7F; ++i) plain[i] = true;
  plain['"'] = false;
  plain['\\'] = false;
  return plain;
}
inline constexpr std::array<bool, 256> kPlain = plain_bytes();

inline bool is_plain(std::string_view text) {
  bool plain = true;
  for (const char c : text) plain &= kPlain[static_cast<unsigned char>(c)];
  return plain;
}

inline void put_text(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  if (!text.contains('\0')) return append_json_string(out, text);
  std::string replaced;
  for (const char c : text) {
    if (c == '\0') {
      replaced += "\xEF\xBF\xBD";
    } else {
      replaced += c;
    }
  }
  append_json_string(out, replaced);
}

template <class Integer>
void put_number(std::string& out, Integer value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

inline void put_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  out += '"';
}

/// The members of one JSON object: puts the commas between them and closes it at the end. With
/// `before`, nothing at all is written until there is a member.
class Members {
 public:
  explicit Members(std::string& out) : out_(out), before_("{") { open(); }
  Members(std::string& out, std::string_view before, std::string_view after)
      : out_(out), before_(before), after_(after) {}
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
  ~Members() {
    if (opened_) out_ += after_;
  }

  /// `key` as it is written: with quotes and colon.
  std::string& put(std::string_view key) {
    if (!opened_) open();
    if (!first_) out_ += ',';
    first_ = false;
    out_ += key;
    return out_;
  }
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) put_text(put(key), value);
  }

 private:
  void open() {
    out_ += before_;
    opened_ = true;
  }

  std::string& out_;
  std::string_view before_;
  std::string_view after_ = "}";
  bool opened_ = false;
  bool first_ = true;
};

}  // namespace weir::event
