#include "weir/ingest/parsers/ocsf.h"

#include <algorithm>
#include <array>
#include <memory>

#include "weir/base/text.h"
#include "weir/ingest/detail/line_splitter.h"
#include "weir/ingest/detail/ocsf_parser.h"

namespace weir::ingest {
namespace {

class OcsfReader final : public Reader {
 public:
  explicit OcsfReader(const ReaderOptions& options)
      : limits_(options.limits), start_offset_(options.start_offset), parser_(options.limits) {}

  Result<void> read(ByteSource& source, RecordSink& sink) override {
    return for_each_line(source, limits_, LineSplitter::Kind::plain, start_offset_, sink,
                         [&](const LineSplitter::Line& line, LineSplitter&) -> Result<void> {
                           if (trim(line.text).empty()) return {};
                           std::optional<ParseError> failure = parser_.parse(line.text, said_);
                           if (!failure) failure = interpret_ocsf(said_, limits_, record_);
                           if (failure) {
                             return sink.bad(*failure, line.number, line.offset,
                                             line.text.substr(0, limits_.kept_bad_bytes));
                           }
                           record_.raw = line.text;
                           return sink.record(record_, line.offset);
                         });
  }

 private:
  Limits limits_;
  std::uint64_t start_offset_;
  OcsfParser parser_;
  OcsfSaid said_;
  event::SourceRecord record_;
};

Result<std::unique_ptr<Reader>> open_ocsf(const ReaderOptions& options) {
  return std::make_unique<OcsfReader>(options);
}

Match match_ocsf(std::string_view head, std::string_view /*file_name*/) {
  constexpr std::array<std::string_view, 4> kSigns = {"\"class_uid\"", "\"type_uid\"",
                                                      "\"class_name\"", "\"category_uid\""};
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  head = trim(head);
  if (!head.starts_with('{')) return Match::no;
  bool is_of_lines = true;
  for (std::size_t begin = 0; begin < head.size();) {
    const std::size_t end = head.find('\n', begin);
    const std::string_view line = trim(head.substr(begin, end - begin));
    const bool is_signed = line.starts_with('{') && std::ranges::any_of(kSigns, [&](auto sign) {
                             return line.contains(sign);
                           });
    if (is_signed) return Match::yes;
    if (end == std::string_view::npos) break;
    // JSON over several lines is no log, but a document.
    if (begin == 0) is_of_lines = line.ends_with('}');
    begin = end + 1;
  }
  return is_of_lines ? Match::maybe : Match::no;
}

}  // namespace

Format ocsf_format() {
  return {
      .name = "ocsf",
      .summary = "OCSF 1.x events, one JSON object a line",
      .details =
          "Email Activity (4009), HTTP (4002), Web Resources (6001), File System (1001), File "
          "Hosting (6006), Authentication (3002), Peripheral (1010) and Datastore Activity (6005). "
          "Other classes and activities are counted as bad records and passed over. Query texts, "
          "URLs beyond the host name and all attributes about what a person is are not read.",
      .match = match_ocsf,
      .open = open_ocsf,
      .resumable = true,
  };
}

}  // namespace weir::ingest
