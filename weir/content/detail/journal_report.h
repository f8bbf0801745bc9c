#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/content/mime.h"

namespace weir::content {

/// The cover of an Exchange journal report: who really sent the message to whom.
struct JournalReport {
  struct Recipient {
    std::string address;
    std::optional<MimeMessage::Role> role;  // empty: "Recipient:", the report does not say
  };
  std::string sender;
  std::vector<Recipient> recipients;
  /// The message reported on; a view into `decoded`, or into the report if that is empty.
  std::string_view message;
  std::string decoded;
};

/// Empty unless `header` is that of a journal report: sent by a mail server (an
/// X-MS-Journal-Report field, or Exchange's own or the postmaster's address), first a text that
/// names a sender and a Message-ID, then the message.
std::optional<JournalReport> read_journal_report(const HeaderBlock& header,
                                                 const MimeLimits& limits);

}  // namespace weir::content
