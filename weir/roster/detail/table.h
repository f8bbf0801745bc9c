#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/csv.h"
#include "weir/base/result.h"

namespace weir::roster::detail {

/// A CSV text as header and rows, with line numbers. The text must outlive it.
class Table {
 public:
  /// Fails for what is no CSV text at all, saying what it looks like.
  static Result<Table> open(std::string_view content, std::string_view file);

  const std::vector<std::string>& header() const { return header_; }

  enum class Step { row, bad_row, end };
  /// The next row that is not blank. After `bad_row`, `problem()` says why; reading goes on behind.
  Step next();
  const CsvFields& fields() const { return fields_; }
  std::size_t line() const { return line_; }
  const std::string& problem() const { return problem_; }

 private:
  Table(std::string_view rest, std::string_view file) : rest_(rest), file_(file) {}
  /// The next record's text without its line end.
  std::string_view take_record();
  Step bad(std::string_view why);

  std::string_view rest_;
  std::string file_;
  std::vector<std::string> header_;
  CsvFields fields_;
  std::size_t line_ = 0;  // where the current record begins, from 1
  std::size_t next_line_ = 1;
  bool unclosed_ = false;
  std::string problem_;
};

}  // namespace weir::roster::detail
