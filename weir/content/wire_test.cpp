#include "weir/content/wire.h"

#include <gtest/gtest.h>

#include <utility>

#include "weir/base/hash.h"
#include "weir/content/request.h"

namespace weir::content {
namespace {

std::string sample_frames() {
  std::string out;
  FrameWriter writer([&](std::string_view frame) { out += frame; });
  writer.type(FileType::zip);
  writer.part({.path = "a › b",
               .type = FileType::html,
               .kind = PartKind::comment,
               .hidden = true,
               .text = "wörter",
               .bytes = 1'000'000});
  writer.finding({.kind = FindingKind::encrypted, .path = "a", .reason = "locked"});
  writer.sealed({.path = "a › c", .bytes = 7, .crc32 = 0xdeadbeef});
  writer.file({.path = "a › d", .digest = blake2b("d"), .pieces = {7, 1ull << 63}});
  writer.done();
  return out;
}

TEST(Wire, GivesBackWhatWasWrittenHoweverItIsCut) {
  const std::string frames = sample_frames();
  for (std::size_t piece = 1; piece <= frames.size(); ++piece) {
    Extraction out;
    FrameReader reader({}, out);
    for (std::size_t at = 0; at < frames.size(); at += piece) {
      ASSERT_TRUE(reader.feed(std::string_view(frames).substr(at, piece)));
    }
    ASSERT_TRUE(reader.is_done());
    ASSERT_EQ(out.parts.size(), 1u);
    EXPECT_EQ(out.type, FileType::zip);
    EXPECT_EQ(out.parts[0].path, "a › b");
    EXPECT_EQ(out.parts[0].type, FileType::html);
    EXPECT_EQ(out.parts[0].kind, PartKind::comment);
    EXPECT_TRUE(out.parts[0].hidden);
    EXPECT_EQ(out.parts[0].text, "wörter");
    EXPECT_EQ(out.parts[0].bytes, 1'000'000u);
    EXPECT_EQ(out.findings.at(0).reason, "locked");
    EXPECT_EQ(out.sealed.at(0).crc32, 0xdeadbeefu);
    EXPECT_EQ(out.files.at(0).path, "a › d");
    EXPECT_EQ(out.files.at(0).digest, blake2b("d"));
    EXPECT_EQ(out.files.at(0).pieces, (std::vector<std::uint64_t>{7, 1ull << 63}));
  }
}

TEST(Wire, IsNotDoneWithoutTheLastFrame) {
  const std::string frames = sample_frames();
  for (std::size_t size = 0; size < frames.size(); ++size) {
    Extraction out;
    FrameReader reader({}, out);
    EXPECT_TRUE(reader.feed(std::string_view(frames).substr(0, size)));
    EXPECT_FALSE(reader.is_done()) << size;
  }
}

TEST(Wire, RefusesWhatDoesNotFit) {
  const auto refused = [](const std::string& bytes, FrameReader::Options options = {}) {
    Extraction out;
    FrameReader reader(options, out);
    return !reader.feed(bytes) && !reader.is_done();
  };
  using namespace std::string_literals;
  EXPECT_TRUE(refused("X\0\0\0\0"s));                             // no such frame
  EXPECT_TRUE(refused("T\1\0\0\0\xff"s));                         // no such type
  EXPECT_TRUE(refused("T\2\0\0\0\0\0"s));                         // more than it should hold
  EXPECT_TRUE(refused("E\0\0\0\0E"s));                            // behind the end
  EXPECT_TRUE(refused("P\xff\xff\xff\xff"s));                     // longer than allowed
  EXPECT_TRUE(refused("F\4\0\0\0\0\1\xff\0"s));                   // no UTF-8
  EXPECT_TRUE(refused("D\x20\0\0\0\0"s + std::string(31, 'd')));  // a digest cut short
  EXPECT_TRUE(refused("D\x22\0\0\0\0"s + std::string(33, 'd')));  // half a piece
  EXPECT_TRUE(refused(sample_frames(), {.total_bytes = 10}));     // more in all than allowed
  EXPECT_TRUE(refused(sample_frames(), {.items = 2}));
}

TEST(Request, GivesBackWhatWasAskedAndRefusesTheRest) {
  ExtractRequest asked;
  asked.name = "plan.docx";
  asked.limits.depth = 3;
  asked.limits.painted_points = 5;
  asked.limits.time = std::chrono::milliseconds{77};
  asked.memory_bytes = 1u << 30;
  const std::string packet = encode(asked);
  ExtractRequest got;
  ASSERT_TRUE(decode(packet, got));
  EXPECT_EQ(got.name, "plan.docx");
  EXPECT_EQ(got.limits.depth, 3u);
  EXPECT_EQ(got.limits.painted_points, 5u);
  EXPECT_EQ(got.limits.time, asked.limits.time);
  EXPECT_EQ(got.memory_bytes, asked.memory_bytes);
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(packet).substr(0, size), got)) << size;
  }
  WorkerEnd end;
  ASSERT_TRUE(decode(encode(WorkerEnd{WorkerEnd::How::killed, 9}), end));
  EXPECT_EQ(end.number, 9);
  EXPECT_FALSE(decode("", end));
  EXPECT_FALSE(decode(std::string("\x09\0\0\0\0", 5), end));
}

}  // namespace
}  // namespace weir::content
