#pragma once

#include <string_view>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// What `bytes` are. Linear in them at worst.
FileType detect_type(std::string_view bytes);

/// The readers, one a format. Each takes any bytes, emits what text it finds at `place`, and says
/// in findings what it could not read.
void read_zip(Reading& reading, const Place& place, std::string_view bytes);
/// Whatever libarchive opens; `packed`: a single file without a name of its own.
void read_archive(Reading& reading, const Place& place, std::string_view bytes, FileType type);
void read_html(Reading& reading, const Place& place, std::string_view bytes,
               std::string_view charset);
void read_xml(Reading& reading, const Place& place, std::string_view bytes);
void read_rtf(Reading& reading, const Place& place, std::string_view bytes);
void read_text(Reading& reading, const Place& place, std::string_view bytes,
               std::string_view charset, FileType type);
void read_mail(Reading& reading, const Place& place, std::string_view bytes);
void read_mailbox(Reading& reading, const Place& place, std::string_view bytes);
void read_pdf(Reading& reading, const Place& place, std::string_view bytes);
void read_picture(Reading& reading, const Place& place, std::string_view bytes);
/// A file that is one picture and nothing else.
void look_at_picture(Reading& reading, const Place& place, std::string_view bytes);
/// S/MIME.
void read_cms(Reading& reading, const Place& place, std::string_view bytes);
void read_ole2(Reading& reading, const Place& place, std::string_view bytes);
void read_tnef(Reading& reading, const Place& place, std::string_view bytes);
void read_font(Reading& reading, const Place& place, std::string_view bytes);
/// A font as Office files embed it. False if it is none.
bool read_embedded_font(Reading& reading, const Place& place, std::string_view bytes);
/// Of Windows or a Mac, as Office files keep them. False if they are none, or hold more than can be
/// read.
bool read_printer_settings(Reading& reading, const Place& place, std::string_view bytes);
/// False, with printable runs alone, if it cannot be unpacked.
bool read_packed_rtf(Reading& reading, const Place& place, std::string_view bytes);

/// Base64, hex and uuencoded blocks that stand in `text` are decoded and read as parts of their
/// own.
void read_encoded_blocks(Reading& reading, const Place& place, std::string_view text);

}  // namespace weir::content
