#include "weir/ingest/parsers/cert.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "weir/base/csv.h"
#include "weir/base/text.h"
#include "weir/ingest/detail/cert_layout.h"
#include "weir/ingest/detail/line_splitter.h"
#include "weir/ingest/detail/mail_domain.h"
#include "weir/ingest/detail/url_host.h"

namespace weir::ingest {
namespace {

using event::Activity;
using event::PartyRole;

Match match_cert(std::string_view head, std::string_view /*file_name*/) {
  return find_cert_columns(head) || !why_cert_refuses(head).empty() ? Match::yes : Match::no;
}

/// -1 unless both are digits.
int two_digits(const char* text) {
  const unsigned tens = static_cast<unsigned char>(text[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(text[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? -1 : static_cast<int>(tens * 10 + ones);
}

/// Reads "01/02/2010 06:49:00". Rows come in order of time, so that the day is nearly always that
/// of the row before.
class DateReader {
 public:
  std::expected<Instant, ParseError> read(std::string_view text) {
    if (text.size() != 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') {
      return std::unexpected(ParseError::bad_time);
    }
    if (std::memcmp(text.data(), last_date_.data(), last_date_.size()) != 0) {
      const std::optional<Day> day = read_day(text);
      if (!day) return std::unexpected(ParseError::bad_time);
      std::memcpy(last_date_.data(), text.data(), last_date_.size());
      last_day_ = *day;
    }
    const int hour = two_digits(text.data() + 11);
    const int minute = two_digits(text.data() + 14);
    const int second = two_digits(text.data() + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return std::unexpected(ParseError::bad_time);
    }
    constexpr Day kFirst = Day{std::chrono::year{1970} / 1 / 1};
    constexpr Day kEnd = Day{std::chrono::year{2101} / 1 / 1};
    if (last_day_ < kFirst || last_day_ >= kEnd) {
      return std::unexpected(ParseError::time_out_of_range);
    }
    return Instant{last_day_} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
  }

 private:
  static std::optional<Day> read_day(std::string_view text) {
    const int month = two_digits(text.data());
    const int day = two_digits(text.data() + 3);
    const int century = two_digits(text.data() + 6);
    const int year = two_digits(text.data() + 8);
    if (month < 0 || day < 0 || century < 0 || year < 0) return {};
    if (text[2] != '/' || text[5] != '/') return {};
    const std::chrono::year_month_day date{std::chrono::year{century * 100 + year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return {};
    return Day{date};
  }

  std::array<char, 10> last_date_{};
  Day last_day_{};
};

bool is_archive_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kArchives = {"zip", "rar", "7z", "gz", "tar", "bz2"};
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  return std::ranges::any_of(kArchives, [&](std::string_view archive) {
    return equals_ignoring_case(name.substr(dot + 1), archive);
  });
}

/// "C:\plans\a.doc" → "C:\plans"; a bare name has no place.
std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.find_last_of("\\/");
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  return text;
}

using Parsed = std::expected<void, ParseError>;

class CertReader final : public Reader {
 public:
  CertReader(const CertColumns& columns, const ReaderOptions& options)
      : layout_(columns.layout),
        columns_(columns),
        limits_(options.limits),
        start_offset_(options.start_offset),
        internal_domains_(options.internal_domains) {}

  Result<void> read(ByteSource& source, RecordSink& sink) override {
    bool header_is_due = start_offset_ == 0;
    return for_each_line(source, limits_, LineSplitter::Kind::csv, start_offset_, sink,
                         [&](LineSplitter::Line& line, LineSplitter& splitter) -> Result<void> {
                           if (std::exchange(header_is_due, false)) return {};
                           std::optional<ParseError> structure = split_fields(line.text);
                           if (structure && line.lines > 1) {
                             splitter.split_again(line);
                             structure = split_fields(line.text);
                           }
                           if (structure) return reject(*structure, line, sink);
                           record_.clear();
                           const Parsed parsed = parse(line.text);
                           if (!parsed) return reject(parsed.error(), line, sink);
                           return sink.record(record_, line.offset);
                         });
  }

 private:
  Result<void> reject(ParseError reason, const LineSplitter::Line& line, RecordSink& sink) const {
    return sink.bad(reason, line.number, line.offset, line.text.substr(0, limits_.kept_bad_bytes));
  }

  std::optional<ParseError> split_fields(std::string_view text);
  Parsed parse(std::string_view raw);
  Parsed parse_logon_or_device(std::string_view activity);
  Parsed parse_http();
  Parsed parse_email();
  Parsed parse_file();
  Parsed add_addresses(std::string_view list, PartyRole role);
  Parsed add_attachments(std::string_view attachments);

  CertLayout layout_;
  CertColumns columns_;
  Limits limits_;
  std::uint64_t start_offset_;
  std::vector<std::string> internal_domains_;
  CsvFields quoted_fields_;
  std::array<std::string_view, CertColumns::kMax> field_{};  // in the layout's order
  DateReader dates_;
  event::SourceRecord record_;
};

std::optional<ParseError> CertReader::split_fields(std::string_view text) {
  if (std::memchr(text.data(), '"', text.size()) == nullptr) {
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
      const auto left = static_cast<std::size_t>(end - at);
      const char* comma = static_cast<const char*>(std::memchr(at, ',', left));
      if (count == columns_.count) return ParseError::wrong_field_count;
      field_[columns_.place[count++]] = {
          at, static_cast<std::size_t>((comma == nullptr ? end : comma) - at)};
      if (comma == nullptr) break;
      at = comma + 1;
    }
    if (count != columns_.count) return ParseError::wrong_field_count;
    return {};
  }
  switch (quoted_fields_.split(text)) {
    case CsvFields::Outcome::unbalanced_quote:
    case CsvFields::Outcome::text_after_quote:
      return ParseError::unbalanced_quote;
    case CsvFields::Outcome::too_many_fields:
      return ParseError::wrong_field_count;
    case CsvFields::Outcome::ok:
      break;
  }
  if (quoted_fields_.size() != columns_.count) return ParseError::wrong_field_count;
  for (std::size_t i = 0; i < columns_.count; ++i) field_[columns_.place[i]] = quoted_fields_[i];
  return {};
}

Parsed CertReader::parse(std::string_view raw) {
  const std::expected<Instant, ParseError> time = dates_.read(field_[1]);
  if (!time) return std::unexpected(time.error());
  record_.raw = raw;
  record_.time = *time;
  record_.user = field_[2];
  record_.host = field_[3];
  if (record_.user.empty()) return std::unexpected(ParseError::missing_field);
  switch (layout_) {
    case CertLayout::logon_or_device:
      return parse_logon_or_device(field_[4]);
    case CertLayout::device_r5:
      return parse_logon_or_device(field_[5]);
    case CertLayout::http_r4:
    case CertLayout::http_r6:
      return parse_http();
    case CertLayout::email_r4:
    case CertLayout::email_r5:
      return parse_email();
    case CertLayout::file_r4:
    case CertLayout::file_r5:
      return parse_file();
  }
  return std::unexpected(ParseError::bad_structure);
}

Parsed CertReader::parse_logon_or_device(std::string_view activity) {
  if (activity == "Logon") {
    record_.activity = Activity::logon;
  } else if (activity == "Logoff") {
    record_.activity = Activity::logoff;
  } else if (activity == "Connect") {
    record_.activity = Activity::device_connect;
    record_.flags = event::kFlagRemovableMedia;
  } else if (activity == "Disconnect") {
    record_.activity = Activity::device_disconnect;
    record_.flags = event::kFlagRemovableMedia;
  } else {
    return std::unexpected(ParseError::unknown_activity);
  }
  return {};
}

Parsed CertReader::parse_http() {
  const bool r6 = layout_ == CertLayout::http_r6;
  const std::string_view activity = r6 ? without_prefix(field_[5], "WWW ") : "Visit";
  if (activity == "Visit") {
    record_.activity = Activity::web_visit;
  } else if (activity == "Download") {
    record_.activity = Activity::web_download;
  } else if (activity == "Upload") {
    record_.activity = Activity::web_upload;
  } else {
    return std::unexpected(ParseError::unknown_activity);
  }
  const std::string_view site = url_host(field_[4]);
  if (site.empty()) return std::unexpected(ParseError::missing_field);
  record_.parties.push_back({.address = site, .role = PartyRole::site});
  record_.content_digest = field_[r6 ? 6 : 5];
  return {};
}

Parsed CertReader::parse_email() {
  const bool r5 = layout_ == CertLayout::email_r5;
  const std::string_view from = trim(field_[7]);
  const std::string_view activity = r5 ? field_[8] : "Send";
  const std::size_t size_at = r5 ? 9 : 8;
  if (activity == "Send") {
    record_.activity = Activity::mail_send;
    record_.user_address = from;
    if (!internal_domains_.empty() && !from.empty() &&
        !is_under_any(mail_domain(from), internal_domains_)) {
      record_.flags |= event::kFlagOwnPersonalSender;
    }
  } else if (activity == "Receive" || activity == "View") {
    record_.activity = Activity::mail_receive;
    if (!from.empty()) record_.parties.push_back({.address = from, .role = PartyRole::from});
  } else {
    return std::unexpected(ParseError::unknown_activity);
  }
  if (const Parsed to = add_addresses(field_[4], PartyRole::to); !to) return to;
  if (const Parsed cc = add_addresses(field_[5], PartyRole::cc); !cc) return cc;
  if (const Parsed bcc = add_addresses(field_[6], PartyRole::bcc); !bcc) return bcc;
  const std::optional<std::uint64_t> size = parse_u64(field_[size_at]);
  if (!size) return std::unexpected(ParseError::bad_number);
  record_.bytes = *size;
  if (const Parsed files = add_attachments(field_[size_at + 1]); !files) return files;
  record_.content_digest = field_[size_at + 2];
  return {};
}

Parsed CertReader::parse_file() {
  const std::string_view name = field_[4];
  if (name.empty()) return std::unexpected(ParseError::missing_field);
  event::SourceRecord::Object object;
  object.name = name;
  object.place = folder_of(name);
  if (layout_ == CertLayout::file_r4) {
    record_.activity = Activity::file_copy;
    record_.flags = event::kFlagRemovableMedia;
    object.digest = field_[5];
  } else {
    const std::string_view activity = without_prefix(field_[5], "File ");
    if (activity == "Open") {
      record_.activity = Activity::file_open;
    } else if (activity == "Write") {
      record_.activity = Activity::file_write;
    } else if (activity == "Copy") {
      record_.activity = Activity::file_copy;
    } else if (activity == "Delete") {
      record_.activity = Activity::file_delete;
    } else {
      return std::unexpected(ParseError::unknown_activity);
    }
    if (equals_ignoring_case(field_[6], "True")) record_.flags = event::kFlagRemovableMedia;
    object.digest = field_[8];
  }
  if (is_archive_name(name)) object.flags = event::kFlagArchive;
  record_.content_digest = object.digest;
  record_.objects.push_back(object);
  return {};
}

Parsed CertReader::add_addresses(std::string_view list, PartyRole role) {
  while (!list.empty()) {
    const std::size_t separator = list.find(';');
    const std::string_view address = trim(list.substr(0, separator));
    if (!address.empty()) {
      if (record_.parties.size() >= limits_.parties) {
        return std::unexpected(ParseError::bad_structure);
      }
      record_.parties.push_back({.address = address, .role = role});
    }
    if (separator == std::string_view::npos) break;
    list.remove_prefix(separator + 1);
  }
  return {};
}

/// r4 gives a count, r5 and r6 a list "name(size);name(size)".
Parsed CertReader::add_attachments(std::string_view attachments) {
  if (attachments.empty()) return {};
  if (const std::optional<std::uint64_t> count = parse_u64(attachments)) {
    if (*count > limits_.objects) return std::unexpected(ParseError::bad_number);
    record_.objects.resize(*count);
    return {};
  }
  while (!attachments.empty()) {
    const std::size_t separator = attachments.find(';');
    const std::string_view item = trim(attachments.substr(0, separator));
    if (!item.empty()) {
      if (record_.objects.size() >= limits_.objects) {
        return std::unexpected(ParseError::bad_structure);
      }
      event::SourceRecord::Object& object = record_.objects.emplace_back();
      object.name = item;
      const std::size_t open = item.rfind('(');
      if (open != std::string_view::npos && item.ends_with(')')) {
        const std::optional<std::uint64_t> size =
            parse_u64(item.substr(open + 1, item.size() - open - 2));
        if (!size) return std::unexpected(ParseError::bad_number);
        object.name = item.substr(0, open);
        object.bytes = *size;
      }
      object.place = folder_of(object.name);
      if (is_archive_name(object.name)) object.flags = event::kFlagArchive;
    }
    if (separator == std::string_view::npos) break;
    attachments.remove_prefix(separator + 1);
  }
  return {};
}

Result<std::unique_ptr<Reader>> open_cert(const ReaderOptions& options) {
  if (const std::string_view why = why_cert_refuses(options.head); !why.empty()) {
    return fail(ErrorCode::unsupported, "{}", why);
  }
  const std::optional<CertColumns> columns = find_cert_columns(options.head);
  if (!columns) {
    return fail(ErrorCode::parse,
                "line 1: \"{}\" is no header of a CERT log; `weir formats` lists those that are "
                "known",
                printable(first_line_of(options.head)));
  }
  return std::make_unique<CertReader>(*columns, options);
}

}  // namespace

Format cert_format() {
  return {
      .name = "cert",
      .summary = "CMU CERT insider-threat data r4.2, r5.2, r6.2: logon, device, http, email, file",
      .details =
          "CSV, told apart by the header line. Times are local, without a zone. logon: logon, "
          "logoff. device: device_connect, device_disconnect. http: web_visit, in r6 also "
          "web_download and web_upload. email: mail_send, in r5 and r6 also mail_receive (Receive, "
          "View). file: in r4 each row is a file_copy to removable media; in r5 and r6 file_open, "
          "file_write, file_copy, file_delete. Content columns are hashed and dropped, file_tree "
          "is ignored. psychometric.csv and decoy.csv are refused; LDAP months go to `weir roster "
          "import`.",
      .match = match_cert,
      .open = open_cert,
      .resumable = true,
  };
}

}  // namespace weir::ingest
