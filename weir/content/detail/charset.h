#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::content {

/// Character sets, by ICU. Thread-safe.

/// `bytes` in the named set as UTF-8, undecodable ones as U+FFFD; empty if the name is unknown.
std::optional<std::string> to_utf8(std::string_view bytes, const char* charset);

/// The set of `bytes` by byte order mark, well-formedness and, failing these, ICU's statistics of
/// the first 64 KiB; "windows-1252" if nothing is likelier. A view of a constant, or of ICU's own
/// names.
const char* guess_charset(std::string_view bytes);

/// UTF-8 from whatever it is. A name from outside is believed where it decodes, unless a byte order
/// mark or plain UTF-8 says otherwise: labels lie, and both readings of such a file are the same.
std::string decode_text(std::string_view bytes, std::string_view said_charset);

/// Invalid bytes as U+FFFD; NUL dropped.
std::string make_valid(std::string text);

/// How many bytes are control characters of ASCII, those in `but` left out.
std::size_t count_controls(std::string_view bytes, std::string_view but);

/// Of text in some character set, at least nine in ten of the first 8 KiB are no control
/// characters.
bool looks_like_text(std::string_view bytes);

/// One code point, appended; U+FFFD for what is none.
void append_utf8(char32_t c, std::string& out);

}  // namespace weir::content
