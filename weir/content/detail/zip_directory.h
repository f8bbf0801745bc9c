#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

/// An entry of a zip file.
struct ZipEntry {
  std::string_view name;
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;  // as the directory says: a claim
  std::uint64_t offset = 0;    // of its local header
  std::uint32_t crc32 = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
  bool listed = true;  // in the central directory; else found between its entries
};

struct ZipDirectory {
  std::vector<ZipEntry> entries;  // in order of offset
  /// There was a central directory, and it could be followed to its end.
  bool whole = false;
  bool more = false;  // than `limit`
};

/// The members of a zip file: those of the central directory, and those that stand between them
/// unlisted, which some programs unpack and others do not. Without a directory all that begin with
/// a local header. Names point into `bytes`.
ZipDirectory read_zip_directory(std::string_view bytes, std::size_t limit);

/// Does a zip file end here, with a directory of at least one member?
bool has_zip_directory(std::string_view bytes);

/// What no program unpacks, as spans of `bytes` behind the first member's header: comments, extra
/// fields, gaps. Names are left out; the fixed fields of headers are in.
std::vector<std::string_view> around_members(std::string_view bytes,
                                             const std::vector<ZipEntry>& entries);

/// The packed bytes of a member; empty if its local header is none.
std::string_view packed_bytes(std::string_view bytes, const ZipEntry& entry);

}  // namespace weir::content
