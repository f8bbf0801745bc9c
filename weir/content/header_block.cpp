#include "weir/content/header_block.h"

#include <algorithm>

#include "weir/base/text.h"

namespace weir::content {
namespace {

/// Length of the line at the front, with its line end.
std::size_t line_length(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool is_empty_line(std::string_view line) { return line == "\n" || line == "\r\n"; }

bool continues(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

/// Position of the colon of a field; npos if the line is none.
std::size_t field_colon(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::string_view::npos;
  // Blanks before the colon are an old error that readers forgive.
  const std::string_view name = trim(line.substr(0, colon));
  const bool printable = !name.empty() && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) > 32 && static_cast<unsigned char>(c) < 127;
  });
  return printable ? colon : std::string_view::npos;
}

}  // namespace

std::string_view HeaderBlock::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields, [&](const Field& field) { return equals_ignoring_case(field.name, name); });
  return found == fields.end() ? std::string_view() : found->value;
}

HeaderBlock split_header(std::string_view part, const HeaderLimits& limits) {
  HeaderBlock block;
  std::string_view rest = part;
  while (!rest.empty()) {
    std::size_t length = line_length(rest);
    const std::string_view line = rest.substr(0, length);
    if (is_empty_line(line)) {
      rest.remove_prefix(length);
      break;
    }
    const bool mailbox_line = line.starts_with("From ") || line.starts_with(">From ");
    const std::size_t colon = field_colon(line);
    if (colon == std::string_view::npos && !mailbox_line && !continues(line)) break;
    while (length < rest.size() && continues(rest.substr(length, 1))) {
      length += line_length(rest.substr(length));
    }
    if (colon != std::string_view::npos && !mailbox_line) {
      const std::size_t used = part.size() - rest.size() + length;
      if (block.fields.size() >= limits.fields || used > limits.bytes) {
        block.complete = false;
      } else {
        block.fields.push_back(
            {trim(line.substr(0, colon)), rest.substr(colon + 1, length - colon - 1)});
      }
    }
    rest.remove_prefix(length);
  }
  block.body = rest;
  return block;
}

std::string unfold(std::string_view value) {
  std::string out(trim(value));
  // Most values are one line.
  const auto is_changed = [](char c) { return c == '\r' || c == '\n' || c == '\t' || c == '\0'; };
  const auto first = std::ranges::find_if(out, is_changed);
  if (first == out.end()) return out;
  const auto rest =
      std::ranges::remove_if(first, out.end(), [](char c) { return c == '\r' || c == '\n'; });
  out.erase(rest.begin(), out.end());
  std::ranges::replace_if(out, is_changed, ' ');
  return out;
}

}  // namespace weir::content
