#include "weir/content/mime.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "weir/base/text.h"
#include "weir/content/address_list.h"
#include "weir/content/detail/decode.h"
#include "weir/content/detail/journal_report.h"
#include "weir/content/detail/part_walk.h"
#include "weir/content/mail_date.h"

namespace weir::content {
namespace {

using Role = MimeMessage::Role;

/// Addresses of all fields of that name.
std::vector<std::string> addresses_of(const HeaderBlock& header, std::string_view name,
                                      const MimeLimits& limits, bool& complete) {
  std::vector<std::string> addresses;
  for (const HeaderBlock::Field& field : header.fields) {
    if (!equals_ignoring_case(field.name, name)) continue;
    if (!append_addresses(field.value, limits.recipients, addresses)) complete = false;
  }
  return addresses;
}

/// Keeps each address once, in the role it was first seen in.
class Recipients {
 public:
  Recipients(MimeMessage& message, std::size_t limit) : message_(message), limit_(limit) {}

  void add(std::string address, Role role) {
    if (!seen_.insert(to_lower_ascii(address)).second) return;
    if (message_.recipients.size() >= limit_) {
      message_.complete = false;
      return;
    }
    message_.recipients.push_back({std::move(address), role});
  }

 private:
  MimeMessage& message_;
  std::size_t limit_;
  std::unordered_set<std::string> seen_;
};

void read_people(const HeaderBlock& header, const MimeLimits& limits, MimeMessage& message) {
  for (const std::string_view name : {"From", "Sender", "Return-Path"}) {
    message.senders = addresses_of(header, name, limits, message.complete);
    if (!message.senders.empty()) break;
  }
  Recipients recipients(message, limits.recipients);
  for (const auto& [name, role] :
       {std::pair{"To", Role::to}, std::pair{"Cc", Role::cc}, std::pair{"Bcc", Role::bcc}}) {
    for (std::string& address : addresses_of(header, name, limits, message.complete)) {
      recipients.add(std::move(address), role);
    }
  }
  for (const std::string_view name : {"Delivered-To", "X-Original-To", "Envelope-To"}) {
    for (std::string& address : addresses_of(header, name, limits, message.complete)) {
      if (std::ranges::find(message.delivered_to, address) == message.delivered_to.end() &&
          message.delivered_to.size() < 16) {
        message.delivered_to.push_back(std::move(address));
      }
    }
  }
}

/// Within living memory of mail: a clock that was never set says 1904 or 2036.
bool is_plausible(const ZonedTime& date) {
  using std::chrono::January;
  return date.utc >= Day{std::chrono::year{1970} / January / 2} &&
         date.utc < Day{std::chrono::year{2100} / January / 1};
}

std::optional<ZonedTime> date_of(const HeaderBlock& header) {
  const std::optional<ZonedTime> said = parse_mail_date(unfold(header.find("Date")));
  if (said && is_plausible(*said)) return said;
  for (const HeaderBlock::Field& field : header.fields) {
    if (!equals_ignoring_case(field.name, "Received")) continue;
    const std::size_t semicolon = field.value.rfind(';');
    if (semicolon == std::string_view::npos) continue;
    const auto received = parse_mail_date(unfold(field.value.substr(semicolon + 1)));
    if (received && is_plausible(*received)) return received;
  }
  return said;
}

bool is_automatic(const HeaderBlock& header) {
  const std::string submitted = to_lower_ascii(unfold(header.find("Auto-Submitted")));
  if (!submitted.empty() && !submitted.starts_with("no")) return true;
  const std::string precedence = to_lower_ascii(unfold(header.find("Precedence")));
  if (precedence == "bulk" || precedence == "list" || precedence == "junk" ||
      precedence == "auto_reply") {
    return true;
  }
  return !header.find("List-Id").empty() || !header.find("X-Autoreply").empty() ||
         !header.find("X-Autorespond").empty();
}

bool has_text(const HeaderBlock& header, std::string_view name) {
  return !trim(header.find(name)).empty();
}

void read_message(std::string_view bytes, const HeaderBlock& header, const MimeLimits& limits,
                  MimeMessage& message) {
  message.bytes = bytes.size();
  message.complete = header.complete;
  read_people(header, limits, message);
  message.date = date_of(header);
  message.message_id = decode_header_text(unfold(header.find("Message-ID")));
  message.subject = decode_header_text(unfold(header.find("Subject")));
  message.is_reply = has_text(header, "In-Reply-To") || has_text(header, "References");
  message.is_automatic = is_automatic(header);
  PartWalk walk(limits, message);
  walk.message_body(header);
  walk.finish();
  message.is_encrypted |=
      message.attachments.size() == 1 && message.attachments.front().is_encrypted &&
      decode_content_type(unfold(header.find("Content-Type"))).type == "application";
}

/// The envelope knows better than the header, which the sender wrote.
void apply_envelope(const JournalReport& report, const MimeLimits& limits, MimeMessage& message) {
  message.is_journal_report = true;
  std::erase_if(message.senders, [&](const std::string& sender) {
    return equals_ignoring_case(sender, report.sender);
  });
  message.senders.insert(message.senders.begin(), report.sender);

  std::unordered_map<std::string, Role> named;
  for (const MimeMessage::Recipient& recipient : message.recipients) {
    named.emplace(to_lower_ascii(recipient.address), recipient.role);
  }
  message.recipients.clear();
  message.delivered_to.clear();
  Recipients recipients(message, limits.recipients);
  for (const Role pass : {Role::to, Role::cc, Role::bcc}) {
    for (const JournalReport::Recipient& recipient : report.recipients) {
      Role role = Role::bcc;
      if (recipient.role) {
        role = *recipient.role;
      } else {
        const auto found = named.find(to_lower_ascii(recipient.address));
        if (found != named.end()) role = found->second;
      }
      if (role == pass) recipients.add(recipient.address, role);
    }
  }
}

}  // namespace

bool parse_mime(std::string_view bytes, const MimeLimits& limits, MimeMessage& message) {
  start_decoding();
  message = {};
  const HeaderBlock header = split_header(bytes, limits.header);
  if (header.fields.empty()) return false;
  if (const auto report = read_journal_report(header, limits)) {
    const HeaderBlock inner = split_header(report->message, limits.header);
    if (!inner.fields.empty()) {
      read_message(report->message, inner, limits, message);
      apply_envelope(*report, limits, message);
      return true;
    }
  }
  read_message(bytes, header, limits, message);
  return true;
}

}  // namespace weir::content
