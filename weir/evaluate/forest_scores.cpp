// forest_scores TREES SAMPLE SEED < rows: fits an isolation forest to the rows on standard input
// (numbers between blanks) and prints the score of each. For the comparison with scikit-learn in
// tests/forest_test.py; not installed.
#include <fmt/format.h>

#include <iostream>
#include <sstream>
#include <string>

#include "weir/base/text.h"
#include "weir/evaluate/isolation_forest.h"

int main(int argc, char** argv) {
  const auto number = [&](int i) {
    return i < argc ? weir::parse_u64(argv[i]).value_or(0) : std::uint64_t{0};
  };
  std::vector<float> rows;
  std::size_t width = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t before = rows.size();
    std::istringstream in(line);
    for (float value = 0; in >> value;) rows.push_back(value);
    if (width == 0) width = rows.size();
    if (rows.size() - before != width) {
      fmt::print(stderr, "forest_scores: rows differ in length\n");
      return 1;
    }
  }
  const auto forest = weir::evaluate::IsolationForest::fit(
      rows, width, {.trees = number(1), .sample = number(2), .seed = number(3)});
  if (!forest) {
    fmt::print(stderr, "forest_scores: {}\n", forest.error().message);
    return 1;
  }
  for (std::size_t i = 0; i < rows.size(); i += width) {
    fmt::print("{:.9f}\n", forest->score(std::span(rows).subspan(i, width)));
  }
  return 0;
}
