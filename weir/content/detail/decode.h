#pragma once

#include <string>
#include <string_view>

namespace weir::content {

/// The delicate decodings of MIME, by GMime. Nothing here fails: what cannot be decoded is given
/// as far as it could be, or as it stands. Thread-safe once `start_decoding` has returned.

/// Starts GMime, once a process. Call it before anything else here.
void start_decoding();

/// A Content-Type or Content-Disposition with its parameters (RFC 2045, 2183, 2231).
struct Typed {
  std::string type;     // lower case: "text", "attachment"
  std::string subtype;  // lower case: "plain"; empty for a disposition
  std::string boundary;
  std::string charset;
  std::string name;  // of `name` or `filename`, decoded, UTF-8

  bool is(std::string_view t, std::string_view s) const { return type == t && subtype == s; }
};
Typed decode_content_type(std::string_view value);
Typed decode_disposition(std::string_view value);

/// Undoes base64, quoted-printable or uuencode, as Content-Transfer-Encoding names it. `body` as it
/// stands where nothing is to undo; else a view into `buffer`.
std::string_view decode_transfer(std::string_view encoding, std::string_view body,
                                 std::string& buffer);

/// To UTF-8; as it stands if the character set is unknown.
std::string decode_charset(std::string_view charset, std::string_view text);

/// Encoded words (RFC 2047) and raw 8-bit characters of an unfolded header; valid UTF-8 comes out.
std::string decode_header_text(const std::string& value);

}  // namespace weir::content
