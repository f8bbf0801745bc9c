#include <algorithm>
#include <array>

#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/decode.h"
#include "weir/content/detail/part_walk.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

constexpr unsigned kMaxNesting = 32;
constexpr std::size_t kMostParts = 20'000;

/// Names that stand in every mail are nobody's words, and in the manuals that somebody protects.
bool is_usual(std::string_view name) {
  constexpr std::array<std::string_view, 18> kUsual = {
      "From",        "To",           "Cc",
      "Bcc",         "Date",         "Received",
      "Return-Path", "Reply-To",     "Sender",
      "Message-ID",  "References",   "In-Reply-To",
      "X-Mailer",    "Delivered-To", "MIME-Version",
      "User-Agent",  "Content-Type", "Content-Transfer-Encoding"};
  return std::ranges::any_of(
      kUsual, [&](std::string_view usual) { return equals_ignoring_case(name, usual); });
}

/// A message: its header's texts, its bodies, and all that is attached, each read by what it is.
class MailReading {
 public:
  explicit MailReading(Reading& reading) : reading_(reading) {}

  void message(const Place& place, std::string_view bytes, unsigned nesting) {
    const HeaderBlock header = split_header(bytes, {});
    std::string texts;  // of every field: whoever sends a mail can write into any of them
    for (const HeaderBlock::Field& field : header.fields) {
      if (!is_usual(field.name)) texts.append(field.name).append(": ");
      texts.append(decode_header_text(unfold(field.value))).append("\n");
    }
    if (!header.complete) {
      reading_.finding(place, FindingKind::too_big, "a mail header too long to be read whole");
    }
    reading_.part(place, FileType::mail, PartKind::properties, std::move(texts), bytes.size());
    part(place, header, nesting);
    if (nesting > 0) return;
    reading_.part(place, FileType::mail, PartKind::properties, std::move(part_headers_),
                  bytes.size(), true);
  }

 private:
  void part(const Place& place, const HeaderBlock& header, unsigned nesting) {
    if (++parts_ > kMostParts || !reading_.take_member(place)) return;
    if (nesting > kMaxNesting) {
      return reading_.finding(place, FindingKind::too_deep, "parts in parts of a mail; not read");
    }
    const Typed type = decode_content_type(unfold(header.find("Content-Type")));
    const Typed disposition = decode_disposition(unfold(header.find("Content-Disposition")));
    if (type.type == "multipart") return multipart(place, header, type, nesting);

    std::string buffer;
    const std::string_view content =
        decode_transfer(unfold(header.find("Content-Transfer-Encoding")), header.body, buffer);
    const std::string& name = disposition.name.empty() ? type.name : disposition.name;
    const bool attached = !name.empty() || disposition.type == "attachment";
    if (type.type == "message") {
      return message(place.within(name.empty() ? "message" : name), content, nesting + 1);
    }
    if (!attached && (type.type.empty() || type.type == "text")) {
      return body(place, type, content);
    }
    if (attached) {
      reading_.part(place, FileType::mail, PartKind::names, name, content.size());
      // A label that says text, and bytes that say mail, are read as what they are.
    }
    reading_.read(place.member(name.empty() ? type.type + "/" + type.subtype : name), content,
                  type.charset);
  }

  void body(const Place& place, const Typed& type, std::string_view content) {
    const FileType found = detect_type(content);
    // A body that begins with words and a colon is not a mail of its own.
    if (type.subtype == "html" || found == FileType::html) {
      return read_html(reading_, place, content, type.charset);
    }
    if (found == FileType::mail || found == FileType::mailbox || found == FileType::xml) {
      return read_text(reading_, place, content, type.charset, FileType::text);
    }
    reading_.read(place, content, type.charset);
  }

  void multipart(const Place& place, const HeaderBlock& header, const Typed& type,
                 unsigned nesting) {
    if (type.subtype == "encrypted") {
      reading_.finding(place, FindingKind::encrypted, "an encrypted mail (PGP or S/MIME)");
    }
    const std::vector<std::string_view> parts =
        split_parts(header.body, type.boundary, kMostParts + 1);
    if (parts.empty()) {
      return read_text(reading_, place, header.body, type.charset, FileType::text);
    }
    // What stands in front of the first boundary and behind the last is shown by old programs only.
    outside(place, header.body.substr(
                       0, static_cast<std::size_t>(parts.front().data() - header.body.data())));
    const auto end =
        static_cast<std::size_t>(parts.back().data() + parts.back().size() - header.body.data());
    outside(place, header.body.substr(end));
    std::size_t number = 0;
    for (const std::string_view inner : parts) {
      const Place here =
          parts.size() == 1 ? place : place.within("part " + std::to_string(++number));
      const HeaderBlock inner_header = split_header(inner, {});
      for (const HeaderBlock::Field& field : inner_header.fields) {
        part_headers_.append(decode_header_text(unfold(field.value))).append("\n");
      }
      part(here, inner_header, nesting + 1);
      if (!reading_.keep_going(place)) return;
    }
    if (parts.size() > kMostParts) {
      reading_.finding(place, FindingKind::too_many_members, "more parts of a mail than are read");
    }
  }

  void outside(const Place& place, std::string_view text) {
    std::string kept;
    for (const std::string_view line : split(text, '\n')) {
      if (!line.starts_with("--")) kept.append(line).append("\n");
    }
    if (trim(kept).empty()) return;
    Place hidden = place;
    hidden.hidden = true;
    read_text(reading_, hidden, kept, {}, FileType::text);
  }

  Reading& reading_;
  std::size_t parts_ = 0;
  std::string part_headers_;  // of all parts: a text can be spread over them
};

}  // namespace

void read_mail(Reading& reading, const Place& place, std::string_view bytes) {
  start_decoding();
  MailReading(reading).message(place, bytes, 0);
}

void read_mailbox(Reading& reading, const Place& place, std::string_view bytes) {
  start_decoding();
  std::size_t number = 0;
  while (!bytes.empty()) {
    std::size_t end = bytes.find("\nFrom ", 1);
    end = end == std::string_view::npos ? bytes.size() : end + 1;
    if (!reading.take_member(place)) return;
    MailReading(reading).message(place.within("mail " + std::to_string(++number)),
                                 bytes.substr(0, end), 0);
    bytes.remove_prefix(end);
  }
}

}  // namespace weir::content
