#include "weir/content/detail/journal_report.h"

#include <algorithm>

#include "weir/base/text.h"
#include "weir/content/address_list.h"
#include "weir/content/detail/decode.h"
#include "weir/content/detail/part_walk.h"

namespace weir::content {
namespace {

constexpr std::size_t kMaxCover = 4u << 20;

bool has_field(const HeaderBlock& header, std::string_view name) {
  return std::ranges::any_of(header.fields, [&](const HeaderBlock::Field& field) {
    return equals_ignoring_case(field.name, name);
  });
}

/// Anybody can write a mail that looks like a report and so put words in the mouth of the mail
/// server; what only the server may put there tells them apart.
bool is_from_mail_server(const HeaderBlock& header) {
  if (has_field(header, "X-MS-Journal-Report")) return true;
  std::vector<std::string> from;
  append_addresses(header.find("From"), 2, from);
  if (from.size() != 1) return false;
  const std::string address = to_lower_ascii(from.front());
  return address.starts_with("microsoftexchange") || address.starts_with("postmaster@");
}

/// "bob@x, Expanded: list@x" → "bob@x"
std::string first_address(std::string_view value) {
  std::vector<std::string> addresses;
  append_addresses(value, 1, addresses);
  return addresses.empty() ? std::string() : std::move(addresses.front());
}

void read_cover(std::string_view cover, std::size_t limit, JournalReport& report,
                bool& has_message_id) {
  for (const std::string_view line : split(cover, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = to_lower_ascii(trim(line.substr(0, colon)));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "message-id") has_message_id = true;
    if (name == "sender" && report.sender.empty()) report.sender = first_address(value);
    std::optional<MimeMessage::Role> role;
    if (name == "to") role = MimeMessage::Role::to;
    if (name == "cc") role = MimeMessage::Role::cc;
    if (name == "bcc") role = MimeMessage::Role::bcc;
    if (!role && name != "recipient") continue;
    std::string address = first_address(value);
    if (!address.empty() && report.recipients.size() < limit) {
      report.recipients.push_back({std::move(address), role});
    }
  }
}

}  // namespace

std::optional<JournalReport> read_journal_report(const HeaderBlock& header,
                                                 const MimeLimits& limits) {
  const Typed type = decode_content_type(unfold(header.find("Content-Type")));
  if (type.type != "multipart" || !is_from_mail_server(header)) return {};
  const std::vector<std::string_view> parts = split_parts(header.body, type.boundary, 3);
  if (parts.size() != 2) return {};

  const HeaderBlock cover = split_header(parts[0], limits.header);
  const Typed cover_type = decode_content_type(unfold(cover.find("Content-Type")));
  if (!cover_type.type.empty() && !cover_type.is("text", "plain")) return {};
  const HeaderBlock attached = split_header(parts[1], limits.header);
  if (!decode_content_type(unfold(attached.find("Content-Type"))).is("message", "rfc822"))
    return {};

  JournalReport report;
  bool has_message_id = false;
  std::string buffer;
  const std::string_view text =
      decode_transfer(unfold(cover.find("Content-Transfer-Encoding")), cover.body, buffer);
  if (text.size() > kMaxCover) return {};
  read_cover(decode_charset(cover_type.charset, text), limits.recipients, report, has_message_id);
  if (report.sender.empty() || !has_message_id) return {};
  report.message = decode_transfer(unfold(attached.find("Content-Transfer-Encoding")),
                                   attached.body, report.decoded);
  return report;
}

}  // namespace weir::content
