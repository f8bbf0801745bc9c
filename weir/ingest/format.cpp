#include "weir/ingest/format.h"

namespace weir::ingest {

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::too_long:
      return "too_long";
    case ParseError::not_utf8:
      return "not_utf8";
    case ParseError::nul_byte:
      return "nul_byte";
    case ParseError::unbalanced_quote:
      return "unbalanced_quote";
    case ParseError::wrong_field_count:
      return "wrong_field_count";
    case ParseError::bad_number:
      return "bad_number";
    case ParseError::bad_time:
      return "bad_time";
    case ParseError::time_out_of_range:
      return "time_out_of_range";
    case ParseError::unknown_activity:
      return "unknown_activity";
    case ParseError::unknown_class:
      return "unknown_class";
    case ParseError::missing_field:
      return "missing_field";
    case ParseError::not_json:
      return "not_json";
    case ParseError::bad_structure:
      return "bad_structure";
    case ParseError::truncated:
      return "truncated";
  }
  return "unknown";
}

}  // namespace weir::ingest
