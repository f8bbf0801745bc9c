#include "weir/ingest/parsers/mail.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "weir/base/hash.h"
#include "weir/base/text.h"
#include "weir/content/mime.h"
#include "weir/ingest/detail/mail_domain.h"
#include "weir/ingest/detail/mbox_splitter.h"

namespace weir::ingest {
namespace {

using content::MimeMessage;
using event::Activity;
using event::PartyRole;
using event::SourceRecord;

std::string_view text_of(const content::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// An Exchange directory name ("/O=CORP/OU=…") exists only inside the organisation.
bool is_internal(std::string_view address, std::span<const std::string> domains) {
  return is_under_any(mail_domain(address), domains) ||
         equals_ignoring_case(address.substr(0, 3), "/o=");
}

PartyRole role_of(MimeMessage::Role role) {
  switch (role) {
    case MimeMessage::Role::to:
      return PartyRole::to;
    case MimeMessage::Role::cc:
      return PartyRole::cc;
    case MimeMessage::Role::bcc:
      return PartyRole::bcc;
  }
  return PartyRole::to;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

class MailReader final : public Reader {
 public:
  explicit MailReader(ReaderOptions options) : options_(std::move(options)) {
    mime_limits_.recipients = options_.limits.parties;
    mime_limits_.attachments = options_.limits.objects;
  }

  Result<void> read(ByteSource& source, RecordSink& sink) override {
    const bool is_mbox = is_mbox_from_line(first_line(options_.head));
    MboxSplitter splitter(source, options_.limits, is_mbox, options_.start_offset);
    MboxSplitter::Message message;
    for (;;) {
      WEIR_ASSIGN(const bool more, splitter.next(message));
      if (!more) break;
      WEIR_TRY(hand_over(message, is_mbox, sink));
      WEIR_TRY(sink.progress(splitter.offset()));
    }
    return {};
  }

 private:
  Result<void> hand_over(const MboxSplitter::Message& message, bool is_mbox, RecordSink& sink) {
    std::optional<ParseError> problem;
    const bool continues_file = !is_mbox && message.offset > 0;
    if (message.is_too_long) {
      problem = ParseError::too_long;
    } else if (message.is_headless || continues_file) {
      // More was written to a file after it had been read to its end: this is not a beginning.
      problem = ParseError::truncated;
    } else {
      problem = interpret(message.bytes);
    }
    if (problem) {
      if (message.is_headless && trim(message.bytes).empty()) return {};
      return sink.bad(*problem, message.line, message.offset,
                      message.bytes.substr(0, options_.limits.kept_bad_bytes));
    }
    if (options_.inspect && may_leave_the_organisation()) {
      WEIR_TRY(options_.inspect(message.bytes, record_));
      if (!mail_.complete) record_.flags |= event::kFlagNotAllRead;
    }
    return sink.record(record_, message.offset);
  }

  std::optional<ParseError> interpret(std::string_view bytes) {
    record_.clear();
    if (!parse_mime(bytes, mime_limits_, mail_)) return ParseError::bad_structure;
    if (mail_.senders.empty()) return ParseError::missing_field;
    if (!mail_.date) return ParseError::bad_time;
    using std::chrono::January;
    if (mail_.date->utc < Day{std::chrono::year{1970} / January / 1} ||
        mail_.date->utc >= Day{std::chrono::year{2100} / January / 1}) {
      return ParseError::time_out_of_range;
    }
    record_.raw = bytes;
    record_.time = mail_.date->utc;
    record_.has_offset = mail_.date->offset.has_value();
    record_.utc_offset = mail_.date->offset.value_or(std::chrono::minutes{0});
    record_.title = mail_.subject;
    record_.bytes = mail_.bytes;
    if (mail_.is_reply) record_.flags |= event::kFlagReply;
    if (mail_.is_automatic) record_.flags |= event::kFlagAutomatic;
    if (mail_.is_encrypted) record_.flags |= event::kFlagEncrypted;
    set_people();
    set_content();
    return {};
  }

  void set_people() {
    // Who writes several senders, or a stranger's first, sent it all the same.
    const auto own = std::ranges::find_if(mail_.senders, [&](const std::string& sender) {
      return is_internal(sender, options_.internal_domains);
    });
    const bool sent = own != mail_.senders.end();
    if (sent) std::rotate(mail_.senders.begin(), own, own + 1);
    record_.activity = sent ? Activity::mail_send : Activity::mail_receive;
    for (const MimeMessage::Recipient& recipient : mail_.recipients) {
      record_.parties.push_back({recipient.address, role_of(recipient.role)});
    }
    if (!sent) {
      // To a list or in blind copy: only the delivery says who got it.
      for (const std::string& owner : mail_.delivered_to) {
        const bool named = std::ranges::any_of(mail_.recipients, [&](const auto& recipient) {
          return equals_ignoring_case(recipient.address, owner);
        });
        if (!named && is_internal(owner, options_.internal_domains)) {
          record_.parties.push_back({owner, PartyRole::bcc});
        }
      }
    }
    if (sent) record_.user_address = mail_.senders.front();
    for (std::size_t i = sent ? 1 : 0; i < mail_.senders.size(); ++i) {
      record_.parties.push_back({mail_.senders[i], PartyRole::from});
    }
    std::ranges::stable_sort(record_.parties, {}, &SourceRecord::Party::role);
  }

  /// Unless it is known to stay: a colleague among the recipients, nobody from outside, and no
  /// recipients beyond what was read. Blind copies stand in no header.
  bool may_leave_the_organisation() const {
    if (record_.activity != Activity::mail_send) return false;
    const std::string& sender = mail_.senders.front();
    bool to_a_colleague = false;
    for (const MimeMessage::Recipient& recipient : mail_.recipients) {
      if (!is_internal(recipient.address, options_.internal_domains)) return true;
      to_a_colleague = to_a_colleague || !equals_ignoring_case(recipient.address, sender);
    }
    return !to_a_colleague || !mail_.complete;
  }

  void set_content() {
    // The text alone would make two mails that say "see attached" one act.
    std::string all(text_of(mail_.body_digest));
    for (const MimeMessage::Attachment& attachment : mail_.attachments) {
      SourceRecord::Object& object = record_.objects.emplace_back();
      object.name = attachment.name;
      object.bytes = attachment.bytes;
      object.digest = text_of(attachment.digest);
      if (attachment.is_archive) object.flags |= event::kFlagArchive;
      if (attachment.is_encrypted) object.flags |= event::kFlagEncrypted;
      if (attachment.is_renamed) object.flags |= event::kFlagRenamed;
      record_.flags |= object.flags;
      all += object.digest;
    }
    content_digest_ = blake2b(all);
    record_.content_digest = text_of(content_digest_);
  }

  ReaderOptions options_;
  content::MimeLimits mime_limits_;
  MimeMessage mail_;
  content::Digest content_digest_{};
  SourceRecord record_;
};

Result<std::unique_ptr<Reader>> open_mail(const ReaderOptions& options) {
  return std::make_unique<MailReader>(options);
}

bool is_mail_field(std::string_view name) {
  constexpr std::array<std::string_view, 20> kFields = {"from",
                                                        "to",
                                                        "cc",
                                                        "bcc",
                                                        "date",
                                                        "subject",
                                                        "message-id",
                                                        "received",
                                                        "return-path",
                                                        "delivered-to",
                                                        "reply-to",
                                                        "sender",
                                                        "mime-version",
                                                        "content-type",
                                                        "in-reply-to",
                                                        "references",
                                                        "x-mailer",
                                                        "resent-from",
                                                        "content-transfer-encoding",
                                                        "dkim-signature"};
  return std::ranges::any_of(
      kFields, [&](std::string_view field) { return equals_ignoring_case(field, name); });
}

Match match_mail(std::string_view head, std::string_view /*file_name*/) {
  if (is_mbox_from_line(first_line(head))) return Match::yes;
  const content::HeaderBlock header =
      content::split_header(head, {.fields = 200, .bytes = 64u << 10});
  const auto has_nul = [](const auto& field) {
    return field.name.contains('\0') || field.value.contains('\0');
  };
  if (std::ranges::any_of(header.fields, has_nul)) return Match::no;
  std::size_t known = 0;
  for (const auto& field : header.fields) known += is_mail_field(field.name) ? 1u : 0u;
  if (known >= 2) return Match::yes;
  return known == 1 && header.fields.size() >= 2 ? Match::maybe : Match::no;
}

}  // namespace

Format mail_format() {
  return {
      .name = "mail",
      .summary = "mail as RFC 822 or MIME: mbox, maildir, folders of single messages",
      .details =
          "mail_send where the sender is of the organisation's own domains (or an Exchange "
          "directory "
          "name), else mail_receive. Kept: sender, recipients with their roles, date with zone, "
          "subject (sealed), size, names, sizes and digests of attachments, a digest of the text. "
          "Exchange journal reports give the message inside with its envelope. Bodies are not "
          "stored; the Message-ID plays no part.",
      .match = match_mail,
      .open = open_mail,
      .resumable = true,
  };
}

}  // namespace weir::ingest
