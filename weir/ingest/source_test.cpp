#include "weir/ingest/detail/source.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "weir/base/random.h"
#include "weir/base/test_folder.h"
#include "weir/ingest/pipeline.h"

namespace weir::ingest {
namespace {

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

struct Read {
  std::string text;
  std::string error;
};

Read read_all(ByteSource& source, std::size_t block) {
  Read read;
  std::string buffer(block, '\0');
  for (;;) {
    const Result<std::size_t> n = source.read(buffer.data(), buffer.size());
    if (!n) {
      read.error = n.error().message;
      return read;
    }
    if (*n == 0) return read;
    read.text.append(buffer, 0, *n);
  }
}

/// 300 kB that do not compress away: more than any buffer on the way.
std::string long_text() {
  Random random(1, 0, 0, 0);
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(random.bits64()) + "\n";
  return text;
}

class Sources : public testing::Test {
 protected:
  Read read(std::string_view content, std::size_t block = 64u << 10) {
    const auto path = folder_.write("input", content);
    Result<std::unique_ptr<ByteSource>> source = open_source(path);
    EXPECT_TRUE(source) << source.error().message;
    return read_all(**source, block);
  }
  TestFolder folder_;
};

TEST_F(Sources, ReadPlainGzipAndZstdAlike) {
  const std::string text = long_text();
  for (const std::string& content : {text, gzip(text), zstd(text)}) {
    for (const std::size_t block : {7u, 4096u, 1u << 20}) {
      const Read found = read(content, block);
      EXPECT_EQ(found.error, "");
      EXPECT_TRUE(found.text == text);
    }
  }
}

TEST_F(Sources, ReadAllMembersAndFrames) {
  EXPECT_EQ(read(gzip("one\n") + gzip("") + gzip("two\n")).text, "one\ntwo\n");
  EXPECT_EQ(read(zstd("one\n") + zstd("") + zstd("two\n")).text, "one\ntwo\n");
  const Read padded = read(gzip("one\n") + std::string(512, '\0'));
  EXPECT_EQ(padded.text, "one\n");
  EXPECT_EQ(padded.error, "");
}

TEST_F(Sources, GiveAllBytesBeforeACutAndThenAnError) {
  const std::string text = long_text();
  for (const std::string& whole : {gzip(text), zstd(text)}) {
    const Read found = read(std::string_view(whole).substr(0, whole.size() * 3 / 4));
    EXPECT_NE(found.error.find("cut off"), std::string::npos) << found.error;
    EXPECT_GT(found.text.size(), text.size() / 4);
    EXPECT_TRUE(text.starts_with(found.text));
  }
  EXPECT_NE(read(gzip("words").substr(0, 12)).error.find("cut off"), std::string::npos);
}

TEST_F(Sources, SayThatAStreamIsDamagedAndNameTheFile) {
  const std::string text = long_text();
  for (std::string damaged : {gzip(text), zstd(text)}) {
    for (std::size_t i = damaged.size() / 2; i < damaged.size() / 2 + 40; ++i) damaged[i] = '\x55';
    const Read found = read(damaged);
    EXPECT_NE(found.error.find("damaged"), std::string::npos) << found.error;
    EXPECT_NE(found.error.find("input"), std::string::npos) << found.error;
  }
}

TEST_F(Sources, TakeShortFilesAsTheyAre) {
  EXPECT_EQ(read("").text, "");
  EXPECT_EQ(read("\x1f").text, "\x1f");
  EXPECT_EQ(read("ab").text, "ab");
}

TEST_F(Sources, BeginAtAnOffset) {
  const auto path = folder_.write("input", "0123456789");
  Result<Source> source = open_source_at(path, 4);
  ASSERT_TRUE(source);
  EXPECT_EQ(read_all(*source->bytes, 3).text, "456789");
  EXPECT_EQ(*source->raw_bytes, 10u);
}

TEST_F(Sources, RefuseWhatIsNoFile) {
  const Result<std::unique_ptr<ByteSource>> folder = open_source(folder_.path());
  ASSERT_FALSE(folder);
  const Result<std::unique_ptr<ByteSource>> missing = open_source(folder_.path() / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace weir::ingest
