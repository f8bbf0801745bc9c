#include <algorithm>
#include <array>
#include <cstdint>

#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/readers.h"
#include "weir/content/header_block.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset = 0;
  std::string_view bytes;
  FileType type = FileType::unknown;
};
constexpr std::array kSignatures = {
    Signature{0, "PK\3\4"sv, FileType::zip},
    Signature{0, "PK\5\6"sv, FileType::zip},
    Signature{0, "PK\7\bPK\3\4"sv, FileType::zip},
    Signature{0, R"({\rt)"sv, FileType::rtf},
    Signature{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, FileType::ole2},
    Signature{0, "\x78\x9f\x3e\x22"sv, FileType::tnef},
    Signature{0, "Rar!\x1a\x07"sv, FileType::archive},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, FileType::archive},
    Signature{0, "MSCF\0\0\0\0"sv, FileType::archive},
    Signature{0, "xar!"sv, FileType::archive},
    Signature{0, "!<arch>\n"sv, FileType::archive},
    Signature{0, "070701"sv, FileType::archive},
    Signature{0, "070707"sv, FileType::archive},
    Signature{0, "\xed\xab\xee\xdb"sv, FileType::archive},
    Signature{257, "ustar"sv, FileType::archive},
    Signature{32769, "CD001"sv, FileType::archive},
    Signature{2, "-lh"sv, FileType::archive},
    Signature{0, "\x1f\x8b"sv, FileType::packed},
    Signature{0, "\x1f\x9d"sv, FileType::packed},
    Signature{0, "BZh"sv, FileType::packed},
    Signature{0, "\xfd\x37zXZ\0"sv, FileType::packed},
    Signature{0, "\x28\xb5\x2f\xfd"sv, FileType::packed},
    Signature{0, "\x04\x22\x4d\x18"sv, FileType::packed},
    Signature{0, "LZIP"sv, FileType::packed},
    Signature{0, "\x5d\0\0"sv, FileType::packed},
    Signature{0, "\x89PNG\r\n"sv, FileType::picture},
    Signature{0, "\xff\xd8\xff"sv, FileType::picture},
    Signature{0, "GIF8"sv, FileType::picture},
    Signature{0, "II*\0"sv, FileType::picture},
    Signature{0, "MM\0*"sv, FileType::picture},
    Signature{0, "8BPS"sv, FileType::picture},
    Signature{0, "\xd7\xcd\xc6\x9a"sv, FileType::picture},
    Signature{40, " EMF"sv, FileType::picture},
    Signature{0, "\1\0\x09\0\0\3"sv, FileType::picture},
    Signature{0, "VCLMTF"sv, FileType::picture},
    Signature{8, "WEBP"sv, FileType::picture},
    Signature{4, "ftyphei"sv, FileType::picture},
    Signature{4, "ftypmif"sv, FileType::picture},
    Signature{4, "ftypavif"sv, FileType::picture},
    Signature{4, "ftyp"sv, FileType::media},
    Signature{8, "WAVE"sv, FileType::media},
    Signature{8, "AVI "sv, FileType::media},
    Signature{0, "ID3"sv, FileType::media},
    Signature{0, "OggS"sv, FileType::media},
    Signature{0, "fLaC"sv, FileType::media},
    Signature{0, "FLV\1"sv, FileType::media},
    Signature{0, "\x1a\x45\xdf\xa3"sv, FileType::media},
    Signature{0, "\xff\xfb"sv, FileType::media},
    Signature{0, "\0\1\0\0\0"sv, FileType::font},
    Signature{0, "OTTO\0"sv, FileType::font},
    Signature{0, "wOFF"sv, FileType::font},
    Signature{0, "wOF2"sv, FileType::font},
    Signature{0, "\x7f\x45LF"sv, FileType::program},
    Signature{0, "\xca\xfe\xba\xbe"sv, FileType::program},
    Signature{0, "-----BEGIN PGP MESSAGE-----"sv, FileType::pgp},
};

bool contains_ignoring_case(std::string_view text, std::string_view lower) {
  const auto found = std::ranges::search(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  return !found.empty();
}

/// Header fields at the front, two of them such as only mail has.
bool is_mail(std::string_view bytes) {
  constexpr std::array<std::string_view, 13> kFields = {
      "From",         "To",         "Subject",     "Date",         "Received", "MIME-Version", "Cc",
      "Content-Type", "Message-ID", "Return-Path", "Delivered-To", "Reply-To", "X-Mailer"};
  const HeaderBlock header =
      split_header(bytes.substr(0, 16u << 10), {.fields = 60, .bytes = 8192});
  const auto known = std::ranges::count_if(
      kFields, [&](std::string_view field) { return !header.find(field).empty(); });
  if (header.fields.empty()) return false;
  const bool one_part = !header.find("Content-Type").empty() &&
                        header.find("Content-Type").contains('/') && header.fields.size() <= 6;
  return known >= 2 || one_part;
}

bool is_subtitles(std::string_view text) {
  if (text.starts_with("WEBVTT")) return true;
  // "1", then "00:00:01,000 --> 00:00:02,000"
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !parse_u64(trim(text.substr(0, end)))) return false;
  const std::string_view times = text.substr(end + 1, 40);
  return times.size() > 16 && times[2] == ':' && times.contains("-->");
}

/// Of something whose bytes are text.
FileType text_type(std::string_view bytes) {
  std::string converted;
  std::string_view look = bytes.substr(0, 4096);
  if (look.starts_with("\xef\xbb\xbf")) look.remove_prefix(3);
  if (look.contains('\0')) {
    converted = to_utf8(look, guess_charset(look)).value_or("");
    look = converted;
  }
  while (!look.empty() && static_cast<unsigned char>(look.front()) <= ' ') look.remove_prefix(1);

  if (is_subtitles(look)) return FileType::subtitles;
  const std::string_view early = look.substr(0, 1024);
  constexpr std::array<std::string_view, 9> kHtml = {
      "<!doctype html", "<html", "<head", "<body", "<table", "<div", "<p>", "<script", "<meta "};
  if (look.starts_with('<')) {
    if (std::ranges::any_of(
            kHtml, [&](std::string_view tag) { return contains_ignoring_case(early, tag); })) {
      // XHTML goes to the reader of HTML; other XML may well have a <p> or <table>.
      const bool is_xml = look.starts_with("<?xml") && !contains_ignoring_case(early, "<html") &&
                          !contains_ignoring_case(early, "<!doctype html");
      return is_xml ? FileType::xml : FileType::html;
    }
    // Its first outline may be longer than what is looked at.
    if (look.starts_with("<?xml") || contains_ignoring_case(early, "<svg")) return FileType::xml;
    const char next = look.size() > 1 ? look[1] : ' ';
    const bool tag = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '!';
    if (tag && (look.contains("</") || look.contains("/>"))) {
      return look.starts_with("<!--") ? FileType::html : FileType::xml;
    }
  }
  if (look.starts_with("From ") && look.contains('\n') &&
      is_mail(look.substr(look.find('\n') + 1))) {
    return FileType::mailbox;
  }
  return is_mail(look) ? FileType::mail : FileType::text;
}

/// DER: a sequence that begins with the object identifier of PKCS #7, 1.2.840.113549.1.7.x.
bool is_cms(std::string_view bytes) {
  return bytes.starts_with('\x30') &&
         bytes.substr(0, 24).contains("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"sv);
}

/// "BM" alone begins many a text; the header that follows has few lengths.
bool is_bitmap(std::string_view bytes) {
  return bytes.size() > 26 && bytes.starts_with("BM") &&
         "\x0c\x28\x34\x38\x40\x6c\x7c"sv.contains(bytes[14]) && bytes.substr(15, 3) == "\0\0\0"sv;
}

/// Before POSIX tar had no signature, only a checksum of its header.
bool is_old_tar(std::string_view bytes) {
  if (bytes.size() < 512 || bytes[0] == '\0') return false;
  std::uint64_t sum = 0;
  std::uint64_t said = 0;
  for (std::size_t i = 0; i < 512; ++i) {
    sum += i >= 148 && i < 156 ? 0x20u : static_cast<unsigned char>(bytes[i]);
  }
  for (const char c : bytes.substr(148, 8)) {
    if (c >= '0' && c <= '7') said = said * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return said == sum && said > 256;
}

}  // namespace

FileType detect_type(std::string_view bytes) {
  if (bytes.empty()) return FileType::empty;
  for (const Signature& signature : kSignatures) {
    if (bytes.size() > signature.offset &&
        bytes.substr(signature.offset).starts_with(signature.bytes)) {
      return signature.type;
    }
  }
  // Readers forgive what stands in front of the header.
  if (bytes.substr(0, 1024).contains("%PDF-")) return FileType::pdf;
  if (is_bitmap(bytes)) return FileType::picture;
  if (is_cms(bytes)) return FileType::cms;
  if (is_old_tar(bytes)) return FileType::archive;
  if (bytes.starts_with("MZ") && bytes.substr(0, 1024).contains("\0\0"sv)) {
    // A self-extracting archive is a program with the archive behind it.
    return bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 66'000))
                   .contains("PK\5\6"sv)
               ? FileType::zip
               : FileType::program;
  }
  if (looks_like_text(bytes)) return text_type(bytes);
  // What hides in front of a zip: its directory stands at the end.
  if (bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 66'000))
          .contains("PK\5\6"sv)) {
    return FileType::zip;
  }
  return FileType::unknown;
}

}  // namespace weir::content
