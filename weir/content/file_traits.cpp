#include "weir/content/file_traits.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "weir/base/text.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/zip_directory.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

/// Documents put a part of theirs in front that archives do not have.
bool is_zip_document(std::string_view bytes) {
  constexpr std::array<std::string_view, 10> kFirst = {
      "[Content_Types].xml",  "_rels/",    "docProps/",          "word/", "xl/", "ppt/", "mimetype",
      "META-INF/MANIFEST.MF", "META-INF/", "AndroidManifest.xml"};
  const std::string_view name = bytes.substr(std::min<std::size_t>(30, bytes.size()));
  return std::ranges::any_of(kFirst,
                             [&](std::string_view first) { return name.starts_with(first); });
}

bool is_encrypted_zip(std::string_view bytes) {
  constexpr std::size_t kMostEntries = 10'000;
  return std::ranges::any_of(read_zip_directory(bytes, kMostEntries).entries, &ZipEntry::encrypted);
}

bool is_encrypted_rar(std::string_view bytes) {
  const auto at = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  // Version 5: the first block is the encryption header, type 4, behind CRC and size.
  if (bytes.starts_with("Rar!\x1a\x07\x01\0"sv)) return at(13) == 4;
  // Version 4: flag 0x80 of the archive header encrypts names, flag 4 of the first file its
  // content.
  return (at(10) & 0x80u) != 0 || (at(22) == 0x74 && (at(23) & 4u) != 0);
}

bool is_encrypted_archive(std::string_view bytes) {
  if (bytes.starts_with("Rar!")) return is_encrypted_rar(bytes);
  // 7z: the coder AES-256, where the header that names it is not packed itself.
  return bytes.starts_with("7z\xbc\xaf"sv) &&
         bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 65'536))
             .contains("\x06\xf1\x07\x01"sv);
}

bool is_encrypted(FileType type, std::string_view bytes) {
  switch (type) {
    case FileType::zip:
      return is_encrypted_zip(bytes);
    case FileType::archive:
      return is_encrypted_archive(bytes);
    case FileType::ole2:
      return bytes.contains("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv);
    case FileType::pdf:
      return bytes.contains("/Encrypt "sv) || bytes.contains("/Encrypt<<"sv);
    case FileType::cms:  // PKCS #7 enveloped data (1.2.840.113549.1.7.3)
      return bytes.substr(0, 64).contains("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"sv);
    default:
      return bytes.substr(0, 256).contains("-----BEGIN PGP MESSAGE-----"sv);
  }
}

std::string extension_of(std::string_view name) {
  name = name.substr(std::min(name.find_last_of("/\\") + 1, name.size()));
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : to_lower_ascii(name.substr(dot + 1));
}

/// What an extension promises: kinds that programs open alike are one.
enum class Promise : std::uint8_t { pdf, office, office97, picture, zip, media, text };
struct Extension {
  std::string_view name;
  Promise promise;
};
constexpr std::array kExtensions = {
    Extension{"pdf", Promise::pdf},      Extension{"docx", Promise::office},
    Extension{"xlsx", Promise::office},  Extension{"pptx", Promise::office},
    Extension{"odt", Promise::office},   Extension{"ods", Promise::office},
    Extension{"odp", Promise::office},   Extension{"doc", Promise::office97},
    Extension{"xls", Promise::office97}, Extension{"ppt", Promise::office97},
    Extension{"jpg", Promise::picture},  Extension{"jpeg", Promise::picture},
    Extension{"png", Promise::picture},  Extension{"gif", Promise::picture},
    Extension{"tif", Promise::picture},  Extension{"tiff", Promise::picture},
    Extension{"zip", Promise::zip},      Extension{"mp3", Promise::media},
    Extension{"mp4", Promise::media},    Extension{"mov", Promise::media},
    Extension{"wav", Promise::media},    Extension{"txt", Promise::text},
    Extension{"log", Promise::text},     Extension{"csv", Promise::text},
    Extension{"htm", Promise::text},     Extension{"html", Promise::text},
    Extension{"xml", Promise::text},     Extension{"ics", Promise::text},
    Extension{"vcf", Promise::text},     Extension{"json", Promise::text},
};

/// Text of any kind, and what has no signature.
bool is_plain(FileType type) {
  return type <= FileType::xml || type == FileType::mail || type == FileType::mailbox ||
         type == FileType::pgp;
}

bool keeps(Promise promise, FileType type, bool zip_document) {
  switch (promise) {
    case Promise::pdf:
      return type == FileType::pdf;
    case Promise::office:
      return type == FileType::ole2 || type == FileType::rtf || type == FileType::zip;
    case Promise::office97:
      return type == FileType::ole2 || type == FileType::rtf ||
             (type == FileType::zip && zip_document) || is_plain(type);
    case Promise::picture:
      return type == FileType::picture;
    case Promise::zip:
      return type == FileType::zip;
    case Promise::media:
      return type == FileType::media || is_plain(type);
    case Promise::text:
      break;
  }
  return is_plain(type);
}

bool is_renamed(std::string_view name, FileType type, bool zip_document) {
  const std::string extension = extension_of(name);
  const auto known = std::ranges::find(kExtensions, std::string_view(extension), &Extension::name);
  return known != kExtensions.end() && !keeps(known->promise, type, zip_document);
}

}  // namespace

FileTraits inspect_file(std::string_view name, std::string_view bytes) {
  if (bytes.empty()) return {};
  const FileType type = detect_type(bytes);
  const bool zip_document = type == FileType::zip && is_zip_document(bytes);
  return {.is_archive = (type == FileType::zip && !zip_document) || type == FileType::archive ||
                        type == FileType::packed,
          .is_encrypted = is_encrypted(type, bytes),
          .is_renamed = is_renamed(name, type, zip_document)};
}

}  // namespace weir::content
