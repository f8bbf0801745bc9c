#include "weir/content/detail/zip_directory.h"

#include <algorithm>

#include "weir/base/bytes.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;

template <class T>
T at(std::string_view bytes, std::uint64_t offset) {
  return ByteReader(bytes.substr(std::min<std::uint64_t>(offset, bytes.size()))).fixed<T>();
}

/// Sizes beyond 32 bits stand in the extra field 1, in this order, those that are needed.
void apply_zip64(std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const auto id = at<std::uint16_t>(extra, 0);
    const std::string_view body = extra.substr(4, at<std::uint16_t>(extra, 2));
    if (id == 1) {
      ByteReader reader(body);
      for (std::uint64_t* field : {&entry.unpacked, &entry.packed, &entry.offset}) {
        if (*field == 0xffffffffu && reader.remaining() >= 8)
          *field = reader.fixed<std::uint64_t>();
      }
      return;
    }
    extra.remove_prefix(std::min(extra.size(), 4 + body.size()));
  }
}

struct End {
  std::uint64_t directory = 0;
  std::uint64_t shift = 0;  // bytes in front of the archive, which its offsets do not count
  bool found = false;
};

End find_end(std::string_view bytes) {
  const std::size_t tail = bytes.size() - std::min<std::size_t>(bytes.size(), 66'000);
  // Forwards is sooner; most bytes have none.
  if (!bytes.substr(tail).contains("PK\5\6"sv)) return {};
  const std::size_t found = bytes.rfind("PK\5\6"sv);
  if (found + kEndBytes > bytes.size()) return {};
  std::uint64_t size = at<std::uint32_t>(bytes, found + 12);
  std::uint64_t offset = at<std::uint32_t>(bytes, found + 16);
  std::uint64_t end = found;
  if (offset == 0xffffffffu && found >= 20 && bytes.substr(found - 20).starts_with("PK\6\7"sv)) {
    const auto at64 = at<std::uint64_t>(bytes, found - 12);
    if (at64 < bytes.size() && bytes.substr(at64).starts_with("PK\6\6"sv)) {
      size = at<std::uint64_t>(bytes, at64 + 40);
      offset = at<std::uint64_t>(bytes, at64 + 48);
      end = at64;
    }
  }
  if (size > end) return {};
  // The directory stands right before its end, whatever the offset says.
  const std::uint64_t directory = end - size;
  if (bytes.substr(directory).starts_with("PK\1\2"sv) || size == 0) {
    return {directory, directory >= offset ? directory - offset : 0, true};
  }
  if (offset < bytes.size() && bytes.substr(offset).starts_with("PK\1\2"sv))
    return {offset, 0, true};
  return {};
}

/// The member whose local header stands at `offset`; false if there is none.
bool local_entry(std::string_view bytes, std::uint64_t offset, ZipEntry& entry) {
  const std::string_view head = bytes.substr(std::min<std::uint64_t>(offset, bytes.size()));
  if (!head.starts_with("PK\3\4"sv) || head.size() < kLocalBytes) return false;
  const auto flags = at<std::uint16_t>(head, 6);
  const std::size_t name = at<std::uint16_t>(head, 26);
  const std::size_t extra = at<std::uint16_t>(head, 28);
  if (head.size() < kLocalBytes + name + extra) return false;
  entry = {.name = head.substr(kLocalBytes, name),
           .packed = at<std::uint32_t>(head, 18),
           .unpacked = at<std::uint32_t>(head, 22),
           .offset = offset,
           .crc32 = at<std::uint32_t>(head, 14),
           .method = at<std::uint16_t>(head, 8),
           .encrypted = (flags & 1) != 0,
           .listed = false};
  apply_zip64(head.substr(kLocalBytes + name, extra), entry);
  const std::uint64_t rest = head.size() - kLocalBytes - name - extra;
  // Written as a stream: the size stands behind the data. Inflating finds the end by itself.
  if ((flags & 8) != 0 && entry.packed == 0) {
    const std::size_t next = head.find("PK"sv, kLocalBytes + name + extra);
    entry.packed = rest;
    if (entry.method == 0 && next != std::string_view::npos) {
      entry.packed = next - kLocalBytes - name - extra;
    }
  }
  entry.packed = std::min(entry.packed, rest);
  return true;
}

/// Members that begin in [from, to).
void scan_local(std::string_view bytes, std::uint64_t from, std::uint64_t to, std::size_t limit,
                std::vector<ZipEntry>& out) {
  while (from < to && out.size() < limit) {
    const std::size_t next = bytes.substr(0, to).find("PK\3\4"sv, from);
    if (next == std::string_view::npos) return;
    from = next + 4;
    ZipEntry entry;
    if (!local_entry(bytes, next, entry)) continue;
    out.push_back(entry);
    if (entry.method == 0) from = next + kLocalBytes + entry.name.size() + entry.packed;
  }
}

}  // namespace

bool has_zip_directory(std::string_view bytes) {
  const End end = find_end(bytes);
  return end.found && bytes.substr(end.directory).starts_with("PK\1\2"sv);
}

ZipDirectory read_zip_directory(std::string_view bytes, std::size_t limit) {
  ZipDirectory directory;
  const End end = find_end(bytes);
  if (!end.found) {
    scan_local(bytes, 0, bytes.size(), limit + 1, directory.entries);
    directory.more = directory.entries.size() > limit;
    return directory;
  }
  std::string_view rest = bytes.substr(end.directory);
  while (rest.starts_with("PK\1\2"sv) && rest.size() >= kCentralBytes) {
    if (directory.entries.size() > limit) break;
    const std::size_t name = at<std::uint16_t>(rest, 28);
    const std::size_t extra = at<std::uint16_t>(rest, 30);
    const std::size_t size = kCentralBytes + name + extra + at<std::uint16_t>(rest, 32);
    if (rest.size() < size) break;
    ZipEntry entry{.name = rest.substr(kCentralBytes, name),
                   .packed = at<std::uint32_t>(rest, 20),
                   .unpacked = at<std::uint32_t>(rest, 24),
                   .offset = at<std::uint32_t>(rest, 42),
                   .crc32 = at<std::uint32_t>(rest, 16),
                   .method = at<std::uint16_t>(rest, 10),
                   .encrypted = (at<std::uint16_t>(rest, 8) & 1) != 0};
    apply_zip64(rest.substr(kCentralBytes + name, extra), entry);
    entry.offset += end.shift;
    directory.entries.push_back(entry);
    rest.remove_prefix(size);
  }
  directory.whole =
      rest.starts_with("PK\5\6"sv) || rest.starts_with("PK\6\6"sv) || rest.starts_with("PK\5\5"sv);
  directory.more = directory.entries.size() > limit;
  std::ranges::stable_sort(directory.entries, {}, &ZipEntry::offset);

  std::vector<ZipEntry> unlisted;
  std::uint64_t from = 0;
  for (const ZipEntry& entry : directory.entries) {
    const std::uint64_t to = std::min<std::uint64_t>(entry.offset, bytes.size());
    if (from < to) scan_local(bytes, from, to, limit, unlisted);
    const std::string_view packed = packed_bytes(bytes, entry);
    if (!packed.empty()) {
      from = std::max<std::uint64_t>(
          from, static_cast<std::uint64_t>(packed.data() + packed.size() - bytes.data()));
    } else {
      from = std::max<std::uint64_t>(from, to + kLocalBytes);
    }
  }
  if (from < end.directory) scan_local(bytes, from, end.directory, limit, unlisted);
  directory.entries.insert(directory.entries.end(), unlisted.begin(), unlisted.end());
  return directory;
}

std::vector<std::string_view> around_members(std::string_view bytes,
                                             const std::vector<ZipEntry>& entries) {
  std::vector<std::string_view> taken;  // views into `bytes`
  for (const ZipEntry& entry : entries) {
    taken.push_back(entry.name);
    if (entry.offset >= bytes.size()) continue;
    const std::string_view head = bytes.substr(entry.offset);
    if (!head.starts_with("PK\3\4"sv) || head.size() < kLocalBytes) continue;
    taken.push_back(head.substr(0, 4));
    taken.push_back(head.substr(kLocalBytes, at<std::uint16_t>(head, 26)));
    taken.push_back(packed_bytes(bytes, entry));
  }
  std::erase_if(taken, [](std::string_view span) { return span.empty(); });
  std::ranges::sort(taken, {}, [](std::string_view span) { return span.data(); });
  std::vector<std::string_view> around;
  const char* from = taken.empty() ? bytes.data() : taken.front().data();
  const auto up_to = [&](const char* to) {
    if (to > from) around.emplace_back(from, static_cast<std::size_t>(to - from));
  };
  for (const std::string_view span : taken) {
    up_to(span.data());
    from = std::max(from, span.data() + span.size());
  }
  up_to(bytes.data() + bytes.size());
  return around;
}

std::string_view packed_bytes(std::string_view bytes, const ZipEntry& entry) {
  if (entry.offset >= bytes.size()) return {};
  const std::string_view head = bytes.substr(entry.offset);
  if (!head.starts_with("PK\3\4"sv) || head.size() < kLocalBytes) return {};
  const std::size_t skip =
      kLocalBytes + at<std::uint16_t>(head, 26) + std::size_t{at<std::uint16_t>(head, 28)};
  return skip >= head.size() ? std::string_view() : head.substr(skip, entry.packed);
}

}  // namespace weir::content
