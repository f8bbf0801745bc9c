#include "weir/app/evaluation_pool.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "weir/base/text.h"
#include "weir/evaluate/intervals.h"

namespace weir::app {
namespace {

// More cannot be summed without losing count.
constexpr std::uint64_t kMostCount = 1'000'000'000;

struct Sum {
  std::string program, years, budget;
  std::uint64_t runs = 0;
  std::uint64_t found = 0, insiders = 0;
  std::uint64_t false_cases = 0;
  std::uint64_t weeks = 0;
};

struct Row {
  std::string_view world, budget, detector, found, false_cases;
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The number that the text begins with, if what follows it is as it should be.
std::optional<std::uint64_t> number_before(std::string_view text, std::string_view what) {
  const auto end = text.find(what);
  if (end == std::string_view::npos) return {};
  const auto number = parse_u64(text.substr(0, end));
  return number && *number <= kMostCount ? number : std::nullopt;
}

std::optional<Row> row_of(std::string_view line) {
  const auto cells = split(line, '|');
  if (!line.starts_with("| ") || cells.size() < 9) return {};
  return Row{.world = trimmed(cells[1]),
             .budget = trimmed(cells[2]),
             .detector = trimmed(cells[3]),
             .found = trimmed(cells[4]),
             .false_cases = trimmed(cells[7])};
}

/// What a section says of itself; empty unless it counts.
struct Section {
  std::string program, years;
};
std::optional<Section> section_of(const std::vector<std::string_view>& lines,
                                  std::uint64_t people) {
  Section section;
  bool sealed = false;
  bool size = false;
  for (const std::string_view line : lines) {
    if (line.starts_with("- Program: ")) section.program = line.substr(11);
    if (line.starts_with("- Without the sources") || line.starts_with("- Malicious acts are")) {
      return {};
    }
    if (line.starts_with("Of sealed seeds")) sealed = true;
    if (!line.starts_with("- Worlds: ")) continue;
    for (const std::string_view part : split(line, ';')) {
      const std::string_view text = trimmed(part);
      const auto comma = text.find(" people, ");
      if (comma == std::string_view::npos) continue;
      size = number_before(text, " people, ") == people;
      section.years = text.substr(comma + 9);
    }
  }
  if (!sealed || !size || section.program.empty()) return {};
  return section;
}

/// False if the row has not the form it should have.
bool add(const Row& row, Sum& sum) {
  const auto false_cases = number_before(row.false_cases, " in ");
  if (!false_cases) return false;
  const auto weeks =
      number_before(row.false_cases.substr(row.false_cases.find(" in ") + 4), " weeks");
  if (!weeks) return false;
  if (row.found != "–") {
    const auto found = number_before(row.found, " of ");
    if (!found) return false;
    const auto insiders = number_before(row.found.substr(row.found.find(" of ") + 4), " = ");
    if (!insiders || *insiders < *found) return false;
    sum.found += *found;
    sum.insiders += *insiders;
  }
  ++sum.runs;
  sum.false_cases += *false_cases;
  sum.weeks += *weeks;
  return true;
}

std::string text_of(const Sum& sum, std::string_view world, std::uint64_t people) {
  std::string text = fmt::format("{}, {} people, {}, budget {}: {}", world, people, sum.years,
                                 sum.budget, counted(sum.runs, "run"));
  if (sum.insiders > 0) {
    const evaluate::Interval interval = evaluate::clopper_pearson(sum.found, sum.insiders);
    text += fmt::format(", found {} of {} ({:.0f} %–{:.0f} %)", sum.found, sum.insiders,
                        100 * interval.low, 100 * interval.high);
  }
  const double weeks = static_cast<double>(std::max<std::uint64_t>(sum.weeks, 1));
  text += fmt::format(
      ", {} false cases in {} weeks = {:.4f} a week (one-sided 95 % upper bound {:.4f})\n  {}\n",
      sum.false_cases, with_commas(sum.weeks), static_cast<double>(sum.false_cases) / weeks,
      evaluate::poisson_upper(sum.false_cases) / weeks, printable(sum.program, 200));
  return text;
}

}  // namespace

Result<std::string> pool_record(std::string_view record, std::string_view world,
                                std::uint64_t people) {
  std::vector<std::vector<std::string_view>> sections(1);
  for (const std::string_view line : split(record, '\n')) {
    if (line.starts_with("## ")) sections.emplace_back();
    sections.back().push_back(line);
  }
  std::vector<Sum> sums;
  for (const auto& lines : sections) {
    const auto section = section_of(lines, people);
    if (!section) continue;
    for (const std::string_view line : lines) {
      const auto row = row_of(line);
      if (!row || row->world != world || row->detector != "Weir, lane 1") continue;
      auto sum = std::ranges::find_if(sums, [&](const Sum& one) {
        return one.program == section->program && one.years == section->years &&
               one.budget == row->budget;
      });
      if (sum == sums.end()) {
        sums.push_back({.program = section->program,
                        .years = section->years,
                        .budget = std::string(row->budget)});
        sum = sums.end() - 1;
      }
      if (!add(*row, *sum)) {
        return fail(ErrorCode::parse, "the record has a row of another form: {}",
                    printable(line, 200));
      }
    }
  }
  if (sums.empty()) {
    return fail(ErrorCode::not_found, "the record has no sealed run of {} with {} people",
                printable(world), people);
  }
  std::string text;
  for (const Sum& sum : sums) text += text_of(sum, world, people);
  return text;
}

}  // namespace weir::app
