#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/compound.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

constexpr std::size_t kMostSalvaged = std::size_t{4} << 20;

/// An Outlook message ([MS-OXMSG]): texts by property, attachments in folders of their own.
void read_message(Reading& reading, const Place& place, const CompoundFile& file) {
  std::string properties;
  for (const CompoundFile::Entry& entry : file.entries()) {
    const std::size_t mark = entry.path.rfind("__substg1.0_");
    if (!entry.is_stream || mark == std::string::npos || entry.path.size() < mark + 20) continue;
    if (entry.path.contains("__nameid_")) continue;  // which numbers stand for which names
    const std::string_view id = std::string_view(entry.path).substr(mark + 12, 4);
    const std::string_view type = std::string_view(entry.path).substr(mark + 16, 4);
    if (!reading.take_member(place)) return;
    const std::string bytes = file.read(entry);
    if (!reading.take_bytes(place, bytes.size())) return;
    if (id == "3701" && type == "0102") {  // an attachment's content
      reading.read(place.member(entry.path.substr(0, mark)), bytes);
    } else if (id == "1013") {  // the body as HTML
      read_html(reading, place, type == "001F" ? to_utf8(bytes, "UTF-16LE").value_or("") : bytes,
                {});
    } else if (id == "1009") {
      if (!read_packed_rtf(reading, place, bytes)) {
        reading.finding(place, FindingKind::corrupt, "Outlook: the RTF body cannot be unpacked");
      }
    } else if (type == "001F" || type == "001E") {
      std::string text =
          type == "001F" ? to_utf8(bytes, "UTF-16LE").value_or("") : decode_text(bytes, {});
      if (id == "1000") {
        read_encoded_blocks(reading, place, text);
        reading.part(place, FileType::ole2, PartKind::body, std::move(text), bytes.size());
      } else {
        properties.append(text).append("\n");
      }
    }
  }
  reading.part(place, FileType::ole2, PartKind::properties, std::move(properties), 0);
}

/// The file in an Ole10Native stream: behind its names, each ended by a zero, and its length.
std::string_view packaged(std::string_view stream) {
  std::string_view rest = stream.substr(std::min<std::size_t>(6, stream.size()));
  const auto skip = [&](std::size_t size) { rest.remove_prefix(std::min(size, rest.size())); };
  const auto skip_name = [&] { skip(std::min(rest.find('\0'), rest.size()) + 1); };
  skip_name();
  skip_name();
  skip(8);
  skip_name();
  const auto size = ByteReader(rest).fixed<std::uint32_t>();
  skip(4);
  return size == 0 || size > rest.size() ? stream : rest.substr(0, size);
}

/// Files packed into the document, and its property sets.
void read_others(Reading& reading, const Place& place, const CompoundFile& file) {
  for (const CompoundFile::Entry& entry : file.entries()) {
    const std::string_view name = entry.name();
    const bool embedded = name == "Package" || name == "CONTENTS" || name.ends_with("Ole10Native");
    if (!entry.is_stream || (!embedded && !name.ends_with("SummaryInformation"))) continue;
    if (!reading.take_member(place)) return;
    std::string bytes = file.read(entry);
    if (!reading.take_bytes(place, bytes.size())) return;
    if (name.ends_with("SummaryInformation")) {
      reading.part(place, FileType::ole2, PartKind::properties,
                   printable_runs(bytes, kMostSalvaged), bytes.size());
      continue;
    }
    const std::string_view rest = name.ends_with("Ole10Native") ? packaged(bytes) : bytes;
    reading.read(place.member(entry.path), rest);
  }
}

}  // namespace

void read_ole2(Reading& reading, const Place& place, std::string_view bytes) {
  CompoundFile file;
  if (!file.open(bytes)) {
    reading.part(place, FileType::ole2, PartKind::salvaged, printable_runs(bytes, kMostSalvaged),
                 bytes.size());
    return reading.finding(place, FindingKind::corrupt, "OLE2: its header or directory is broken");
  }
  bool word = false;
  bool excel = false;
  bool powerpoint = false;
  bool message = false;
  bool encrypted = false;
  bool macros = false;
  for (const CompoundFile::Entry& entry : file.entries()) {
    const std::string name = to_lower_ascii(entry.name());
    word = word || name == "worddocument";
    excel = excel || name == "workbook" || name == "book";
    powerpoint = powerpoint || name == "powerpoint document";
    message = message || name.starts_with("__substg1.0_") || name == "__properties_version1.0";
    encrypted = encrypted || name == "encryptedpackage" || name == "encryptedsummary";
    macros = macros || name == "_vba_project";
  }
  if (message) {
    read_message(reading, place, file);
  } else {
    std::string text;
    if (word) text += word_text(file, encrypted);
    if (excel) text += excel_text(file, encrypted);
    if (powerpoint) text += powerpoint_text(file);
    const bool found = !trim(text).empty();
    if (reading.take_bytes(place, text.size())) {
      reading.part(place, FileType::ole2, PartKind::body, std::move(text), bytes.size());
    }
    if (encrypted) {
      reading.finding(place, FindingKind::encrypted, "an Office document with a password");
    } else if (!found) {
      reading.part(place, FileType::ole2, PartKind::salvaged, printable_runs(bytes, kMostSalvaged),
                   bytes.size());
      reading.finding(
          place, FindingKind::unsupported,
          "legacy Office (OLE2) without a text that is found: only printable runs were read");
    }
    read_others(reading, place, file);
  }
  if (macros) {
    reading.finding(place, FindingKind::unsupported, "macros: their packed source is not read");
  }
  if (file.is_hurt()) {
    reading.finding(place, FindingKind::corrupt, "OLE2: some of its streams are cut short");
  }
}

}  // namespace weir::content
