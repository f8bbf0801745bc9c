#include "weir/base/time.h"

#include <fmt/format.h>

namespace weir {
namespace {

using namespace std::chrono;

/// Reads exactly `count` digits from the front of `text`; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Day> take_day(std::string_view& text) {
  const int y = take_digits(text, 4);
  if (y < 1 || !take_char(text, '-')) return {};
  const int m = take_digits(text, 2);
  if (m < 1 || !take_char(text, '-')) return {};
  const int d = take_digits(text, 2);
  if (d < 1) return {};
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return {};
  return Day{date};
}

/// "+02:00", "-0530" or "+02"
std::optional<minutes> take_offset(std::string_view& text) {
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  const int h = take_digits(text, 2);
  if (h < 0 || h > 23) return {};
  int m = 0;
  if (!text.empty()) {
    take_char(text, ':');
    m = take_digits(text, 2);
    if (m < 0 || m > 59) return {};
  }
  const minutes offset = hours{h} + minutes{m};
  return negative ? -offset : offset;
}

}  // namespace

Instant system_now() { return floor<milliseconds>(system_clock::now()); }

std::string to_iso8601(Instant when) {
  const Day day = day_of(when);
  const auto rest = when - day;
  const std::int64_t ms = rest.count();
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_iso8601(day), ms / 3'600'000,
                                 ms / 60'000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text + 'Z';
}

std::string to_iso8601(Day day) {
  const year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string to_iso8601(year_month month) {
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()),
                     static_cast<unsigned>(month.month()));
}

std::optional<Day> parse_day(std::string_view text) {
  const std::optional<Day> day = take_day(text);
  if (!text.empty()) return {};
  return day;
}

std::optional<ZonedTime> parse_iso8601(std::string_view text) {
  const std::optional<Day> day = take_day(text);
  if (!day) return {};
  Instant utc = *day;
  if (text.empty()) return ZonedTime{utc, {}};
  if (!take_char(text, 'T') && !take_char(text, 't') && !take_char(text, ' ')) return {};
  const int h = take_digits(text, 2);
  if (h < 0 || h > 23 || !take_char(text, ':')) return {};
  const int m = take_digits(text, 2);
  if (m < 0 || m > 59) return {};
  int s = 0;
  if (take_char(text, ':')) {
    s = take_digits(text, 2);
    if (s < 0 || s > 60) return {};  // 60: a leap second, which becomes the next minute
  }
  utc += hours{h} + minutes{m} + seconds{s};
  if (take_char(text, '.')) {
    int scale = 100;
    bool any = false;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      utc += milliseconds{(text.front() - '0') * scale};
      scale /= 10;
      any = true;
      text.remove_prefix(1);
    }
    if (!any) return {};
  }
  if (text.empty()) return ZonedTime{utc, {}};
  if (text == "Z" || text == "z") return ZonedTime{utc, minutes{0}};
  if (text.front() != '+' && text.front() != '-') return {};
  const std::optional<minutes> offset = take_offset(text);
  if (!offset || !text.empty()) return {};
  return ZonedTime{utc - *offset, offset};
}

}  // namespace weir
