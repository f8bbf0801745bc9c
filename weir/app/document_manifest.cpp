#include "weir/app/document_manifest.h"

#include <algorithm>
#include <array>
#include <optional>

#include "weir/base/bytes.h"
#include "weir/base/csv.h"
#include "weir/base/hash.h"
#include "weir/base/text.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

using event::Sensitivity;

constexpr std::uint64_t kMostBytes = 256u << 20;

enum Column : std::size_t {
  kPath,
  kLabel,
  kSensitivity,
  kOwner,
  kGroup,
  kSha256,
  kSha1,
  kMd5,
  kColumns
};
constexpr std::array<std::string_view, kColumns> kNames = {
    "path", "label", "sensitivity", "owner", "group", "sha256", "sha1", "md5"};

struct Digest {
  Column column;
  std::size_t bytes;
};
constexpr std::array<Digest, 3> kDigests = {{{kSha256, 32}, {kSha1, 20}, {kMd5, 16}}};

/// SHA-256, SHA-1 and MD5 of no bytes.
constexpr std::array<std::string_view, 3> kOfNothing = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e"};

std::string digits_of(std::string_view bytes) { return to_hex(std::as_bytes(std::span(bytes))); }

/// Reads one manifest line by line.
class ManifestReader {
 public:
  explicit ManifestReader(const fs::path& path)
      : name_(path.string()), folder_(fs::absolute(path).parent_path()) {}

  Result<std::vector<ManifestEntry>> read() {
    WEIR_ASSIGN(const std::string text, read_file(name_, kMostBytes));
    std::string_view rest = text;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);  // as spreadsheets write it
    for (; !rest.empty(); ++line_) {
      const std::size_t length = std::min(csv_record_length(rest), rest.size());
      const std::string_view record = trim(rest.substr(0, length));
      rest.remove_prefix(length);
      if (record.empty()) continue;
      if (!is_utf8(record) || fields_.split(record) != CsvFields::Outcome::ok) {
        return wrong("not a line of UTF-8 CSV: quotes do not match");
      }
      WEIR_TRY(has_header_ ? entry() : header());
      line_ += static_cast<std::size_t>(std::ranges::count(record, '\n'));
    }
    if (!has_header_) return wrong("is empty; the first line names the columns: path,label");
    return std::move(entries_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(ErrorCode::parse, "{}:{}: {}", name_, line_, what);
  }

  Result<void> header() {
    has_header_ = true;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string name = to_lower_ascii(trim(fields_[i]));
      const auto* known = std::ranges::find(kNames, name);
      if (known == kNames.end()) {
        return wrong(fmt::format("there is no column '{}'; columns are {}", printable(name, 40),
                                 fmt::join(kNames, ", ")));
      }
      std::optional<std::size_t>& place = place_[static_cast<std::size_t>(known - kNames.begin())];
      if (place) return wrong(fmt::format("the column '{}' is there twice", name));
      place = i;
    }
    columns_ = fields_.size();
    if (!place_[kPath] || !place_[kLabel]) return wrong("the columns path and label are needed");
    return {};
  }

  std::string_view field(Column column) const {
    return place_[column] ? trim(fields_[*place_[column]]) : std::string_view();
  }

  Result<void> entry() {
    if (fields_.size() != columns_) {
      return wrong(
          fmt::format("{} fields, where the first line names {}; a field with a comma in it "
                      "stands in quotes",
                      fields_.size(), columns_));
    }
    ManifestEntry& one = entries_.emplace_back();
    const std::string_view path = field(kPath);
    if (path.empty() || field(kLabel).empty()) return wrong("path and label may not be empty");
    std::error_code error;
    const fs::path full = (folder_ / path).lexically_normal();
    one.is_file = fs::is_regular_file(full, error);
    one.path = one.is_file ? full.string() : std::string(path);
    one.facts = {.label = std::string(field(kLabel)),
                 .sensitivity = {},
                 .owner = std::string(field(kOwner)),
                 .audience = std::string(field(kGroup))};
    const auto sensitivity = sensitivity_of(one.facts.label, field(kSensitivity));
    if (!sensitivity) return wrong(sensitivity.error().message);
    one.facts.sensitivity = *sensitivity;
    for (const Digest& digest : kDigests) {
      const std::string_view digits = field(digest.column);
      if (digits.empty()) continue;
      std::string bytes;
      if (!append_hex_bytes(digits, bytes) || bytes.size() != digest.bytes) {
        return wrong(fmt::format("{}: {} hexadecimal digits are expected", kNames[digest.column],
                                 2 * digest.bytes));
      }
      if (std::ranges::find(kOfNothing, digits_of(bytes)) != kOfNothing.end()) {
        return wrong(fmt::format("{}: the digest of an empty file, which is in every log",
                                 kNames[digest.column]));
      }
      one.digests.push_back(std::move(bytes));
    }
    if (!one.is_file && one.digests.empty()) {
      return wrong(
          fmt::format("{}: there is no such file, and no digest to know it by", printable(path)));
    }
    return {};
  }

  std::string name_;
  fs::path folder_;
  std::size_t line_ = 1;
  bool has_header_ = false;
  std::size_t columns_ = 0;
  CsvFields fields_;
  std::array<std::optional<std::size_t>, kColumns> place_;
  std::vector<ManifestEntry> entries_;
};

}  // namespace

Result<Sensitivity> sensitivity_of(std::string_view label, std::string_view said) {
  const auto known =
      event::sensitivity_from(said.empty() ? to_lower_ascii(label) : std::string(said));
  if (known && *known >= Sensitivity::internal) return *known;
  if (said.empty()) return Sensitivity::confidential;
  return fail(ErrorCode::invalid_argument,
              "sensitivity '{}': one of internal, confidential, secret", printable(said, 40));
}

Result<std::vector<ManifestEntry>> read_manifest(const fs::path& path) {
  return ManifestReader(path).read();
}

}  // namespace weir::app
