#include <zlib.h>

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/content/detail/big_endian.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kShortestRun = 6;   // as `printable_runs` takes them
constexpr std::size_t kMostOpaque = 256;  // bytes of a driver's own that nobody can read
constexpr std::size_t kMostUnpacked = 1u << 20;
constexpr int kMostStreams = 16;

std::uint32_t number(std::string_view bytes, std::size_t at) {
  return at + 4 <= bytes.size() ? ByteReader(bytes.substr(at)).fixed<std::uint32_t>() : 0;
}
std::uint16_t short_number(std::string_view bytes, std::size_t at) {
  return at + 2 <= bytes.size() ? ByteReader(bytes.substr(at)).fixed<std::uint16_t>()
                                : std::uint16_t{0};
}

/// What of a Mac's printer settings each block is: an XML property list. True if there is nothing
/// else; then they are read as such.
bool read_mac_settings(Reading& reading, const Place& place, std::string_view bytes) {
  constexpr std::size_t kMostBlocks = 4;
  if (number(bytes, 0) != 2) return false;
  std::vector<std::string_view> blocks;
  for (std::size_t at = 4; at < bytes.size();) {
    const std::size_t length = number(bytes, at + 4);
    at += 8;
    if (at > bytes.size() || length > bytes.size() - at || blocks.size() == kMostBlocks) {
      return false;
    }
    const std::string_view block = bytes.substr(at, length);
    // Data in it would be packed or worse.
    if (!block.starts_with("<?xml") || !block.substr(0, 512).contains("<plist") ||
        block.contains("<data")) {
      return false;
    }
    blocks.push_back(block);
    at += length;
  }
  for (const std::string_view block : blocks) read_xml(reading, place, block);
  return !blocks.empty();
}

/// A name of at most 32 characters of UTF-16, zeros behind it.
bool is_name(std::string_view field) {
  std::size_t at = 0;
  while (at + 1 < field.size() && short_number(field, at) != 0) at += 2;
  return field.find_first_not_of('\0', at) == std::string_view::npos;
}

bool is_shown(char c) { return c >= ' ' && c <= '~'; }

/// How many bytes at `at` are a run of text that `printable_runs` takes.
std::size_t run_at(std::string_view bytes, std::size_t at) {
  for (const std::size_t width : {std::size_t{1}, std::size_t{2}}) {
    std::size_t end = at;
    while (end + width <= bytes.size() && is_shown(bytes[end]) &&
           (width == 1 || bytes[end + 1] == '\0')) {
      end += width;
    }
    if (end - at >= kShortestRun * width) return end - at;
  }
  return 0;
}

/// A zlib stream and what it unpacks to; 0 bytes if there is none.
struct Stream {
  std::size_t bytes = 0;
  std::string unpacked;
};
Stream stream_at(std::string_view bytes, std::size_t at) {
  Stream out;
  if (bytes[at] != '\x78' || at + 8 > bytes.size() || big_endian<2>(bytes, at) % 31 != 0)
    return out;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return out;
  out.unpacked.resize(kMostUnpacked);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data() + at));
  stream.avail_in = static_cast<uInt>(bytes.size() - at);
  stream.next_out = reinterpret_cast<Bytef*>(out.unpacked.data());
  stream.avail_out = static_cast<uInt>(out.unpacked.size());
  const int status = inflate(&stream, Z_FINISH);
  if (status == Z_STREAM_END) out.bytes = bytes.size() - at - stream.avail_in;
  out.unpacked.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

/// What the driver keeps for itself: text and packed text are read, zeros say nothing. How many
/// bytes are left that may be anything; stops a little past `kMostOpaque`.
std::size_t opaque_bytes(std::string_view bytes, std::vector<std::string>& unpacked) {
  std::size_t opaque = 0;
  for (std::size_t at = 0; at < bytes.size() && opaque <= kMostOpaque;) {
    if (const std::size_t run = run_at(bytes, at); run > 0) {
      at += run;
      continue;
    }
    if (unpacked.size() < kMostStreams) {
      if (Stream stream = stream_at(bytes, at); stream.bytes > 0) {
        at += stream.bytes;
        unpacked.push_back(std::move(stream.unpacked));
        continue;
      }
    }
    opaque += bytes[at++] != '\0' ? 1u : 0u;
  }
  return opaque;
}

/// DEVMODEW ([MS-RPRN] 2.2.2.1): public fields, then as many bytes of the driver's own as it says.
bool read_windows_settings(Reading& reading, const Place& place, std::string_view bytes) {
  constexpr std::size_t kLeastPublic = 148;
  constexpr std::size_t kMostPublic = 220;
  const std::size_t size = short_number(bytes, 68);
  const std::size_t own = short_number(bytes, 70);
  const std::uint16_t version = short_number(bytes, 64);
  if (size < kLeastPublic || size > kMostPublic || size + own != bytes.size() ||
      (version != 0x401 && version != 0x400 && version != 0x320)) {
    return false;
  }
  if (!is_name(bytes.substr(0, 64)) || !is_name(bytes.substr(102, 64))) return false;
  std::vector<std::string> unpacked;
  if (opaque_bytes(bytes.substr(size), unpacked) > kMostOpaque) return false;
  reading.part(place, FileType::unknown, PartKind::properties, printable_runs(bytes, bytes.size()),
               bytes.size());
  for (const std::string& text : unpacked) {
    const Place within = place.member("packed settings");
    if (!reading.take_bytes(within, text.size())) return true;
    reading.read(within, text);
  }
  return true;
}

}  // namespace

bool read_printer_settings(Reading& reading, const Place& place, std::string_view bytes) {
  return read_mac_settings(reading, place, bytes) || read_windows_settings(reading, place, bytes);
}

}  // namespace weir::content
