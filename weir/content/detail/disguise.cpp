#include "weir/content/detail/disguise.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "weir/base/lanes.h"

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

/// Up to eight small letters in one number.
constexpr std::uint64_t packed(std::string_view word) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    out |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
  }
  return out;
}

/// All of these words in one table, each in a place of its own, so that one look tells.
struct WordTable {
  static constexpr int kBits = 7;
  static constexpr std::size_t place_of(std::uint64_t word, std::uint64_t factor) {
    return (word * factor) >> (64 - kBits);
  }
  std::uint64_t factor = 0x9e3779b97f4a7c15u;
  std::array<std::uint64_t, std::size_t{1} << kBits> words{};
  std::array<Traces, std::size_t{1} << kBits> counts{};

  consteval WordTable() {
    while (!fill()) factor += 0x9e3779b97f4a7c16u;
  }
  void count(std::uint64_t word, Traces& traces) const {
    const std::size_t place = place_of(word, factor);
    const std::size_t found = words.data()[place] == word ? 1u : 0u;
    traces.backwards += found & counts.data()[place].backwards;
    traces.moved += found & counts.data()[place].moved;
  }

 private:
  constexpr bool fill() {
    words = {};
    counts = {};
    const auto add = [this](std::string_view word, Traces count) {
      const std::size_t place = place_of(packed(word), factor);
      const bool free = words[place] == 0;
      words[place] = packed(word);
      counts[place] = count;
      return free;
    };
    bool fits = true;
    for (const std::string_view word : kBackwards) fits &= add(word, {.backwards = 1, .moved = 0});
    for (const std::string_view word : kMoved) fits &= add(word, {.backwards = 0, .moved = 1});
    return fits;
  }
};
constexpr WordTable kWords;

/// Which of 64 bytes are letters, the first in the lowest bit.
std::uint64_t letters_of(const char* from) {
  std::uint64_t letters = 0;
  for (std::size_t i = 0; i < 64; i += 16) {
    const SixteenBytes bytes = reinterpret_cast<const SixteenBytes&>(from[i]);
    letters |= std::uint64_t{bits_of(ascii_letters(bytes))} << i;
  }
  return letters;
}

Traces traces_of(std::string_view text) {
  Traces traces;
  // Words of three to five letters. In each step those are looked at that begin behind the first of
  // 64 bytes and end before the last, so that steps overlap.
  constexpr std::size_t kStep = 56;
  std::array<char, 64> rest{};
  std::uint64_t before = 0;  // is there a letter in front?
  for (std::size_t at = 0; at < text.size(); at += kStep) {
    const char* from = text.data() + at;
    if (text.size() - at < 64) {
      rest.fill(' ');
      std::ranges::copy(text.substr(at), rest.begin());
      from = rest.data();
    }
    const std::uint64_t letters = letters_of(from);
    const std::uint64_t three = letters & (letters >> 1) & (letters >> 2);
    const std::uint64_t begins =
        three & ~((letters << 1) | before) & ~(three >> 3) & ((std::uint64_t{1} << kStep) - 1);
    before = letters >> (kStep - 1) & 1;
    for (std::uint64_t left = begins; left != 0; left &= left - 1) {
      const auto begin = static_cast<std::size_t>(std::countr_zero(left));
      const int size = std::min(std::countr_one(letters >> begin), 5);
      std::uint64_t word = 0;
      std::memcpy(&word, from + begin, 8);
      word = (word | 0x2020202020202020u) & ((std::uint64_t{1} << (8 * size)) - 1);
      kWords.count(word, traces);
    }
  }
  return traces;
}
static_assert(std::endian::native == std::endian::little);

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

/// False only if no stretch is long enough: such a one has every second byte blank, in one of the
/// places that are looked at.
bool may_be_spaced(std::string_view text) {
  static_assert(2 * kLeastSpaced > 32 + 8);
  for (std::size_t at = 0; at + 8 <= text.size(); at += 32) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    const std::uint64_t others = eight ^ 0x2020202020202020u;  // 0: a blank
    if ((others & 0x00ff00ff00ff00ffu) == 0 || (others & 0xff00ff00ff00ff00u) == 0) return true;
  }
  return false;
}

/// What is left of stretches in which every second character is a blank.
std::string without_spacing(std::string_view text) {
  std::string out;
  if (!may_be_spaced(text)) return out;
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
