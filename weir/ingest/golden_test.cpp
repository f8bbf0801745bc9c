// Every format of parsers/all.cpp against testdata/parsers/<format>/: FILE and FILE.expected.json.
// WEIR_UPDATE_GOLDEN=1 writes the expected files anew; look at the difference before committing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/json.h"
#include "weir/base/text.h"
#include "weir/base/time.h"
#include "weir/ingest/detail/test_source.h"
#include "weir/ingest/format.h"
#include "weir/ingest/parsers/all.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExpected = ".expected.json";
constexpr std::uint64_t kMaxBytes = 64u << 20;

/// One readable JSON line a record; fields with nothing to say are left out.
class Printer final : public RecordSink {
 public:
  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    out_ += fmt::format("{{\"offset\":{}", offset);
    field("activity", to_string(said.activity));
    // A local time has no "Z": the resolver will know the zone.
    std::string time = to_iso8601(said.time);
    if (!said.has_offset) time.pop_back();
    field("time", time);
    if (said.has_offset) out_ += fmt::format(",\"utc_offset\":{}", said.utc_offset.count());
    field("user", said.user);
    field("user_address", said.user_address);
    field("host", said.host);
    if (!said.parties.empty()) {
      out_ += R"(,"parties":[)";
      for (const auto& party : said.parties) {
        if (out_.back() == '}') out_ += ',';
        out_ += fmt::format(R"({{"role":"{}")", to_string(party.role));
        field("address", party.address);
        out_ += '}';
      }
      out_ += ']';
    }
    if (!said.objects.empty()) {
      out_ += ",\"objects\":[";
      for (const auto& object : said.objects) {
        if (out_.back() == '}') out_ += ',';
        out_ += fmt::format("{{\"bytes\":{}", object.bytes);
        field("name", object.name);
        field("place", object.place);
        digest("digest", object.digest);
        if (object.sensitivity != event::Sensitivity::unknown) {
          field("sensitivity", to_string(object.sensitivity));
        }
        flags(object.flags);
        out_ += '}';
      }
      out_ += ']';
    }
    if (said.bytes != 0) out_ += fmt::format(",\"bytes\":{}", said.bytes);
    digest("content_digest", said.content_digest);
    field("title", said.title);
    if (said.account_instance != event::AccountInstance::unknown) {
      field("account_instance", to_string(said.account_instance));
    }
    if (said.sensitivity != event::Sensitivity::unknown) {
      field("sensitivity", to_string(said.sensitivity));
    }
    flags(said.flags);
    out_ += fmt::format(",\"raw_bytes\":{}}}\n", said.raw.size());
    return {};
  }

  Result<void> bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    out_ += fmt::format(R"({{"offset":{},"bad":"{}","line":{})", offset, to_string(error), line);
    field("raw", printable(raw, 100));
    out_ += "}\n";
    return {};
  }

  Result<void> progress(std::uint64_t) override { return {}; }

  std::string take() { return std::move(out_); }

 private:
  void field(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ += fmt::format(",\"{}\":", name);
    append_json_string(out_, value);
  }
  void digest(std::string_view name, std::string_view value) {
    field(name, is_utf8(value) ? printable(value) : to_hex(as_bytes(value)));
  }
  void flags(std::uint16_t value) {
    if (value != 0) out_ += fmt::format(",\"flags\":{}", value);
  }

  std::string out_;
};

std::vector<fs::path> inputs_of(const Format& format) {
  std::vector<fs::path> inputs;
  std::error_code error;
  const fs::path folder = fs::path(WEIR_TESTDATA) / "parsers" / format.name;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file() && !entry.path().string().ends_with(kExpected)) {
      inputs.push_back(entry.path());
    }
  }
  std::ranges::sort(inputs);
  return inputs;
}

std::string read_all(const Format& format, const std::string& content) {
  Printer printer;
  ReaderOptions options;
  options.head = content.substr(0, 64u << 10);
  options.internal_domains = {"dtaa.com", "example.com"};
  Result<std::unique_ptr<Reader>> reader = format.open(options);
  if (!reader) {
    std::string refused = "{\"refused\":";
    append_json_string(refused, reader.error().message);
    return refused + "}\n";
  }
  TextSource source(content);
  const Result<void> read = (*reader)->read(source, printer);
  EXPECT_TRUE(read) << read.error().message;
  return printer.take();
}

TEST(Formats, EveryOneReadsItsGoldenFilesAsExpected) {
  const bool update = std::getenv("WEIR_UPDATE_GOLDEN") != nullptr;
  for (const Format& format : formats()) {
    const std::vector<fs::path> inputs = inputs_of(format);
    EXPECT_FALSE(inputs.empty()) << "no golden file in testdata/parsers/" << format.name;
    for (const fs::path& input : inputs) {
      SCOPED_TRACE(input.string());
      const Result<std::string> content = read_file(input, kMaxBytes);
      ASSERT_TRUE(content) << content.error().message;
      const std::string found = read_all(format, *content);
      const fs::path expected_file = input.string() + std::string(kExpected);
      if (update) {
        ASSERT_TRUE(write_file_atomic(expected_file, found));
        fs::permissions(expected_file, fs::perms{0644});
      }
      const Result<std::string> expected = read_file(expected_file, kMaxBytes);
      ASSERT_TRUE(expected) << expected.error().message << "; WEIR_UPDATE_GOLDEN=1 writes it";
      EXPECT_EQ(found, *expected);
    }
  }
}

TEST(Formats, RecogniseTheirGoldenFilesByContent) {
  for (const Format& format : formats()) {
    for (const fs::path& input : inputs_of(format)) {
      const Result<std::string> content = read_file(input, kMaxBytes);
      ASSERT_TRUE(content) << content.error().message;
      const Format* found =
          recognise(std::string_view(*content).substr(0, 64u << 10), input.filename().string());
      ASSERT_NE(found, nullptr) << input;
      EXPECT_EQ(found->name, format.name) << input;
    }
  }
}

TEST(Formats, HaveNamesOfTheirOwnAndAreFoundByThem) {
  for (const Format& format : formats()) {
    ASSERT_NE(find_format(format.name), nullptr);
    EXPECT_EQ(find_format(format.name)->summary, format.summary);
    EXPECT_FALSE(format.details.empty()) << format.name;
  }
  EXPECT_EQ(find_format("no such format"), nullptr);
}

TEST(Formats, RecogniseNothingInBinaryBytesOrNothing) {
  EXPECT_EQ(recognise(std::string_view("\0\x01\x02\xff\xfe\x7f"
                                       "ELF",
                                       9),
                      "a.bin"),
            nullptr);
  EXPECT_EQ(recognise("", "empty.csv"), nullptr);
}

}  // namespace
}  // namespace weir::ingest
