#include "weir/content/detail/part_walk.h"

#include <algorithm>

#include "weir/base/hash.h"
#include "weir/base/text.h"
#include "weir/content/file_traits.h"

namespace weir::content {
namespace {

constexpr std::size_t kMaxBoundary = 1000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f' || c == '\0';
}

/// Appends the words of `text`, a blank between them.
void append_words(std::string_view text, std::string& out) {
  bool blank = true;
  if (!out.empty()) out += ' ';
  for (const char c : text) {
    if (is_blank(c)) {
      blank = true;
      continue;
    }
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
    blank = false;
    out += c;
  }
  while (out.ends_with(' ')) out.pop_back();
}

}  // namespace

std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                          std::size_t limit) {
  std::vector<std::string_view> parts;
  boundary = trim(boundary);
  if (boundary.empty() || boundary.size() > kMaxBoundary) return parts;
  const std::string delimiter = "--" + std::string(boundary);
  std::size_t part = std::string_view::npos;  // where the current one begins
  for (std::size_t at = 0; at < body.size();) {
    if (body.compare(at, delimiter.size(), delimiter) == 0) {
      const std::size_t after = at + delimiter.size();
      const std::size_t line_end = std::min(body.find('\n', after), body.size());
      const std::string_view rest = trim(body.substr(after, line_end - after));
      const bool is_last = rest.starts_with("--");
      if (rest.empty() || is_last) {
        if (part != std::string_view::npos) {
          // The line break in front of the boundary belongs to it.
          std::size_t end = at;
          if (end > part && body[end - 1] == '\n') --end;
          if (end > part && body[end - 1] == '\r') --end;
          parts.push_back(body.substr(part, end - part));
          if (parts.size() >= limit) return parts;
        }
        if (is_last) return parts;
        part = std::min(line_end + 1, body.size());
      }
    }
    // Boundaries stand at the start of a line: only those are looked at.
    const std::size_t next = body.find("\n--", at);
    if (next == std::string_view::npos) break;
    at = next + 1;
  }
  // Without its last boundary the message was cut off; what is there counts.
  if (part != std::string_view::npos) parts.push_back(body.substr(part));
  return parts;
}

void PartWalk::message_body(const HeaderBlock& header) { part(header, 0, false, false); }

void PartWalk::part(const HeaderBlock& header, unsigned depth, bool nested, bool in_digest) {
  if (++parts_ > limits_.parts || depth > limits_.depth) {
    message_.complete = false;
    return;
  }
  if (!header.complete) message_.complete = false;
  Part p{header, decode_content_type(unfold(header.find("Content-Type"))),
         decode_disposition(unfold(header.find("Content-Disposition"))), depth, nested};
  if (p.type.type.empty()) {
    p.type.type = in_digest ? "message" : "text";
    p.type.subtype = in_digest ? "rfc822" : "plain";
  }
  if (p.type.type == "multipart") return multipart(p);

  std::string buffer;
  const std::string_view content =
      decode_transfer(unfold(header.find("Content-Transfer-Encoding")), header.body, buffer);
  if (p.type.is("message", "rfc822") || p.type.is("message", "global") ||
      p.type.is("message", "news")) {
    return attached_message(p, content);
  }
  const bool is_file = p.disposition.type == "attachment" || !p.name().empty();
  if (p.type.type == "text" && !is_file) return text(p, content);
  const bool says_nothing =
      p.type.is("application", "pgp-signature") || p.type.is("application", "pkcs7-signature") ||
      p.type.is("application", "x-pkcs7-signature") || p.type.is("application", "pgp-encrypted") ||
      p.type.is("message", "delivery-status");
  if (!says_nothing) attachment(p.name(), content);
}

void PartWalk::multipart(const Part& p) {
  const bool encrypted = p.type.subtype == "encrypted";
  if (encrypted && !p.nested) message_.is_encrypted = true;
  if (p.type.subtype == "report" && !p.nested) message_.is_automatic = true;
  const std::size_t room = limits_.parts - std::min(parts_, limits_.parts);
  const std::vector<std::string_view> parts = split_parts(p.header.body, p.type.boundary, room + 1);
  if (parts.empty()) return text(p, p.header.body);  // no boundary: programs show it as text
  for (const std::string_view inner : parts) {
    part(split_header(inner, limits_.header), p.depth + 1, p.nested, p.type.subtype == "digest");
    if (parts_ > limits_.parts) return;
  }
}

void PartWalk::attached_message(const Part& p, std::string_view content) {
  const HeaderBlock header = split_header(content, limits_.header);
  std::string name = p.name();
  if (name.empty()) name = decode_header_text(unfold(header.find("Subject"))) + ".eml";
  attachment(std::move(name), content);
  part(header, p.depth + 1, true, false);
}

void PartWalk::text(const Part& p, std::string_view content) {
  if (p.nested) return;
  if (content.substr(0, 4096).contains("-----BEGIN PGP MESSAGE-----")) message_.is_encrypted = true;
  std::string& out = p.type.is("text", "plain") || p.type.type == "multipart" ? plain_ : other_;
  if (content.size() > limits_.text_bytes - std::min(text_bytes_, limits_.text_bytes)) {
    message_.complete = false;
    const Digest digest = blake2b(content);
    out.append(digest.begin(), digest.end());
    return;
  }
  text_bytes_ += content.size();
  append_words(decode_charset(p.type.charset, content), out);
}

void PartWalk::attachment(std::string name, std::string_view content) {
  if (message_.attachments.size() >= limits_.attachments) {
    message_.complete = false;
    return;
  }
  const FileTraits traits = inspect_file(name, content);
  MimeMessage::Attachment& kept = message_.attachments.emplace_back();
  kept.name = std::move(name);
  kept.bytes = content.size();
  kept.digest = blake2b(content);
  kept.is_archive = traits.is_archive;
  kept.is_encrypted = traits.is_encrypted;
  kept.is_renamed = traits.is_renamed;
}

void PartWalk::finish() { message_.body_digest = blake2b(plain_.empty() ? other_ : plain_); }

}  // namespace weir::content
