#include "weir/content/mail_date.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "weir/base/text.h"

namespace weir::content {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMaxText = 200;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

struct Zone {
  std::string_view name;
  int hours = 0;
};
// Only names that mean one thing: "IST" or "BST" would be a guess.
constexpr std::array kZones = {Zone{"gmt", 0},  Zone{"ut", 0},   Zone{"utc", 0},  Zone{"z", 0},
                               Zone{"est", -5}, Zone{"edt", -4}, Zone{"cst", -6}, Zone{"cdt", -5},
                               Zone{"mst", -7}, Zone{"mdt", -6}, Zone{"pst", -8}, Zone{"pdt", -7},
                               Zone{"cet", 1},  Zone{"cest", 2}, Zone{"jst", 9}};

std::string without_comments(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) out += c == ',' || c == '\t' || c == '\r' || c == '\n' ? ' ' : c;
    if (c == ')' && depth > 0) --depth;
  }
  return out;
}

std::optional<unsigned> number(std::string_view text, std::size_t most_digits) {
  if (text.empty() || text.size() > most_digits) return {};
  const std::optional<std::uint64_t> value = parse_u64(text);
  if (!value) return {};
  return static_cast<unsigned>(*value);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "16:39:00"
std::optional<std::chrono::milliseconds> time_of_day(std::string_view text) {
  const std::vector<std::string_view> parts = split(text.substr(0, text.find('.')), ':');
  if (parts.size() < 2 || parts.size() > 3) return {};
  const auto hour = number(parts[0], 2);
  const auto minute = number(parts[1], 2);
  auto second = parts.size() == 3 ? number(parts[2], 2) : std::optional<unsigned>(0);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
  second = std::min(*second, 59u);  // a leap second
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

/// "+0130", "-01:30"
std::optional<minutes> numeric_zone(std::string_view text) {
  const bool negative = text.front() == '-';
  std::string digits(text.substr(1));
  std::erase(digits, ':');
  if (digits.size() != 4) return {};
  const auto value = number(digits, 4);
  if (!value || *value % 100 > 59 || *value / 100 > 18) return {};
  const minutes offset{static_cast<int>(*value / 100 * 60 + *value % 100)};
  return negative ? -offset : offset;
}

unsigned full_year(unsigned year, std::size_t digits) {
  if (digits == 3) return year + 1900;
  // "0001" is what some programs made of the year 2001.
  if (year >= 100) return year;
  return year < 50 ? year + 2000 : year + 1900;
}

/// The words of a date find their places by their looks, so that all the orders in use are read.
class Words {
 public:
  bool take(std::string_view word) {
    if ((word.front() == '+' || word.front() == '-') && word.size() > 1) return take_zone(word);
    if (word.contains(':')) {
      if (time_) return false;
      time_ = time_of_day(word);
      return time_.has_value();
    }
    if (is_digit(word.front())) {
      if (!word.contains('-')) return take_number(word);
      // "14-May-2001"
      for (const std::string_view part : split(word, '-')) {
        if (part.empty() || !take(part)) return false;
      }
      return true;
    }
    return take_name(word);
  }

  std::optional<ZonedTime> result() const {
    if (!day_ || !month_ || !year_ || !time_) return {};
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year_)},
                                           std::chrono::month{*month_}, std::chrono::day{*day_}};
    if (!date.ok() || *year_ < 1 || *year_ > 9999) return {};
    return ZonedTime{Instant{Day{date}} + *time_ - zone_.value_or(minutes{0}), zone_};
  }

 private:
  bool take_zone(std::string_view word) {
    const std::optional<minutes> zone = numeric_zone(word);
    if (!zone) return false;
    zone_ = zone;
    return true;
  }

  bool take_number(std::string_view word) {
    const auto value = number(word, 4);
    if (!value) return false;
    if (!day_ && word.size() <= 2) {
      day_ = value;
    } else if (!year_) {
      year_ = full_year(*value, word.size());
    } else {
      return false;
    }
    return true;
  }

  bool take_name(std::string_view word) {
    const std::string lower = to_lower_ascii(word);
    if (!month_ && lower.size() >= 3) {
      const auto month = std::ranges::find(kMonths, std::string_view(lower).substr(0, 3));
      if (month != kMonths.end()) {
        month_ = static_cast<unsigned>(month - kMonths.begin()) + 1;
        return true;
      }
    }
    // "GMT+0100"
    if (const std::size_t sign = lower.find_first_of("+-");
        sign != std::string::npos && sign + 1 < lower.size()) {
      return take_zone(std::string_view(lower).substr(sign));
    }
    const auto zone = std::ranges::find(kZones, std::string_view(lower), &Zone::name);
    if (zone != kZones.end() && !zone_) zone_ = hours{zone->hours};
    return true;  // the day of the week, or a zone nobody can be sure of
  }

  std::optional<unsigned> day_;
  std::optional<unsigned> month_;
  std::optional<unsigned> year_;
  std::optional<std::chrono::milliseconds> time_;
  std::optional<minutes> zone_;
};

}  // namespace

std::optional<ZonedTime> parse_mail_date(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kMaxText) return {};
  if (const std::optional<ZonedTime> iso = parse_iso8601(text)) return iso;
  const std::string plain = without_comments(text);
  Words words;
  for (const std::string_view word : split(plain, ' ')) {
    if (!word.empty() && !words.take(word)) return {};
  }
  return words.result();
}

}  // namespace weir::content
