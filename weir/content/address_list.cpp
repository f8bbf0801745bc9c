#include "weir/content/address_list.h"

#include <algorithm>
#include <array>

#include "weir/base/text.h"

namespace weir::content {
namespace {

// RFC 5321 allows 320; legacy directory names are longer.
constexpr std::size_t kMaxAddress = 1000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }

bool stands_for_nobody(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNobody = {"undisclosed", "unlisted-recipients",
                                                       "unlisted recipients",
                                                       "unspecified-recipients", "recipient list"};
  const std::string lower = to_lower_ascii(text);
  return std::ranges::any_of(kNobody,
                             [&](std::string_view nobody) { return lower.starts_with(nobody); });
}

/// Reads one list, one address at a time.
class Scanner {
 public:
  Scanner(std::string_view rest, std::size_t limit, std::vector<std::string>& out)
      : rest_(rest), limit_(limit), out_(out) {}

  bool run() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      switch (c) {
        case '"':
          quoted();
          break;
        case '(':
          comment();
          break;
        case '<':
          angle();
          break;
        case '[':
          literal();
          break;
        case ',':
        case ';':
          finish();
          break;
        case ':':
          // The name of a group; behind an "@" it belongs to the address.
          if (text_.contains('@')) {
            text_ += c;
          } else {
            text_.clear();
          }
          break;
        default:
          text_ += is_blank(c) ? ' ' : c;
      }
    }
    finish();
    return complete_;
  }

 private:
  void quoted() {
    text_ += '"';
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\\' && !rest_.empty()) {
        text_ += rest_.front();
        rest_.remove_prefix(1);
      } else if (c != '\r' && c != '\n') {
        text_ += c;
      }
    }
    text_ += '"';
  }

  void comment() {
    for (std::size_t depth = 1; depth > 0 && !rest_.empty();) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '(') ++depth;
      if (c == ')') --depth;
      if (c == '\\' && !rest_.empty()) rest_.remove_prefix(1);
    }
  }

  void angle() {
    const std::size_t end = std::min(rest_.find('>'), rest_.size());
    angle_ = trim(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    // An obsolete source route: <@a,@b:user@c>.
    if (const std::size_t route = angle_.find(':');
        angle_.starts_with('@') && route != std::string_view::npos) {
      angle_.remove_prefix(route + 1);
    }
  }

  void literal() {
    text_ += '[';
    const std::size_t end = rest_.find(']');
    if (end == std::string_view::npos) return;
    text_ += rest_.substr(0, end + 1);
    rest_.remove_prefix(end + 1);
  }

  void finish() {
    if (!angle_.empty()) {
      add(angle_);
    } else {
      add_text();
    }
    angle_ = {};
    text_.clear();
  }

  /// Without angle brackets: the words with "@" where there are any ("Bob bob@x"), else all of it.
  void add_text() {
    const std::string_view text = trim(text_);
    if (!text.contains('@')) {
      std::string_view name = text;
      if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) {
        name = trim(name.substr(1, name.size() - 2));
      }
      if (!stands_for_nobody(name)) add(name);
      return;
    }
    if (text.starts_with('"')) return add(text);  // "john doe"@x
    for (const std::string_view word : split(text, ' ')) {
      if (word.contains('@')) add(word);
    }
  }

  void add(std::string_view address) {
    address = trim(address);
    if (address.empty()) return;
    if (out_.size() >= limit_) {
      complete_ = false;
      return;
    }
    std::string& kept = out_.emplace_back();
    for (const char c : address.substr(0, kMaxAddress)) {
      if (c != '\r' && c != '\n' && c != '\0') kept += c;
    }
    if (kept.empty()) out_.pop_back();
  }

  std::string_view rest_;
  std::size_t limit_;
  std::vector<std::string>& out_;
  std::string text_;
  std::string_view angle_;
  bool complete_ = true;
};

}  // namespace

bool append_addresses(std::string_view value, std::size_t limit, std::vector<std::string>& out) {
  return Scanner(value, limit, out).run();
}

}  // namespace weir::content
