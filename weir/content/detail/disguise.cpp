#include "weir/content/detail/disguise.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace weir::content {
namespace {

constexpr std::size_t kLeastWords = 5;    // that give a disguise away
constexpr std::size_t kLeastSpaced = 40;  // letters in a row, each with a blank behind it

/// Each of: the, with, that, this, from, have, which, for. None is a word as it stands here.
constexpr std::array<std::string_view, 8> kBackwards = {"eht",  "htiw", "taht",  "siht",
                                                        "morf", "evah", "hcihw", "rof"};
constexpr std::array<std::string_view, 8> kMoved = {"gur",  "jvgu", "gung",  "guvf",
                                                    "sebz", "unir", "juvpu", "sbe"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Traces {
  std::size_t backwards = 0;
  std::size_t moved = 0;
};

Traces traces_of(std::string_view text) {
  Traces traces;
  std::array<char, 5> word{};
  std::size_t length = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_letter(text[i])) {
      if (length < word.size()) word[length] = static_cast<char>(text[i] | 0x20);
      ++length;
      continue;
    }
    if (length >= 3 && length <= word.size()) {
      const std::string_view found(word.data(), length);
      traces.backwards += static_cast<std::size_t>(std::ranges::count(kBackwards, found));
      traces.moved += static_cast<std::size_t>(std::ranges::count(kMoved, found));
    }
    length = 0;
  }
  return traces;
}

std::string moved_back(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (!is_letter(c)) continue;
    const char first = c >= 'a' ? 'a' : 'A';
    c = static_cast<char>(first + (c - first + 13) % 26);
  }
  return out;
}

/// Code point by code point, from the last to the first.
std::string turned_round(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
    out += text.substr(begin, end - begin);
    end = begin;
  }
  return out;
}

std::string lines_turned_round(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 1);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += turned_round(text.substr(begin, end - begin));
    out += '\n';
    begin = end + 1;
  }
  return out;
}

/// What is left of stretches in which every second character is a blank.
std::string without_spacing(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    std::size_t letters = 0;
    while (end + 1 < text.size() && text[end + 1] == ' ') {
      letters += is_letter(text[end]) ? 1u : 0u;
      end += 2;
    }
    if (letters >= kLeastSpaced && letters * 4 > end - i) {
      for (std::size_t at = i; at < end; at += 2) out += text[at];
      out += '\n';
    }
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace

std::vector<Undisguised> undisguise(std::string_view text) {
  std::vector<Undisguised> out;
  const Traces traces = traces_of(text);
  if (traces.moved >= kLeastWords) out.push_back({.how = "rot13", .text = moved_back(text)});
  if (traces.backwards >= kLeastWords) {
    out.push_back({.how = "backwards", .text = turned_round(text)});
    out.push_back({.how = "lines backwards", .text = lines_turned_round(text)});
  }
  if (std::string close = without_spacing(text); !close.empty()) {
    out.push_back({.how = "spaced", .text = std::move(close)});
  }
  return out;
}

}  // namespace weir::content
