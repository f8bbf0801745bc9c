#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>

#include "weir/base/lanes.h"
#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

// Shorter ones are hashes, keys and chance; and each is tried.
constexpr std::size_t kShortestBase64 = 120;
constexpr std::size_t kShortestHex = 160;
constexpr std::size_t kMostBlocks = 1'000;

constexpr std::array<bool, 256> kBase64 = [] {
  std::array<bool, 256> digits{};
  for (const char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"sv) {
    digits[static_cast<unsigned char>(c)] = true;
  }
  return digits;
}();
bool is_base64(char c) { return kBase64[static_cast<unsigned char>(c)]; }

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

unsigned value_of(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 52;
  return c == '+' || c == '-' ? 62 : 63;
}

std::string decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (!is_base64(c)) continue;
    bits = (bits << 6 | value_of(c)) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return out;
}

std::string decode_hex(std::string_view text) {
  std::string out;
  std::optional<unsigned> half;
  for (const char c : text) {
    if (!is_hex(c)) continue;
    const unsigned digit =
        c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a') + 10;
    if (half) {
      out += static_cast<char>(*half * 16 + digit);
      half.reset();
    } else {
      half = digit;
    }
  }
  return out;
}

std::string decode_uu(std::string_view lines) {
  std::string out;
  for (std::string_view line : split(lines, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    std::size_t length = static_cast<unsigned>(line.front() - ' ') & 0x3f;
    line.remove_prefix(1);
    for (std::size_t i = 0; i + 1 < line.size() && length > 0; i += 4) {
      unsigned bits = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        const char c = i + k < line.size() ? line[i + k] : ' ';
        bits = bits << 6 | (static_cast<unsigned>(c - ' ') & 0x3f);
      }
      for (int shift = 16; shift >= 0 && length > 0; shift -= 8, --length) {
        out += static_cast<char>(bits >> shift & 0xff);
      }
    }
  }
  return out;
}

/// The run of base64 or hex that begins at `at`: lines of it, with no blank but at line ends.
std::size_t run_end(std::string_view text, std::size_t at, bool (*is_digit)(char)) {
  std::size_t end = at;
  while (at < text.size()) {
    if (is_digit(text[at])) {
      end = ++at;
      continue;
    }
    // A line end, with what quoting puts in front of the next line.
    std::size_t next = at;
    while (next < text.size() && (text[next] == '\r' || text[next] == '\n' || text[next] == ' ' ||
                                  text[next] == '>' || text[next] == '\t')) {
      ++next;
    }
    const bool breaks_line = text.substr(at, next - at).contains('\n');
    if (!breaks_line || next >= text.size() || !is_digit(text[next])) break;
    // Prose has words here; encoded lines are long.
    std::size_t length = 0;
    while (next + length < text.size() && is_digit(text[next + length])) ++length;
    const std::size_t after = next + length;
    const bool whole_line = after >= text.size() || text[after] == '\n' || text[after] == '\r' ||
                            text[after] == '=' || text[after] == '"';
    if (!whole_line) break;
    at = next;
  }
  return end;
}

/// Where the first run after `at` may begin that is longer than a word, or goes on in the next
/// line, or is called by "begin"; at least as far on as no such run does. `at` if it is there, or
/// if the text ends soon.
std::size_t past_words(std::string_view text, std::size_t at) {
  constexpr std::size_t kLook = 63;  // what an end means, the byte behind it tells
  if (text.size() - at <= kLook) return at;
  std::uint64_t digits = 0;
  std::uint64_t blanks = 0;  // and what quotes
  std::uint64_t spaces = 0;
  std::uint64_t lines = 0;
  std::uint64_t bs = 0;
  for (std::size_t i = 0; i <= kLook; i += 16) {
    const SixteenBytes bytes = reinterpret_cast<const SixteenBytes&>(text.data()[at + i]);
    const SixteenBytes line = bytes == '\n';
    const SixteenBytes space = bytes == ' ';
    digits |= std::uint64_t{bits_of(ascii_letters(bytes) | ascii_digits(bytes) | (bytes == '+') |
                                    (bytes == '/') | (bytes == '-') | (bytes == '_'))}
              << i;
    blanks |=
        std::uint64_t{bits_of(line | space | (bytes == '\r') | (bytes == '\t') | (bytes == '>'))}
        << i;
    spaces |= std::uint64_t{bits_of(space)} << i;
    lines |= std::uint64_t{bits_of(line)} << i;
    bs |= std::uint64_t{bits_of(bytes == 'b')} << i;
  }
  constexpr std::uint64_t kLooked = (std::uint64_t{1} << kLook) - 1;
  // A blank alone ends a word; more of them, or another of their kind, may hold a line end.
  const std::uint64_t ends = ~digits & (digits << 1) & blanks & (~spaces | (blanks >> 1)) & kLooked;
  const std::uint64_t calls = (lines << 1) & bs & kLooked;
  std::size_t stop = kLook;
  if (calls != 0) stop = static_cast<std::size_t>(std::countr_zero(calls));
  const std::size_t end =
      ends != 0 ? static_cast<std::size_t>(std::countr_zero(ends)) : kLook;  // or beyond
  const std::uint64_t before = ~digits & ((std::uint64_t{1} << end) - 1);
  const auto begin = static_cast<std::size_t>(64 - std::countl_zero(before));
  return at + std::min(stop, begin);
}

/// Is the first line of a run a word of the prose in front? Then it is shorter than the second.
std::size_t word_in_front(std::string_view run) {
  const auto length = [](std::string_view line) {
    return std::min(line.find_first_of("\r\n> \t"), line.size());
  };
  const std::size_t first = length(run);
  const std::size_t next = run.find_first_not_of("\r\n> \t", first);
  if (next == std::string_view::npos) return 0;
  return first < length(run.substr(next)) ? next : 0;
}

bool is_worth_reading(std::string_view bytes) {
  const FileType type = detect_type(bytes);
  return type != FileType::unknown && type != FileType::empty && type != FileType::font &&
         !(type == FileType::media && bytes.size() < 1024);
}

/// Letters of both cases and digits: a long path or word in capitals is no base64.
bool is_mixed(std::string_view run) {
  const auto any = [&](char low, char high) {
    return std::ranges::any_of(run.substr(0, 512), [=](char c) { return c >= low && c <= high; });
  };
  return any('a', 'z') && any('A', 'Z') && any('0', '9');
}

void emit(Reading& reading, const Place& place, std::string_view what, std::string_view bytes,
          std::size_t number) {
  if (!is_worth_reading(bytes) || !reading.take_bytes(place, bytes.size())) return;
  const Place member = place.member(std::string(what) + " " + std::to_string(number));
  reading.read(member, bytes);
}

}  // namespace

void read_encoded_blocks(Reading& reading, const Place& place, std::string_view text) {
  std::size_t blocks = 0;
  std::size_t runs = 0;
  for (std::size_t at = 0; at < text.size() && blocks < kMostBlocks;) {
    if (text[at] == 'b' && (at == 0 || text[at - 1] == '\n') &&
        text.substr(at).starts_with("begin ")) {
      const std::size_t line = text.find('\n', at);
      const std::size_t end = text.find("\nend", at);
      if (line != std::string_view::npos && end != std::string_view::npos && end > line) {
        emit(reading, place, "uuencoded", decode_uu(text.substr(line + 1, end - line - 1)),
             ++blocks);
        at = end + 4;
        continue;
      }
    }
    if (const std::size_t next = past_words(text, at); next > at) {
      at = next;
      continue;
    }
    if (!is_base64(text[at])) {
      ++at;
      continue;
    }
    const std::size_t hex = run_end(text, at, is_hex);
    if (hex - at >= kShortestHex) {
      emit(reading, place, "hex", decode_hex(text.substr(at, hex - at)), ++blocks);
      at = hex;
      continue;
    }
    const std::size_t end = run_end(text, at, is_base64);
    if (const std::size_t word = word_in_front(text.substr(at, end - at)); word > 0) {
      at += word;
      continue;
    }
    if (end - at >= kShortestBase64 && is_mixed(text.substr(at, end - at))) {
      emit(reading, place, "base64", decode_base64(text.substr(at, end - at)), ++blocks);
    }
    at = std::max(end, at + 1);
    if ((++runs & 0xff) == 0 && !reading.keep_going(place)) return;
  }
}

void read_text(Reading& reading, const Place& place, std::string_view bytes,
               std::string_view charset, FileType type) {
  std::string text = decode_text(bytes, charset);
  if (type == FileType::subtitles) {
    std::string spoken;
    for (const std::string_view line : split(text, '\n')) {
      const std::string_view trimmed = trim(line);
      if (trimmed.contains("-->") || parse_u64(trimmed)) continue;
      for (std::size_t i = 0; i < trimmed.size(); ++i) {
        if (trimmed[i] == '<') {
          const std::size_t end = trimmed.find('>', i);
          if (end == std::string_view::npos) break;
          i = end;
        } else {
          spoken += trimmed[i];
        }
      }
      spoken += '\n';
    }
    text = std::move(spoken);
  }
  // Whoever looks at the first kilobytes alone takes a file with a text in front for one.
  if (count_controls(bytes, "\t\n\r\f\v\x1b\x7f") * 50 > bytes.size()) {
    const std::string_view guessed = guess_charset(bytes.substr(0, 4096));
    if (guessed == "UTF-8" || !guessed.starts_with("UTF-")) {
      reading.finding(place, FindingKind::unreadable, "a text with bytes among it that are none");
    }
  }
  read_encoded_blocks(reading, place, text);
  reading.part(place, type, PartKind::body, std::move(text), bytes.size());
}

}  // namespace weir::content
