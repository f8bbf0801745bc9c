#include "weir/content/detail/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <memory>

#include "weir/content/detail/charset.h"
#include "weir/content/detail/readers.h"
#include "weir/content/file_traits.h"

namespace weir::content {
namespace {

struct CloseArchive {
  void operator()(struct archive* archive) const { archive_read_free(archive); }
};
using Archive = std::unique_ptr<struct archive, CloseArchive>;

/// Named one by one: "all" would run outside programs for some filters. What is packed is unpacked
/// and read by what it is then: an archive would end at the first empty block, whatever is behind.
Archive open_formats(FileType type) {
  Archive archive(archive_read_new());
  if (archive == nullptr) return archive;
  struct archive* a = archive.get();
  archive_read_support_filter_gzip(a);
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_lzma(a);
  archive_read_support_filter_lzip(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_filter_lz4(a);
  archive_read_support_filter_compress(a);
  archive_read_support_filter_rpm(a);
  if (type == FileType::packed) {
    archive_read_support_format_raw(a);
    return archive;
  }
  archive_read_support_format_tar(a);
  archive_read_support_format_7zip(a);
  archive_read_support_format_rar(a);
  archive_read_support_format_rar5(a);
  archive_read_support_format_cab(a);
  archive_read_support_format_iso9660(a);
  archive_read_support_format_cpio(a);
  archive_read_support_format_ar(a);
  archive_read_support_format_xar(a);
  archive_read_support_format_lha(a);
  archive_read_support_format_zip(a);
  return archive;
}

std::string reason_of(struct archive* archive) {
  const char* text = archive_error_string(archive);
  return text == nullptr ? "unknown error" : make_valid(text);
}

/// All data of the entry that the archive stands at; false if it is not to be read.
bool read_entry(Reading& reading, const Place& place, struct archive* archive,
                std::uint64_t archive_bytes, std::string& out) {
  std::array<char, 64u << 10> piece{};
  while (true) {
    const la_ssize_t got = archive_read_data(archive, piece.data(), piece.size());
    if (got == 0) return true;
    if (got < 0) {
      reading.finding(
          place, FindingKind::corrupt,
          fmt::format("unpacking failed ({}); read as far as it goes", reason_of(archive)));
      return true;
    }
    const auto size = static_cast<std::size_t>(got);
    out.append(piece.data(), size);
    // How many packed bytes a member takes is not told; it cannot be more than all.
    if (!reading.take_bytes(place, size, out.size(), archive_bytes)) return false;
  }
}

/// What stands behind the end that the format itself names.
void read_behind(Reading& reading, const Place& place, struct archive* archive,
                 std::string_view bytes) {
  constexpr int kInput = -1;  // what the first filter has taken of the bytes
  switch (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) {
    case ARCHIVE_FORMAT_TAR:
    case ARCHIVE_FORMAT_CPIO:
    case ARCHIVE_FORMAT_AR:
    case ARCHIVE_FORMAT_RAW:
      break;
    default:  // read from their directory, here and there
      return;
  }
  const la_int64_t end = archive_filter_bytes(archive, kInput);
  if (end < 0 || static_cast<std::uint64_t>(end) >= bytes.size()) return;
  const std::string_view rest = bytes.substr(static_cast<std::size_t>(end));
  const std::size_t first = rest.find_first_not_of('\0');
  if (first == std::string_view::npos) return;
  const Place behind = place.member("behind its end");
  if (reading.take_bytes(behind, rest.size() - first)) reading.read(behind, rest.substr(first));
}

void read_members(Reading& reading, const Place& place, std::string_view bytes, FileType type,
                  const std::set<std::string, std::less<>>* only) {
  const Archive archive = open_formats(type);
  if (archive == nullptr ||
      archive_read_open_memory(archive.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    const bool sealed = inspect_file("", bytes).is_encrypted;
    return reading.finding(place, sealed ? FindingKind::encrypted : FindingKind::corrupt,
                           sealed ? "an encrypted archive" : reason_of(archive.get()));
  }
  std::string names;
  std::size_t encrypted = 0;
  std::size_t members = 0;
  while (true) {
    struct archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive.get(), &entry);
    if (status == ARCHIVE_EOF) {
      if (only == nullptr) read_behind(reading, place, archive.get(), bytes);
      break;
    }
    if (status == ARCHIVE_FATAL || status == ARCHIVE_RETRY || entry == nullptr) {
      const bool sealed = archive_read_has_encrypted_entries(archive.get()) == 1 ||
                          inspect_file("", bytes).is_encrypted;
      reading.finding(
          place, sealed ? FindingKind::encrypted : FindingKind::corrupt,
          sealed ? "an archive whose directory is encrypted" : reason_of(archive.get()));
      break;
    }
    const char* raw = archive_entry_pathname(entry);
    const bool raw_format = archive_format(archive.get()) == ARCHIVE_FORMAT_RAW;
    const std::string name = raw_format || raw == nullptr ? "unpacked" : raw;
    if (only != nullptr && !only->contains(name)) continue;
    if (!raw_format) names.append(make_valid(name)).append("\n");
    if (const char* link = archive_entry_symlink(entry)) {
      names.append(make_valid(link)).append("\n");
      continue;
    }
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    ++members;
    if (!reading.take_member(place)) return;
    const Place member = place.member(name);
    if (archive_entry_is_encrypted(entry) != 0) {
      ++encrypted;
      reading.sealed(
          {.path = member.path,
           .bytes = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0)),
           .crc32 = 0});
      continue;
    }
    std::string content;
    if (read_entry(reading, member, archive.get(), bytes.size(), content)) {
      reading.read(member, content);
    }
    if (!reading.keep_going(place)) break;
  }
  reading.part(place, type, PartKind::names, std::move(names), bytes.size());
  if (encrypted > 0) {
    reading.finding(place, FindingKind::encrypted,
                    fmt::format("{} of {} members are encrypted", encrypted, members));
  } else if (members == 0 && only != nullptr) {
    reading.finding(place, FindingKind::unsupported, "members packed in a way nobody here unpacks");
  }
}

}  // namespace

void read_archive(Reading& reading, const Place& place, std::string_view bytes, FileType type) {
  read_members(reading, place, bytes, type, nullptr);
}

void read_archive_members(Reading& reading, const Place& place, std::string_view bytes,
                          const std::set<std::string, std::less<>>& names) {
  read_members(reading, place, bytes, FileType::zip, &names);
}

}  // namespace weir::content
