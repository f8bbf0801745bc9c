#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/time.h"
#include "weir/content/header_block.h"

namespace weir::content {

/// What is read of one message; past a limit the rest is passed over and `complete` is false.
struct MimeLimits {
  HeaderLimits header;
  std::size_t recipients = 10'000;
  std::size_t attachments = 10'000;
  std::size_t parts = 20'000;  // all, nested ones too
  unsigned depth = 16;
  /// Text of one message that is decoded for its digest; what is longer is digested as it stands.
  std::size_t text_bytes = 64u << 20;
};

/// BLAKE2b-256.
using Digest = std::array<unsigned char, 32>;

struct MimeMessage {
  enum class Role : std::uint8_t { to, cc, bcc };
  struct Recipient {
    std::string address;
    Role role = Role::to;
  };
  struct Attachment {
    std::string name;  // decoded; empty if it has none
    std::uint64_t bytes = 0;
    Digest digest{};  // of the decoded content
    bool is_archive = false;
    bool is_encrypted = false;
    bool is_renamed = false;
  };

  /// From, else Sender, else Return-Path: usually one. Of a journal report the envelope's sender
  /// comes first.
  std::vector<std::string> senders;
  /// In order of the header, each address once, in its most open role (to, cc, bcc). Of a journal
  /// report the envelope's, hidden ones too.
  std::vector<Recipient> recipients;
  /// Delivered-To, X-Original-To, Envelope-To: whose mailbox it came to.
  std::vector<std::string> delivered_to;
  /// Of Date, else of the topmost Received that has one. See `parse_mail_date` for the zone.
  std::optional<ZonedTime> date;
  /// Chosen by whoever sent it: for a reader's eye, never to tell messages apart.
  std::string message_id;
  std::string subject;
  std::vector<Attachment> attachments;
  /// Of the decoded text with all white space made single blanks: the same text in another
  /// encoding, or wrapped at another column, has the same digest. Plain text where there is some,
  /// else the others.
  Digest body_digest{};
  /// Of the message; of a journal report, of the message in it.
  std::uint64_t bytes = 0;
  bool is_reply = false;      // In-Reply-To or References
  bool is_automatic = false;  // Auto-Submitted, Precedence, List-Id, delivery reports
  bool is_encrypted = false;  // S/MIME or PGP: its text cannot be read
  bool is_journal_report = false;
  bool complete = true;
};

/// Reads one message (RFC 5322, MIME) in memory. Bodies are digested and forgotten. An Exchange
/// journal report (a cover with the envelope and the message attached to it) gives the message it
/// reports on, sent and received as the envelope says.
///
/// False if `bytes` has no header at all. Whatever the bytes: no crash, time linear in their number
/// times the depth, memory at most a few times their number. Thread-safe.
bool parse_mime(std::string_view bytes, const MimeLimits& limits, MimeMessage& message);

}  // namespace weir::content
