#include "weir/ingest/detail/read_ahead.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace weir::ingest {
namespace {

/// Writes down what it hears, and can fail at the n-th record.
class Notes final : public RecordSink {
 public:
  explicit Notes(int fail_at = -1) : left_(fail_at) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    if (left_-- == 0) return fail(ErrorCode::no_space, "disk full");
    std::string text = fmt::format("{} {} {}/{}/{}/{}", offset, to_hex(said.id), said.user,
                                   said.user_address, said.host, said.title);
    for (const auto& party : said.parties) text += fmt::format(" to {}", party.address);
    for (const auto& object : said.objects) {
      text += fmt::format(" file {} in {} {}", object.name, object.place, object.digest);
    }
    heard.push_back(text + fmt::format(" {} {}", said.content_digest, said.bytes));
    return {};
  }
  Result<void> bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    heard.push_back(fmt::format("{} {} {} {}", to_string(error), line, offset, raw));
    return {};
  }
  Result<void> progress(std::uint64_t offset) override {
    heard.push_back(fmt::format("progress {}", offset));
    return {};
  }

  std::vector<std::string> heard;

 private:
  int left_;
};

event::RecordId id_of(std::string_view raw) { return {1, raw.size()}; }

class NoSource final : public ByteSource {
 public:
  Result<std::size_t> read(char*, std::size_t) override { return std::size_t{0}; }
};

/// Says `count` records of every shape out of buffers that it uses again at once.
class Talker final : public Reader {
 public:
  explicit Talker(int count) : count_(count) {}
  Result<void> read(ByteSource&, RecordSink& sink) override {
    event::SourceRecord said;
    for (int i = 0; i < count_; ++i) {
      ++read_bytes;
      raw_ = fmt::format("raw {} {}", i, std::string(static_cast<std::size_t>(i % 97), 'x'));
      said.clear();
      said.raw = raw_;
      if (with_ids) said.id = id_of(raw_);
      said.user = std::string_view(raw_).substr(4);
      said.title = i % 1000 == 7 ? std::string_view(large_) : std::string_view(raw_).substr(2, 3);
      said.host = i % 3 == 0 ? "pc" : "";
      said.bytes = static_cast<std::uint64_t>(i);
      for (int party = 0; party < i % 4; ++party) {
        said.parties.push_back({std::string_view(raw_).substr(0, 3), event::PartyRole::to});
      }
      if (i % 5 == 0) said.objects.emplace_back().name = std::string_view(raw_).substr(1);
      if (i % 50 == 0) {
        WEIR_TRY(sink.bad(ParseError::bad_time, 1, 2, std::string_view(raw_)));
      }
      if (i % 70 == 0) WEIR_TRY(sink.progress(static_cast<std::uint64_t>(i)));
      WEIR_TRY(sink.record(said, static_cast<std::uint64_t>(i)));
      raw_.assign(raw_.size(), '?');
      ++said_count;
    }
    if (throws) throw std::runtime_error("out of paper");
    if (fails) return fail(ErrorCode::corrupt, "cut off");
    return {};
  }

  bool with_ids = false;
  bool throws = false;
  bool fails = false;
  int said_count = 0;
  std::uint64_t read_bytes = 0;

 private:
  int count_;
  std::string raw_;
  std::string large_ = std::string(300'000, 'L');
};

TEST(ReadAhead, LetsTheSinkHearWhatTheReaderWouldHaveToldItDirectly) {
  NoSource source;
  Talker direct(20'000);
  direct.with_ids = true;
  Notes expected;
  ASSERT_TRUE(direct.read(source, expected));

  Talker talker(20'000);
  Notes notes;
  std::uint64_t raw_bytes = 0;
  ASSERT_TRUE(read_ahead(talker, source, talker.read_bytes, id_of, notes, raw_bytes));
  EXPECT_EQ(notes.heard, expected.heard);
  EXPECT_EQ(raw_bytes, 20'000u);
}

TEST(ReadAhead, StopsTheReaderAtTheSinksError) {
  NoSource source;
  Talker talker(10'000'000);
  Notes notes(100);
  std::uint64_t raw_bytes = 0;
  const Result<void> read = read_ahead(talker, source, talker.read_bytes, id_of, notes, raw_bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::no_space);
  EXPECT_LT(talker.said_count, 1'000'000);
}

TEST(ReadAhead, GivesTheReadersErrorAfterAllItSaid) {
  NoSource source;
  for (const bool throws : {false, true}) {
    Talker talker(5'000);
    talker.throws = throws;
    talker.fails = true;
    Notes notes;
    std::uint64_t raw_bytes = 0;
    const Result<void> read =
        read_ahead(talker, source, talker.read_bytes, id_of, notes, raw_bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, throws ? ErrorCode::internal : ErrorCode::corrupt);
    EXPECT_GT(notes.heard.size(), 5'000u);
  }
}

}  // namespace
}  // namespace weir::ingest
