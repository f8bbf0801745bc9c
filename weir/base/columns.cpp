#include "weir/base/columns.h"

#include <algorithm>

#include "weir/base/text.h"

namespace weir {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Bytes of the first `count` code points.
std::size_t prefix_bytes(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && !starts_code_point(text[at])) ++at;
    --count;
  }
  return at;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += prefix_bytes(text.substr(at), 1)) ++count;
  return count;
}

std::string fit(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, prefix_bytes(text, width - 1))) + "…";
}

std::string fit_left(std::string_view text, std::size_t width) {
  std::string out = fit(text, width);
  return out.append(width - columns(out), ' ');
}

std::string fit_right(std::string_view text, std::size_t width) {
  const std::string cut = fit(text, width);
  return std::string(width - columns(cut), ' ') + cut;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  width = std::max<std::size_t>(width, 1);
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    std::string_view word = text.substr(0, text.find_first_of(kSpace));
    text.remove_prefix(word.size());
    std::size_t size = columns(word);
    if (used > 0 && used + 1 + size > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    while (size > width) {
      const std::size_t bytes = prefix_bytes(word, width);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
      size -= width;
    }
    if (used > 0) {
      line += ' ';
      ++used;
    }
    line += word;
    used += size;
  }
  if (used > 0) lines.push_back(std::move(line));
  return lines;
}

std::string paragraph(std::string_view first, std::string_view rest, std::string_view text,
                      std::size_t width) {
  const std::size_t indent = std::max(columns(first), columns(rest));
  const std::vector<std::string> lines = wrap(text, width > indent ? width - indent : 1);
  std::string out(first);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += rest;
    out += lines[i];
    out += '\n';
  }
  if (lines.empty()) out += '\n';
  return out;
}

}  // namespace weir
