#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/rtf_words.h"

namespace weir::content {
namespace {

constexpr std::size_t kMaxGroups = 2'000;

struct Group {
  PartKind kind = PartKind::body;
  bool hidden = false;
  bool skipped = false;  // a destination without text
  bool object = false;   // \objdata: an embedded file in hex
  bool fonts = false;    // \fonttbl
  int unicode_skip = 1;  // \uc: how many characters stand in for a \u
  int page = 1252;
  bool deleted = false;
};

/// RTF 1.9. Groups, control words, and text in the code page of its font.
class RtfReading {
 public:
  RtfReading(Reading& reading, const Place& place, std::string_view bytes)
      : reading_(reading), place_(place), bytes_(bytes) {}

  void run() {
    std::size_t steps = 0;
    while (at_ < bytes_.size()) {
      if ((++steps & 0xffff) == 0 && !reading_.keep_going(place_)) break;
      const char c = bytes_[at_++];
      if (c == '{') {
        open();
      } else if (c == '}') {
        close();
      } else if (c == '\\') {
        control();
      } else if (c != '\r' && c != '\n') {
        plain(c);
      }
    }
    flush_bytes();
    if (groups_.size() > 1) {
      reading_.finding(place_, FindingKind::corrupt, "RTF: cut short, some groups are open");
    }
    buckets_.flush(reading_, place_, FileType::rtf, bytes_.size());
  }

 private:
  Group& group() { return groups_.back(); }

  void open() {
    flush_bytes();
    if (groups_.size() < kMaxGroups) {
      groups_.push_back(groups_.back());
    } else {
      ++too_deep_;
    }
  }

  void close() {
    flush_bytes();
    pending_skip_ = 0;
    if (too_deep_ > 0) {
      --too_deep_;
      return;
    }
    if (groups_.size() < 2) return;
    const Group closed = group();
    groups_.pop_back();
    if (closed.object && !group().object) {
      embedded();
    } else if (closed.kind != group().kind) {
      buckets_.end_line(closed.kind, closed.hidden);
    }
  }

  void embedded() {
    std::string bytes = std::move(object_);
    object_.clear();
    if (bytes.empty() || !reading_.take_member(place_)) return;
    // In front stand a version and three texts; then come the length and the file. Its start is
    // found by what is known to begin files.
    std::string_view rest = bytes;
    for (const std::string_view mark : {"\xd0\xcf\x11\xe0", "PK\3\4", "%PDF-", "{\\rtf"}) {
      const std::size_t found = std::string_view(bytes).find(mark);
      if (found != std::string_view::npos) {
        rest = std::string_view(bytes).substr(found);
        break;
      }
    }
    if (reading_.take_bytes(place_, rest.size())) {
      reading_.read(place_.member("object " + std::to_string(++objects_)), rest);
    }
  }

  void control() {
    if (at_ >= bytes_.size()) return;
    const char c = bytes_[at_];
    if (c == '\'') {
      ++at_;
      const auto value = hex_byte();
      if (value) plain_byte(*value);
      return;
    }
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
      ++at_;
      symbol(c);
      return;
    }
    const std::size_t begin = at_;
    while (at_ < bytes_.size() && at_ - begin < 40 &&
           ((bytes_[at_] >= 'a' && bytes_[at_] <= 'z') ||
            (bytes_[at_] >= 'A' && bytes_[at_] <= 'Z'))) {
      ++at_;
    }
    const std::string_view word = bytes_.substr(begin, at_ - begin);
    std::optional<int> number;
    const std::size_t digits = at_;
    if (at_ < bytes_.size() && bytes_[at_] == '-') ++at_;
    int value = 0;
    const std::size_t first = at_;
    while (at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9' && at_ - first < 9) {
      value = value * 10 + (bytes_[at_++] - '0');
    }
    if (at_ > first) number = bytes_[digits] == '-' ? -value : value;
    if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
    act(word, number);
  }

  void symbol(char c) {
    switch (c) {
      case '\\':
      case '{':
      case '}':
        return plain(c);
      case '~':
        return character(0xa0);
      case '_':
        return plain('-');
      case '*':
        ignorable_ = true;
        return;
      case '\n':
      case '\r':
        return character('\n');
      default:
        return;
    }
  }

  /// A destination: the rest of the group is something else than running text.
  bool destination(std::string_view word) {
    if (const auto kind = rtf_kind(word)) {
      group().kind = *kind;
      group().hidden = group().hidden || word == "fldinst";
      return true;
    }
    if (rtf_is_skipped(word)) {
      group().skipped = true;
      group().fonts = word == "fonttbl";
      return true;
    }
    if (word == "objdata") {
      group().object = true;
      return true;
    }
    return false;
  }

  void act(std::string_view word, std::optional<int> number) {
    const bool ignorable = std::exchange(ignorable_, false);
    if (word != "u") flush_bytes();
    if (destination(word)) return;
    if (ignorable && word != "shppict" && word != "nonshppict" && word != "shpinst") {
      group().skipped = true;  // unknown, and marked so that readers may pass over it
      return;
    }
    if (word == "par" || word == "line" || word == "row" || word == "page" || word == "sect") {
      character('\n');
    } else if (word == "tab" || word == "cell") {
      character('\t');
    } else if (word == "u" && number) {
      unicode(*number);
    } else if (word == "uc") {
      group().unicode_skip = std::clamp(number.value_or(1), 0, 16);
    } else if (word == "bin" && number && *number > 0) {
      const auto size = std::min(static_cast<std::size_t>(*number), bytes_.size() - at_);
      if (group().object) object_ += bytes_.substr(at_, size);
      at_ += size;
    } else if (word == "v") {
      group().hidden = number.value_or(1) != 0;
    } else if (word == "deleted") {
      group().deleted = number.value_or(1) != 0;
    } else if (word == "plain") {
      group().hidden = false;
      group().deleted = false;
    } else if (word == "fs") {
      group().hidden = number.value_or(24) <= 4;
    } else if (word == "ansicpg" && number) {
      group().page = *number;
    } else if (word == "mac") {
      group().page = 10000;
    } else if (word == "f" && number) {
      if (group().fonts) {
        font_ = *number;
      } else if (const auto found = font_pages_.find(*number); found != font_pages_.end()) {
        group().page = found->second;
      }
    } else if (word == "fcharset" && number && group().fonts && font_pages_.size() < 10'000) {
      if (const int page = rtf_codepage(*number); page != 0) font_pages_[font_] = page;
    } else {
      if (const char32_t c = rtf_character(word); c != 0) character(c);
    }
  }

  void unicode(int value) {
    flush_bytes();
    auto unit = static_cast<char32_t>(value < 0 ? value + 65536 : value);
    pending_skip_ = group().unicode_skip;
    if (unit >= 0xd800 && unit < 0xdc00) {
      high_ = unit;
      return;
    }
    if (unit >= 0xdc00 && unit < 0xe000 && high_ != 0) {
      unit = 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00);
    }
    high_ = 0;
    const int skip = std::exchange(pending_skip_, 0);
    character(unit);
    pending_skip_ = skip;
  }

  std::optional<unsigned char> hex_byte() {
    unsigned value = 0;
    for (int i = 0; i < 2; ++i, ++at_) {
      if (at_ >= bytes_.size()) return std::nullopt;
      const char c = static_cast<char>(bytes_[at_] | 0x20);
      const bool letter = c >= 'a' && c <= 'f';
      if (!letter && (bytes_[at_] < '0' || bytes_[at_] > '9')) return std::nullopt;
      value = value * 16 + static_cast<unsigned>(letter ? c - 'a' + 10 : bytes_[at_] - '0');
    }
    return static_cast<unsigned char>(value);
  }

  void plain(char c) {
    if (group().object) return object_digit(c);
    plain_byte(static_cast<unsigned char>(c));
  }

  void object_digit(char c) {
    const char lower = static_cast<char>(c | 0x20);
    const bool letter = lower >= 'a' && lower <= 'f';
    if (!letter && (c < '0' || c > '9')) return;
    const auto digit = static_cast<unsigned>(letter ? lower - 'a' + 10 : c - '0');
    if (half_) {
      object_ += static_cast<char>(*half_ * 16 + digit);
      half_.reset();
    } else {
      half_ = digit;
    }
  }

  void plain_byte(unsigned char byte) {
    if (pending_skip_ > 0) {
      --pending_skip_;
      return;
    }
    if (!group().skipped && !group().object) raw_ += static_cast<char>(byte);
  }

  void character(char32_t c) {
    flush_bytes();
    if (group().skipped || group().object) return;
    std::string text;
    append_utf8(c, text);
    add(text);
  }

  void add(std::string_view text) {
    const Group& g = group();
    buckets_.add(g.deleted && g.kind == PartKind::body ? PartKind::deletion : g.kind, g.hidden,
                 text);
  }

  void flush_bytes() {
    if (raw_.empty()) return;
    const bool ascii =
        std::ranges::all_of(raw_, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) {
      add(raw_);
    } else {
      const int page = group().page;
      const std::string name = page == 10000 ? "macintosh" : "windows-" + std::to_string(page);
      auto text = to_utf8(raw_, name.c_str());
      if (!text) text = to_utf8(raw_, ("cp" + std::to_string(page)).c_str());
      if (!text) text = to_utf8(raw_, "windows-1252");
      add(text.value_or(raw_));
    }
    raw_.clear();
  }

  Reading& reading_;
  const Place& place_;
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::vector<Group> groups_{Group{}};
  std::size_t too_deep_ = 0;
  TextBuckets buckets_;
  std::string raw_;  // bytes in the group's code page
  std::string object_;
  std::optional<unsigned> half_;
  unsigned objects_ = 0;
  std::map<int, int> font_pages_;
  int font_ = 0;
  int pending_skip_ = 0;
  char32_t high_ = 0;
  bool ignorable_ = false;  // \*
};

}  // namespace

void read_rtf(Reading& reading, const Place& place, std::string_view bytes) {
  RtfReading(reading, place, bytes).run();
}

}  // namespace weir::content
