#include "weir/content/file_traits.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "weir/base/bytes.h"
#include "weir/base/text.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

enum class Kind : std::uint8_t {
  unknown,
  zip,           // and nothing more is known of it
  zip_document,  // OOXML, ODF, jar, apk …
  rar,
  seven_zip,
  packed,  // gz, bz2, xz, zst
  tar,
  cab,
  pdf,
  ole2,  // doc, xls, ppt, msg; encrypted OOXML
  rtf,
  image,
  media,
  program,
};

struct Signature {
  std::size_t offset = 0;
  std::string_view bytes;
  Kind kind = Kind::unknown;
};
constexpr std::array kSignatures = {
    Signature{0, "Rar!\x1a\x07"sv, Kind::rar},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, Kind::seven_zip},
    Signature{0, "\x1f\x8b\x08"sv, Kind::packed},
    Signature{0, "BZh"sv, Kind::packed},
    Signature{0,
              "\xfd"
              "7zXZ\0"sv,
              Kind::packed},
    Signature{0, "\x28\xb5\x2f\xfd"sv, Kind::packed},
    Signature{257, "ustar"sv, Kind::tar},
    Signature{0, "MSCF\0\0\0\0"sv, Kind::cab},
    Signature{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, Kind::ole2},
    Signature{0, R"({\rtf)"sv, Kind::rtf},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, Kind::image},
    Signature{0, "\xff\xd8\xff"sv, Kind::image},
    Signature{0, "GIF8"sv, Kind::image},
    Signature{0, "II*\0"sv, Kind::image},
    Signature{0, "MM\0*"sv, Kind::image},
    Signature{8, "WEBP"sv, Kind::image},
    Signature{4, "ftyphei"sv, Kind::image},
    Signature{4, "ftypmif"sv, Kind::image},
    Signature{0, "ID3"sv, Kind::media},
    Signature{4, "ftyp"sv, Kind::media},
    Signature{8, "WAVE"sv, Kind::media},
    Signature{8, "AVI "sv, Kind::media},
    Signature{0, "OggS"sv, Kind::media},
    Signature{0,
              "\x7f"
              "ELF"sv,
              Kind::program},
};

std::uint16_t u16_at(std::string_view bytes, std::size_t at) {
  return ByteReader(bytes.substr(std::min(at, bytes.size()))).fixed<std::uint16_t>();
}
std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  return ByteReader(bytes.substr(std::min(at, bytes.size()))).fixed<std::uint32_t>();
}

/// Documents put a part of theirs in front that archives do not have.
bool is_zip_document(std::string_view bytes) {
  constexpr std::array<std::string_view, 10> kFirst = {
      "[Content_Types].xml",  "_rels/",    "docProps/",          "word/", "xl/", "ppt/", "mimetype",
      "META-INF/MANIFEST.MF", "META-INF/", "AndroidManifest.xml"};
  const std::string_view name = bytes.substr(std::min<std::size_t>(30, bytes.size()));
  return std::ranges::any_of(kFirst,
                             [&](std::string_view first) { return name.starts_with(first); });
}

Kind kind_of(std::string_view bytes) {
  if (bytes.starts_with("PK\3\4"sv) || bytes.starts_with("PK\5\6"sv)) {
    return is_zip_document(bytes) ? Kind::zip_document : Kind::zip;
  }
  // Readers forgive bytes before the header.
  if (bytes.substr(0, 1024).contains("%PDF-")) return Kind::pdf;
  for (const Signature& signature : kSignatures) {
    if (bytes.size() > signature.offset &&
        bytes.substr(signature.offset).starts_with(signature.bytes)) {
      return signature.kind;
    }
  }
  if (bytes.starts_with("MZ") && bytes.size() >= 64 &&
      bytes.substr(std::min<std::size_t>(u32_at(bytes, 60), bytes.size())).starts_with("PE")) {
    return Kind::program;
  }
  if (bytes.starts_with("BM") && bytes.size() > 14 && u32_at(bytes, 2) == bytes.size()) {
    return Kind::image;
  }
  return Kind::unknown;
}

/// Bit 0 of an entry's flags, in the central directory or, without one, in the first entry.
bool is_encrypted_zip(std::string_view bytes) {
  constexpr std::size_t kMostEntries = 10'000;
  constexpr std::size_t kEntryBytes = 46;
  if (bytes.starts_with("PK\3\4"sv) && (u16_at(bytes, 6) & 1) != 0) return true;
  const std::string_view tail =
      bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 66'000));
  const std::size_t end = tail.rfind("PK\5\6"sv);
  if (end == std::string_view::npos || end + 22 > tail.size()) return false;
  const std::uint32_t directory = u32_at(tail, end + 16);
  if (directory >= bytes.size()) return false;
  std::string_view rest = bytes.substr(directory);
  for (std::size_t i = 0; i < kMostEntries; ++i) {
    if (!rest.starts_with("PK\1\2"sv) || rest.size() < kEntryBytes) return false;
    if ((u16_at(rest, 8) & 1) != 0) return true;
    const std::size_t size = kEntryBytes + u16_at(rest, 28) + u16_at(rest, 30) + u16_at(rest, 32);
    rest.remove_prefix(std::min(size, rest.size()));
  }
  return false;
}

bool is_encrypted_rar(std::string_view bytes) {
  if (bytes.starts_with("Rar!\x1a\x07\x01\0"sv)) {
    // Version 5: the first block is the encryption header, type 4, behind CRC and size.
    return bytes.size() > 13 && bytes[13] == 4;
  }
  // Version 4: flag 0x80 of the archive header encrypts names, flag 4 of the first file its
  // content.
  if ((u16_at(bytes, 10) & 0x80) != 0) return true;
  return bytes.size() > 25 && bytes[22] == 0x74 && (u16_at(bytes, 23) & 4) != 0;
}

bool is_encrypted(Kind kind, std::string_view bytes) {
  switch (kind) {
    case Kind::zip:
    case Kind::zip_document:
      return is_encrypted_zip(bytes);
    case Kind::rar:
      return is_encrypted_rar(bytes);
    case Kind::seven_zip:
      // The coder AES-256, where the header that names it is not packed itself.
      return bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 65'536))
          .contains("\x06\xf1\x07\x01"sv);
    case Kind::ole2:
      return bytes.contains("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv);
    case Kind::pdf:
      return bytes.contains("/Encrypt "sv) || bytes.contains("/Encrypt<<"sv);
    default:
      break;
  }
  // PKCS #7 enveloped data (1.2.840.113549.1.7.3), PGP armour.
  return bytes.substr(0, 64).contains("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"sv) ||
         bytes.substr(0, 256).contains("-----BEGIN PGP MESSAGE-----"sv);
}

std::string extension_of(std::string_view name) {
  name = name.substr(std::min(name.find_last_of("/\\") + 1, name.size()));
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : to_lower_ascii(name.substr(dot + 1));
}

struct Promise {
  std::string_view extension;
  std::array<Kind, 4> kinds;  // unknown: free to be anything without a signature
};
constexpr std::array kOffice = {Kind::ole2, Kind::zip_document, Kind::rtf, Kind::zip};
constexpr std::array kOffice97 = {Kind::ole2, Kind::zip_document, Kind::rtf, Kind::unknown};
constexpr std::array kImage = {Kind::image, Kind::image, Kind::image, Kind::image};
constexpr std::array kText = {Kind::unknown, Kind::unknown, Kind::unknown, Kind::unknown};
constexpr std::array kZip = {Kind::zip, Kind::zip_document, Kind::zip, Kind::zip};
constexpr std::array kPdf = {Kind::pdf, Kind::pdf, Kind::pdf, Kind::pdf};
constexpr std::array kMedia = {Kind::media, Kind::media, Kind::media, Kind::unknown};
constexpr std::array kPromises = {
    Promise{"pdf", kPdf},      Promise{"docx", kOffice},  Promise{"xlsx", kOffice},
    Promise{"pptx", kOffice},  Promise{"odt", kOffice},   Promise{"ods", kOffice},
    Promise{"odp", kOffice},   Promise{"doc", kOffice97}, Promise{"xls", kOffice97},
    Promise{"ppt", kOffice97}, Promise{"jpg", kImage},    Promise{"jpeg", kImage},
    Promise{"png", kImage},    Promise{"gif", kImage},    Promise{"tif", kImage},
    Promise{"tiff", kImage},   Promise{"zip", kZip},      Promise{"mp3", kMedia},
    Promise{"mp4", kMedia},    Promise{"mov", kMedia},    Promise{"wav", kMedia},
    Promise{"txt", kText},     Promise{"log", kText},     Promise{"csv", kText},
    Promise{"htm", kText},     Promise{"html", kText},    Promise{"xml", kText},
    Promise{"ics", kText},     Promise{"vcf", kText},     Promise{"json", kText},
};

bool is_renamed(std::string_view name, Kind kind) {
  const std::string extension = extension_of(name);
  const auto promise =
      std::ranges::find(kPromises, std::string_view(extension), &Promise::extension);
  if (promise == kPromises.end()) return false;
  return std::ranges::find(promise->kinds, kind) == promise->kinds.end();
}

}  // namespace

FileTraits inspect_file(std::string_view name, std::string_view bytes) {
  if (bytes.empty()) return {};
  const Kind kind = kind_of(bytes);
  const bool archive = kind == Kind::zip || kind == Kind::rar || kind == Kind::seven_zip ||
                       kind == Kind::packed || kind == Kind::tar || kind == Kind::cab;
  return {.is_archive = archive,
          .is_encrypted = is_encrypted(kind, bytes),
          .is_renamed = is_renamed(name, kind)};
}

}  // namespace weir::content
