#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

/// What bytes are, told by the bytes alone, never by a name.
enum class FileType : std::uint8_t {
  unknown,
  empty,
  text,
  subtitles,  // WebVTT, SubRip
  html,
  xml,
  rtf,
  mail,
  mailbox,
  pdf,
  word,      // OOXML, and so the next two
  sheet,     //
  slides,    //
  document,  // OpenDocument: text, spreadsheet, presentation, drawing
  book,      // EPUB
  course,    // SCORM, H5P
  zip,
  archive,  // tar, 7z, rar, cab, iso, cpio, ar …
  packed,   // one file: gz, bz2, xz, zst …
  ole2,     // Word, Excel, PowerPoint before 2007; Outlook messages; encrypted OOXML
  tnef,     // winmail.dat
  cms,      // S/MIME
  pgp,      //
  picture,  //
  media,    // sound, film
  font,     //
  program,  //
  last = program,
};
std::string_view to_string(FileType type);

/// What a part is to the reader of the document it stands in.
enum class PartKind : std::uint8_t {
  body,
  header_footer,
  comment,
  note,         // footnotes, speaker's notes
  deletion,     // tracked, still in the file
  formula,      //
  properties,   // title, author, labels, mail headers
  alternative,  // said of pictures and links
  script,       // scripts, style sheets, field codes, macros
  names,        // of the members of a container, one a line
  decoded,      // base64, hex or the like that stood in a text
  salvaged,     // printable runs of what could not be read properly
  recognised,   // read off a picture by OCR: words may be wrong
  last = recognised,
};
std::string_view to_string(PartKind kind);

/// A piece of text and where it stood.
struct Part {
  /// "course.zip › ppt/slides/slide7.xml": names as the file gives them, made printable.
  std::string path;
  FileType type = FileType::unknown;
  PartKind kind = PartKind::body;
  /// Whoever opens the document does not see it: hidden sheet, slide, row or text, white or tiny
  /// letters, HTML that is not shown, comments of markup.
  bool hidden = false;
  std::string text;  // UTF-8, always valid
  /// Of the file or member it was read from, unpacked.
  std::uint64_t bytes = 0;
};

/// Why something could not be read, or not whole. Each means: not inspected, so not clean.
enum class FindingKind : std::uint8_t {
  encrypted,
  corrupt,           // not what its format promises; what could be read was
  too_deep,          // containers in containers
  too_big,           // more bytes than may be unpacked, or more text than may be kept
  too_many_members,  //
  bomb,              // unpacks to suspiciously much
  timed_out,         //
  unsupported,       // a known format nobody here reads
  unreadable,        // no format known, or the reader died of it
  last = unreadable,
};
std::string_view to_string(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::unreadable;
  std::string path;    // as in Part
  std::string reason;  // one line, for people
};

/// A file in the document, of any kind and at any depth: to tell whether it is one that is known.
/// The document itself is among them only with its pieces, and without a digest: whoever asks has
/// its bytes.
struct FileDigest {
  std::string path;                        // as in Part
  std::array<unsigned char, 32> digest{};  // BLAKE2b-256 of its bytes, unpacked
  /// Of a picture, a film, a program or what nobody knows: hashes of its pieces, so that a part of
  /// it is known as well (`detail/pieces.h`).
  std::vector<std::uint64_t> pieces;
};

/// A member whose content is encrypted, as the directory of its archive shows it in the clear.
struct SealedMember {
  std::string path;
  std::uint64_t bytes = 0;  // unpacked
  std::uint32_t crc32 = 0;  // of the unpacked content; 0 where the format hides it (AE-2)
};

/// All that came out of one document.
struct Extraction {
  FileType type = FileType::unknown;
  std::vector<Part> parts;
  std::vector<Finding> findings;
  std::vector<SealedMember> sealed;
  std::vector<FileDigest> files;

  /// Everything in it was read. False is never "clean".
  bool is_complete() const { return findings.empty(); }
};

}  // namespace weir::content
