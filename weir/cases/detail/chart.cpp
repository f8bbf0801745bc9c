#include "weir/cases/detail/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "weir/base/text.h"
#include "weir/cases/detail/words.h"

namespace weir::cases::detail {
namespace {

using evidence::Contribution;

constexpr double kWidth = 860;
constexpr double kHeight = 300;
constexpr double kLeft = 44;
constexpr double kRight = 24;
constexpr double kTop = 16;
constexpr double kBottom = 34;

std::string_view colour(event::Sensitivity sensitivity) {
  switch (sensitivity) {
    case event::Sensitivity::secret:
      return "#7a1f1f";
    case event::Sensitivity::confidential:
      return "#c0562f";
    default:
      return "#8a8f98";
  }
}

/// 1, 2 or 5 times a power of ten, so that `top` is divided into no more than six.
double step_for(double top) {
  const double least = top / 6.0;
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10.0 * power;
}

/// Where things lie.
class Axes {
 public:
  Axes(Day from, Day to, double top)
      : from_(from), days_(std::max(1L, (to - from).count())), top_(top) {}

  double x(Instant time) const {
    const double days = std::chrono::duration<double, std::ratio<86400>>(time - from_).count();
    return kLeft +
           (kWidth - kLeft - kRight) * std::clamp(days / static_cast<double>(days_), 0.0, 1.0);
  }
  double y(double nats) const {
    return kHeight - kBottom - (kHeight - kTop - kBottom) * std::clamp(nats / top_, 0.0, 1.0);
  }

 private:
  Instant from_;
  long days_;
  double top_;
};

void line(std::string& svg, double x1, double y1, double x2, double y2, std::string_view style) {
  svg += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" {}/>)"
                     "\n",
                     x1, y1, x2, y2, style);
}

void text(std::string& svg, double x, double y, std::string_view anchor, std::string_view words) {
  svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                     "\n",
                     x, y, anchor, html(words));
}

/// A mark and a name at each first of January, or of the month where all is within two years; some
/// are left out where they would touch.
void draw_dates(std::string& svg, const Axes& axes, Day from, Day to) {
  using namespace std::chrono;
  const bool by_month = to - from <= days{731};
  const year_month_day first{from};
  year_month at = by_month ? first.year() / first.month() : first.year() / January;
  double free_from = 0.0;
  constexpr double kRoom = 64.0;
  constexpr int kMost = 2400;
  for (int i = 0; i < kMost; ++i, at += by_month ? months{1} : months{12}) {
    const Day day{sys_days{at / 1}};
    if (day < from) continue;
    if (day > to) return;
    const double x = axes.x(Instant{day});
    line(svg, x, kHeight - kBottom, x, kHeight - kBottom + 5, R"(stroke="#444")");
    if (x < free_from) continue;
    free_from = x + kRoom;
    const std::string date = to_iso8601(day);
    text(svg, x, kHeight - kBottom + 20, "middle", date.substr(0, by_month ? 7 : 4));
  }
}

}  // namespace

std::string html(std::string_view text) {
  std::string out;
  constexpr std::size_t kMost = 4000;
  for (const char c : printable(text, kMost)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string chart(const evidence::CaseDraft& draft) {
  if (draft.contributions.empty()) return {};
  std::vector<const Contribution*> acts;
  for (const Contribution& one : draft.contributions) acts.push_back(&one);
  std::ranges::stable_sort(acts, {}, &Contribution::time);
  double sum = 0.0;
  double top = std::max({draft.threshold, draft.nats, 1.0});
  for (const Contribution* act : acts) {
    sum += act->nats;
    top = std::max({top, sum, act->nats});
  }
  top *= 1.08;
  const Day from = day_of(acts.front()->time) - std::chrono::days{3};
  const Day to = std::max(draft.opened, day_of(acts.back()->time)) + std::chrono::days{3};
  const Axes axes(from, to, top);

  std::string svg = fmt::format(
      R"(<svg viewBox="0 0 {} {}" role="img" aria-labelledby="when what" xmlns="http://www.w3.org/2000/svg">)"
      "\n<title id=\"when\">The acts listed, {} to {}</title>\n"
      "<desc id=\"what\">{}, a bar each by what it weighs; the line is their sum so far.</desc>\n",
      kWidth, kHeight, to_iso8601(day_of(acts.front()->time)),
      to_iso8601(day_of(acts.back()->time)), count_words(acts.size(), "act", "acts"));
  const double step = step_for(top);
  constexpr int kMostSteps = 12;
  for (int i = 0; i < kMostSteps && step * i <= top; ++i) {
    const double y = axes.y(step * i);
    line(svg, kLeft, y, kWidth - kRight, y, R"(stroke="#ddd")");
    text(svg, kLeft - 6, y + 4, "end", fmt::format("{:g}", step * i));
  }
  draw_dates(svg, axes, from, to);

  std::string points = fmt::format("{:.1f},{:.1f}", axes.x(acts.front()->time), axes.y(0.0));
  double so_far = 0.0;
  for (const Contribution* act : acts) {
    const double x = axes.x(act->time);
    const double y = axes.y(act->nats);
    svg += fmt::format(
        R"(<rect x="{:.1f}" y="{:.1f}" width="3" height="{:.1f}" fill="{}"><title>{}: {}, {:.1f} nats</title></rect>)"
        "\n",
        x - 1.5, y, axes.y(0.0) - y, colour(act->sensitivity), minute_words(act->time),
        html(activity_words(act->activity)), act->nats);
    points += fmt::format(" {:.1f},{:.1f}", x, axes.y(so_far));
    so_far += act->nats;
    points += fmt::format(" {:.1f},{:.1f}", x, axes.y(so_far));
  }
  svg += fmt::format(R"(<polyline points="{}" fill="none" stroke="#1d4f91" stroke-width="1.5"/>)"
                     "\n",
                     points);
  const double opened = axes.x(Instant{draft.opened});
  line(svg, opened, axes.y(so_far), opened, axes.y(draft.nats),
       R"(stroke="#1d4f91" stroke-width="2.5" stroke-dasharray="2 3")");
  if (draft.threshold > 0.0) {
    const double y = axes.y(draft.threshold);
    line(svg, kLeft, y, kWidth - kRight, y, R"(stroke="#1d4f91" stroke-dasharray="5 4")");
    text(svg, kLeft + 4, y - 5, "start", fmt::format("a case opens at {:.1f}", draft.threshold));
  }
  line(svg, opened, kTop, opened, kHeight - kBottom, R"(stroke="#444" stroke-dasharray="2 3")");
  text(svg, opened - 4, kTop + 10, "end", fmt::format("opened {}", to_iso8601(draft.opened)));
  return svg + "</svg>\n";
}

}  // namespace weir::cases::detail
