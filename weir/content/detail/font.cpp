#include "weir/content/detail/font.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/content/detail/big_endian.h"
#include "weir/content/detail/packed_look.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeader = 12;
constexpr std::size_t kEntry = 16;
constexpr std::uint32_t kMostTables = 64;
constexpr std::string_view kTrueType = "\0\1\0\0"sv;
/// A glyph of more outlines is no letter.
constexpr std::uint32_t kMostOutlines = 200;
/// Keys and signatures look like noise: those of its maker and of two who vouch for them.
constexpr std::size_t kWindowsOfSignature = 24;
constexpr std::size_t kMostRuns = 4u << 20;
constexpr std::size_t kShortestRun = 16;

/// Pictures of glyphs ("SVG ", "sbix", "CBDT") are not among them: nobody here looks at them.
constexpr std::array kTables = {
    "BASE"sv, "DSIG"sv, "EBDT"sv, "EBLC"sv, "EBSC"sv, "FFTM"sv, "Feat"sv, "GDEF"sv,
    "GPOS"sv, "GSUB"sv, "Glat"sv, "Gloc"sv, "HVAR"sv, "JSTF"sv, "LTSH"sv, "MATH"sv,
    "MERG"sv, "MVAR"sv, "OS/2"sv, "PCLT"sv, "STAT"sv, "Silf"sv, "Sill"sv, "VDMX"sv,
    "VVAR"sv, "avar"sv, "bdat"sv, "bloc"sv, "cmap"sv, "cvar"sv, "cvt "sv, "feat"sv,
    "fpgm"sv, "fvar"sv, "gasp"sv, "glyf"sv, "gvar"sv, "hdmx"sv, "head"sv, "hhea"sv,
    "hmtx"sv, "kern"sv, "kerx"sv, "loca"sv, "maxp"sv, "meta"sv, "mort"sv, "morx"sv,
    "name"sv, "post"sv, "prep"sv, "prop"sv, "trak"sv, "vhea"sv, "vmtx"sv};

bool is_known(std::string_view tag) { return std::ranges::find(kTables, tag) != kTables.end(); }

struct Table {
  std::string_view tag;
  std::uint32_t checksum = 0;
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::uint32_t checksum(std::string_view table, bool is_head) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < table.size(); at += 4) {
    if (!is_head || at != 8) sum += big_endian<4>(table, at);
  }
  return sum;
}

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

/// The points of a glyph with outlines; false if they do not fit into it.
bool has_only_points(std::string_view glyph, std::uint32_t outlines) {
  std::size_t at = 10 + 2 * std::size_t{outlines};
  if (outlines == 0) return glyph.size() <= 12;
  const std::size_t points = std::size_t{big_endian<2>(glyph, at - 2)} + 1;
  const std::size_t instructions = big_endian<2>(glyph, at);
  at += 2;
  if (at > glyph.size() || packed_windows(glyph.substr(at, instructions)) > 0) return false;
  at += instructions;
  std::size_t coordinates = 0;
  for (std::size_t point = 0; point < points;) {
    if (at >= glyph.size()) return false;
    const auto flag = static_cast<unsigned char>(glyph[at++]);
    std::size_t times = 1;
    if ((flag & 8) != 0) {
      if (at >= glyph.size()) return false;
      times += static_cast<unsigned char>(glyph[at++]);
    }
    const std::size_t x = (flag & 2) != 0 ? 1u : (flag & 16) != 0 ? 0u : 2u;
    const std::size_t y = (flag & 4) != 0 ? 1u : (flag & 32) != 0 ? 0u : 2u;
    coordinates += times * (x + y);
    point += times;
  }
  at += coordinates;
  return at <= glyph.size() && glyph.size() - at < 4 && is_zero(glyph.substr(at));
}

class Font {
 public:
  explicit Font(std::string_view bytes) : bytes_(bytes) {}

  std::string_view problem() {
    if (bytes_.size() < kHeader ||
        (!bytes_.starts_with(kTrueType) && !bytes_.starts_with("true"))) {
      return "its outlines are not TrueType";
    }
    if (!read_directory()) return "its list of tables is broken";
    if (!is_filled()) return "there is something beside its tables";
    for (const Table& table : tables_) {
      if (!is_known(table.tag)) return "it has tables that fonts do not have";
      if (checksum(bytes_of(table), table.tag == "head") != table.checksum) {
        return "its tables are not what it says";
      }
    }
    for (const Table& table : tables_) {
      const std::size_t most = table.tag == "DSIG" ? kWindowsOfSignature : 0;
      if (table.tag != "glyf" && packed_windows(bytes_of(table)) > most) {
        return "its tables look packed or encrypted";
      }
    }
    return has_only_glyphs() ? "" : "it has more than glyphs";
  }

 private:
  std::string_view bytes_of(const Table& table) const {
    return bytes_.substr(table.offset, table.length);
  }
  std::string_view bytes_of(std::string_view tag) const {
    const auto found = std::ranges::find(tables_, tag, &Table::tag);
    return found == tables_.end() ? std::string_view() : bytes_of(*found);
  }

  bool read_directory() {
    const std::uint32_t count = big_endian<2>(bytes_, 4);
    if (count == 0 || count > kMostTables || kHeader + kEntry * count > bytes_.size()) return false;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::size_t at = kHeader + kEntry * i;
      const Table table{.tag = bytes_.substr(at, 4),
                        .checksum = big_endian<4>(bytes_, at + 4),
                        .offset = big_endian<4>(bytes_, at + 8),
                        .length = big_endian<4>(bytes_, at + 12)};
      if (table.offset > bytes_.size() || table.length > bytes_.size() - table.offset) return false;
      if (!tables_.empty() && tables_.back().tag >= table.tag) return false;
      tables_.push_back(table);
    }
    return true;
  }

  /// Nothing but three bytes of padding at most between the tables.
  bool is_filled() const {
    std::vector<Table> by_offset = tables_;
    std::ranges::sort(by_offset, {}, &Table::offset);
    std::size_t end = kHeader + kEntry * tables_.size();
    for (const Table& table : by_offset) {
      if (table.offset < end || table.offset - end > 3 ||
          !is_zero(bytes_.substr(end, table.offset - end))) {
        return false;
      }
      end = table.offset + table.length;
    }
    return bytes_.size() - end <= 3 && is_zero(bytes_.substr(end));
  }

  bool has_only_glyphs() const {
    const std::string_view head = bytes_of("head");
    const std::string_view loca = bytes_of("loca");
    const std::string_view glyphs = bytes_of("glyf");
    const std::size_t count = big_endian<2>(bytes_of("maxp"), 4);
    if (head.size() != 54 || big_endian<4>(head, 12) != 0x5f0f3cf5) return false;
    const bool is_long = big_endian<2>(head, 50) != 0;
    const std::size_t wanted = (count + 1) * (is_long ? 4 : 2);
    if (loca.size() < wanted || loca.size() - wanted > 3) return false;
    const auto offset = [&](std::size_t i) {
      return is_long ? std::size_t{big_endian<4>(loca, 4 * i)}
                     : 2 * std::size_t{big_endian<2>(loca, 2 * i)};
    };
    if (offset(0) != 0) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t begin = offset(i);
      const std::size_t end = offset(i + 1);
      if (begin > end || end > glyphs.size()) return false;
      if (begin < end && !is_glyph(glyphs.substr(begin, end - begin))) return false;
    }
    return glyphs.size() - offset(count) <= 3;
  }

  static bool is_glyph(std::string_view glyph) {
    if (glyph.size() < 10) return false;
    const std::uint32_t outlines = big_endian<2>(glyph, 0);
    if (outlines >= 0x8000) return glyph.size() < 4096;  // made of other glyphs
    return outlines <= kMostOutlines && has_only_points(glyph, outlines);
  }

  std::string_view bytes_;
  std::vector<Table> tables_;
};

void change(std::string& bytes, const std::array<char, 16>& key) {
  for (std::size_t i = 0; i < 2 * key.size() && i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(bytes[i] ^ key[i % key.size()]);
  }
}

/// How a font of so many tables begins whose first has this tag.
std::array<char, 16> beginning(std::uint32_t tables, std::string_view tag) {
  const std::uint32_t power = std::bit_floor(tables);
  const std::array<std::uint32_t, 4> numbers = {
      tables, 16 * power, static_cast<std::uint32_t>(std::bit_width(power) - 1),
      16 * (tables - power)};
  std::array<char, 16> out{};
  std::ranges::copy(kTrueType, out.begin());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    out[4 + 2 * i] = static_cast<char>(numbers[i] >> 8);
    out[5 + 2 * i] = static_cast<char>(numbers[i]);
  }
  std::ranges::copy(tag, out.begin() + 12);
  return out;
}

std::string big_endian_bytes(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

/// The font in a WOFF file, its tables unpacked; empty if it is broken or holds more than that.
std::string unpacked_woff(Reading& reading, const Place& place, std::string_view bytes) {
  constexpr std::size_t kWoffHeader = 44;
  constexpr std::size_t kWoffEntry = 20;
  const std::uint32_t tables = big_endian<2>(bytes, 12);
  // Metadata and a block for its maker's own use would be at the end.
  const bool is_plain = is_zero(bytes.substr(std::min(bytes.size(), std::size_t{24}), 20));
  if (bytes.size() < kWoffHeader + kWoffEntry * tables || tables > kMostTables || tables == 0 ||
      big_endian<4>(bytes, 8) != bytes.size() || !is_plain) {
    return {};
  }
  const std::array<char, 16> front = beginning(tables, "    ");
  std::string directory(front.data(), kHeader);
  std::string content;
  std::size_t packed_end = kWoffHeader + kWoffEntry * tables;
  for (std::uint32_t i = 0; i < tables; ++i) {
    const std::size_t at = kWoffHeader + kWoffEntry * i;
    const std::size_t offset = big_endian<4>(bytes, at + 4);
    const std::size_t packed = big_endian<4>(bytes, at + 8);
    const std::size_t length = big_endian<4>(bytes, at + 12);
    if (offset < packed_end || offset - packed_end > 3 || offset > bytes.size() ||
        packed > bytes.size() - offset || packed > length ||
        !reading.take_bytes(place, length, length, packed)) {
      return {};
    }
    packed_end = offset + packed;
    std::string table(length, '\0');
    auto size = static_cast<uLongf>(length);
    if (packed == length) {
      table = bytes.substr(offset, length);
    } else if (uncompress(reinterpret_cast<Bytef*>(table.data()), &size,
                          reinterpret_cast<const Bytef*>(bytes.data() + offset),
                          static_cast<uLong>(packed)) != Z_OK ||
               size != length) {
      return {};
    }
    directory += bytes.substr(at, 4);
    directory += bytes.substr(at + 16, 4);
    directory +=
        big_endian_bytes(static_cast<std::uint32_t>(kHeader + kEntry * tables + content.size()));
    directory += big_endian_bytes(static_cast<std::uint32_t>(length));
    content += table;
    content.resize((content.size() + 3) / 4 * 4);
  }
  return bytes.size() - packed_end <= 3 ? directory + content : std::string();
}

/// Outlines have many short runs that are no text.
void tell_runs(Reading& reading, const Place& place, std::string_view font) {
  const std::string runs = printable_runs(font, kMostRuns);
  std::string text;
  for (const std::string_view line : split(runs, '\n')) {
    if (line.size() >= kShortestRun) text.append(line).append("\n");
  }
  reading.part(place, FileType::font, PartKind::salvaged, std::move(text), font.size());
}

}  // namespace

std::string_view font_problem(std::string_view bytes) { return Font(bytes).problem(); }

std::string restored_font(std::string_view bytes) {
  if (bytes.size() < kHeader + 2 * kEntry) return {};
  for (std::uint32_t tables = 2; tables <= kMostTables; ++tables) {
    for (const std::string_view tag : kTables) {
      std::array<char, 16> key = beginning(tables, tag);
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(key[i] ^ bytes[i]);
      std::string directory(bytes.substr(0, kHeader + 2 * kEntry));
      change(directory, key);
      const std::string_view second = std::string_view(directory).substr(kHeader + kEntry, 4);
      if (second <= tag || !is_known(second)) continue;
      std::string font(bytes);
      change(font, key);
      if (font_problem(font).empty()) return font;
    }
  }
  return {};
}

EmbeddedFont embedded_font(std::string_view bytes) {
  constexpr std::size_t kMostFront = 4096;  // names and a signature
  constexpr std::uint32_t kPacked = 4;
  constexpr std::uint32_t kChanged = 0x10000000;
  if (bytes.size() < 82 || bytes.substr(34, 2) != "LP") return {};
  ByteReader header(bytes);
  const auto all = header.fixed<std::uint32_t>();
  const auto size = header.fixed<std::uint32_t>();
  const auto version = header.fixed<std::uint32_t>();
  const auto flags = header.fixed<std::uint32_t>();
  const bool is_version = version == 0x10000 || version == 0x20001 || version == 0x20002;
  if (all != bytes.size() || size > all || all - size > kMostFront || !is_version ||
      (flags & kPacked) != 0) {
    return {};
  }
  return {.bytes = bytes.substr(all - size),
          .change = static_cast<unsigned char>((flags & kChanged) != 0 ? 0x50 : 0)};
}

void read_font(Reading& reading, const Place& place, std::string_view bytes) {
  std::string unpacked;
  if (bytes.starts_with("wOFF")) {
    unpacked = unpacked_woff(reading, place, bytes);
    if (unpacked.empty()) {
      tell_runs(reading, place, bytes);
      return reading.finding(place, FindingKind::unsupported,
                             "a font: it is broken or holds more than its tables");
    }
    bytes = unpacked;
  }
  tell_runs(reading, place, bytes);
  if (bytes.starts_with("wOF2")) {
    return reading.finding(place, FindingKind::unsupported, "a packed font (WOFF2)");
  }
  if (const std::string_view problem = font_problem(bytes); !problem.empty()) {
    reading.finding(place, FindingKind::unsupported, "a font: " + std::string(problem));
  }
}

bool read_embedded_font(Reading& reading, const Place& place, std::string_view bytes) {
  if (const EmbeddedFont embedded = embedded_font(bytes); !embedded.bytes.empty()) {
    const std::string_view front = bytes.substr(0, bytes.size() - embedded.bytes.size());
    std::string font(embedded.bytes);
    for (char& c : font) c = static_cast<char>(c ^ embedded.change);
    tell_runs(reading, place, front);
    read_font(reading, place, font);
    return true;
  }
  const std::string font = restored_font(bytes);
  if (font.empty()) return false;
  tell_runs(reading, place, font);
  return true;
}

}  // namespace weir::content
