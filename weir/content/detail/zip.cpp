#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "weir/base/text.h"
#include "weir/content/detail/archive.h"
#include "weir/content/detail/package.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/zip_directory.h"

namespace weir::content {
namespace {

constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

/// Unpacks a member; false, with a finding, if not all of it could be.
bool inflate_member(Reading& reading, const Place& place, std::string_view packed,
                    std::string& out) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  const std::unique_ptr<z_stream, EndInflate> guard(&stream);
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 0xffffffffu));
  std::array<char, 64u << 10> piece{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = piece.size() - stream.avail_out;
    out.append(piece.data(), got);
    if (!reading.take_bytes(place, got, out.size(), packed.size() - stream.avail_in)) return false;
    if (status == Z_BUF_ERROR || (got == 0 && stream.avail_in == 0)) break;
  }
  if (status == Z_STREAM_END) return true;
  reading.finding(place, FindingKind::corrupt, "its packed data is broken; read as far as it goes");
  return true;
}

/// Says what of an encrypted zip stands in the clear.
void seal(Reading& reading, const Place& place, const ZipEntry& entry) {
  const Place member = place.member(entry.name);
  reading.sealed({.path = member.path, .bytes = entry.unpacked, .crc32 = entry.crc32});
}

class ZipReading {
 public:
  ZipReading(Reading& reading, const Place& place, std::string_view bytes)
      : reading_(reading),
        place_(place),
        bytes_(bytes),
        directory_(read_zip_directory(bytes, reading.options().limits.members)),
        odf_(reading) {}

  void run() {
    if (directory_.entries.empty() && !directory_.whole) {
      return reading_.finding(place_, FindingKind::corrupt, "a zip file without any member");
    }
    std::vector<std::string_view> names;
    for (const ZipEntry& entry : directory_.entries) names.push_back(entry.name);
    type_ = package_type(names);
    reading_.refine_type(place_, type_);
    OoxmlReader ooxml(reading_, type_);
    ooxml_ = is_ooxml() ? &ooxml : nullptr;
    list_names(names);
    check_overlap();
    if (!directory_.whole) {
      reading_.finding(place_, FindingKind::corrupt,
                       "its directory is broken or missing; members were found by their headers");
    }
    for (const bool first : {true, false}) {
      for (const ZipEntry& entry : directory_.entries) {
        if (first != is_first(entry.name)) continue;
        if (!reading_.take_member(place_)) return;
        member(entry);
      }
    }
    if (ooxml_ != nullptr) ooxml.finish(place_);
    if (encrypted_ > 0) {
      reading_.finding(
          place_, FindingKind::encrypted,
          fmt::format("{} of {} members are encrypted", encrypted_, directory_.entries.size()));
    }
    around();
    if (!others_.empty()) read_archive_members(reading_, place_, bytes_, others_);
    if (directory_.more) {
      reading_.finding(place_, FindingKind::too_many_members, "more members than may be read");
    }
  }

 private:
  bool is_ooxml() const {
    return type_ == FileType::word || type_ == FileType::sheet || type_ == FileType::slides;
  }

  bool is_first(std::string_view name) const {
    return (ooxml_ != nullptr && OoxmlReader::is_first(name)) ||
           (type_ == FileType::document && OdfReader::is_first(name));
  }

  void list_names(const std::vector<std::string_view>& names) {
    if (type_ != FileType::zip && type_ != FileType::course) return;
    std::string text;
    for (const std::string_view name : names) text.append(name).append("\n");
    reading_.part(place_, type_, PartKind::names, std::move(text), bytes_.size());
  }

  void check_overlap() {
    std::uint64_t end = 0;
    for (const ZipEntry& entry : directory_.entries) {
      if (!entry.listed) break;
      if (entry.offset < end) {
        return reading_.finding(place_, FindingKind::bomb, "its members overlap");
      }
      end = entry.offset + std::min<std::uint64_t>(entry.packed, bytes_.size());
    }
  }

  void member(const ZipEntry& entry) {
    if (entry.name.ends_with('/') && entry.packed == 0) return;
    if (entry.encrypted) {
      ++encrypted_;
      return seal(reading_, place_, entry);
    }
    if (entry.method != kStored && entry.method != kDeflated) {
      others_.insert(std::string(entry.name));
      return;
    }
    const Place place = place_.member(entry.name);
    const std::string_view packed = packed_bytes(bytes_, entry);
    if (packed.empty() && entry.packed != 0) {
      return reading_.finding(place, FindingKind::corrupt, "the zip file ends before it, or lies");
    }
    if (packed.size() < entry.packed && entry.listed) {
      reading_.finding(place, FindingKind::corrupt, "cut short");
    }
    if (entry.method == kStored) {
      if (reading_.take_bytes(place, packed.size())) content(place, entry.name, packed);
      return;
    }
    std::string unpacked;
    if (inflate_member(reading_, place, packed, unpacked)) content(place, entry.name, unpacked);
  }

  /// Text can be put where no program unpacks it.
  void around() {
    constexpr std::size_t kLeastText = 60;     // letters: some ten words
    constexpr std::size_t kLeastFile = 4'096;  // more than headers and padding
    std::string rest;
    for (const std::string_view span : around_members(bytes_, directory_.entries)) {
      if (span.size() >= kLeastFile && span.find_first_not_of('\0') != std::string_view::npos) {
        const Place place = place_.member("between its members");
        if (!reading_.take_bytes(place, span.size())) return;
        reading_.read(place, span);
      }
      rest.append(span).push_back('\0');
    }
    std::string text = printable_runs(rest, std::size_t{4} << 20);
    if (text.size() < kLeastText) return;
    reading_.part(place_, type_, PartKind::comment, std::move(text), bytes_.size(), true);
  }

  void content(const Place& place, std::string_view name, std::string_view bytes) {
    if (ooxml_ != nullptr && ooxml_->read(place, name, bytes)) return;
    if (type_ == FileType::document && odf_.read(place, name, bytes)) return;
    if (type_ == FileType::book && name == "mimetype") return;
    reading_.read(place, bytes);
  }

  Reading& reading_;
  const Place& place_;
  std::string_view bytes_;
  ZipDirectory directory_;
  FileType type_ = FileType::zip;
  OoxmlReader* ooxml_ = nullptr;
  OdfReader odf_;
  std::size_t encrypted_ = 0;
  std::set<std::string, std::less<>> others_;  // packed in ways that libarchive knows
};

}  // namespace

FileType package_type(const std::vector<std::string_view>& names) {
  bool mimetype = false;
  bool content = false;
  bool container = false;
  for (const std::string_view name : names) {
    if (name.starts_with("word/")) return FileType::word;
    if (name.starts_with("xl/")) return FileType::sheet;
    if (name.starts_with("ppt/")) return FileType::slides;
    if (name == "imsmanifest.xml" || name == "h5p.json") return FileType::course;
    mimetype = mimetype || name == "mimetype";
    content = content || name == "content.xml" || name == "Content.xml";
    container = container || name == "META-INF/container.xml";
  }
  if (content) return FileType::document;
  if (mimetype && container) return FileType::book;
  for (const std::string_view name : names) {
    if (name == "[Content_Types].xml") return FileType::word;  // its parts are named as they like
  }
  return FileType::zip;
}

void read_zip(Reading& reading, const Place& place, std::string_view bytes) {
  ZipReading(reading, place, bytes).run();
}

}  // namespace weir::content
