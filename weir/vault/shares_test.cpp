#include "weir/vault/shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "weir/base/file.h"

namespace weir::vault {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

PrivateKey some_key() {
  PrivateKey key;
  for (std::size_t i = 0; i < key.bytes.size(); ++i)
    key.bytes[i] = static_cast<unsigned char>(7 * i);
  return key;
}

TEST(Shares, AnyEnoughOfThemMakeTheKeyAgain) {
  const std::vector<Share> shares = split_key(some_key(), 3, 5).value();
  ASSERT_EQ(shares.size(), 5u);
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = 0; b < 5; ++b) {
      for (std::size_t c = 0; c < 5; ++c) {
        if (a == b || b == c || a == c) continue;
        const Share chosen[] = {shares[a], shares[b], shares[c]};
        EXPECT_EQ(rebuild_key(chosen).value().bytes, some_key().bytes) << a << b << c;
      }
    }
  }
  EXPECT_EQ(rebuild_key(shares).value().bytes, some_key().bytes) << "more than needed do no harm";
}

TEST(Shares, OneTooFewIsRefusedAndSaysNothingOfTheKey) {
  std::vector<Share> shares = split_key(some_key(), 3, 5).value();
  shares.resize(2);
  const auto refused = rebuild_key(shares);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("3 shares of workspace"));
  // Claiming that two are enough does not make them so.
  for (Share& share : shares) share.needed = 2;
  EXPECT_EQ(rebuild_key(shares).error().code, ErrorCode::corrupt);
}

TEST(Shares, TwoSplitsOfOneKeyShareNothing) {
  const std::vector<Share> first = split_key(some_key(), 2, 3).value();
  const std::vector<Share> second = split_key(some_key(), 2, 3).value();
  EXPECT_NE(first[0].bytes, second[0].bytes);
  const Share mixed[] = {first[0], second[1]};
  EXPECT_EQ(rebuild_key(mixed).error().code, ErrorCode::corrupt);
}

TEST(Shares, RefusesOneHolderTwiceAndSharesOfTwoWorkspaces) {
  const std::vector<Share> shares = split_key(some_key(), 2, 3).value();
  const Share twice[] = {shares[1], shares[1]};
  EXPECT_THAT(rebuild_key(twice).error().message, HasSubstr("holder 2 was given twice"));
  PrivateKey other = some_key();
  other.bytes[0] ^= 8;
  const Share mixed[] = {shares[0], split_key(other, 2, 3).value()[1]};
  EXPECT_THAT(rebuild_key(mixed).error().message, HasSubstr("different workspaces"));
}

TEST(Shares, RefusesSplitsThatMakeNoSense) {
  for (const auto& [needed, total] : {std::pair(1, 3), {4, 3}, {0, 0}, {2, 256}, {-1, 5}}) {
    const auto refused = split_key(some_key(), needed, total);
    ASSERT_FALSE(refused) << needed << " of " << total;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  }
}

TEST(ShareFile, ReadsBackWhatItSays) {
  const Share share = split_key(some_key(), 2, 3).value()[1];
  const std::string text = to_text(share);
  EXPECT_THAT(text, HasSubstr("holder: 2 of 3"));
  EXPECT_THAT(text, HasSubstr("workspace: " + workspace_of(some_key())));
  EXPECT_THAT(text, HasSubstr("take this file off the machine"));
  const Share read = parse_share(text, "share").value();
  EXPECT_EQ(read.bytes, share.bytes);
  EXPECT_EQ(read.holder, 2);
  EXPECT_EQ(read.needed, 2);
  EXPECT_EQ(read.total, 3);
  EXPECT_EQ(read.workspace, share.workspace);
}

TEST(ShareFile, MayBeTypedInAgainFromPaper) {
  const Share share = split_key(some_key(), 2, 3).value()[0];
  std::string text = to_text(share);
  text.resize(text.find("\n\n"));
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  EXPECT_EQ(parse_share(text, "share").value().bytes, share.bytes);
}

TEST(ShareFile, FindsEveryWrongDigit) {
  const std::string text = to_text(split_key(some_key(), 2, 3).value()[0]);
  const std::size_t from = text.find("workspace");
  const std::size_t to = text.find("\n\n");
  for (std::size_t at = from; at < to; ++at) {
    if (text[at] < '0' || text[at] > '9') continue;
    std::string wrong = text;
    wrong[at] = wrong[at] == '9' ? '0' : static_cast<char>(wrong[at] + 1);
    EXPECT_FALSE(parse_share(wrong, "share")) << "at " << at;
  }
}

TEST(ShareFile, SaysWhatIsWrongWithOtherFiles) {
  for (const char* text : {"", "hello", "weir share 1", "weir share 1\nholder: 1 of 2\n",
                           "weir share 1\nworkspace: x\nholder:\nneeded:\nshare:\ncheck:\n"}) {
    const auto refused = parse_share(text, "holder1.txt");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::parse);
    EXPECT_THAT(refused.error().message, HasSubstr("holder1.txt"));
  }
}

TEST(ShareFile, ADamagedOneIsNamedWhenTheKeyIsRebuilt) {
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("weir-shares-{}", ::getpid());
  fs::create_directories(folder);
  std::vector<fs::path> files;
  const std::vector<Share> shares = split_key(some_key(), 2, 3).value();
  for (const Share& share : shares) {
    files.push_back(folder / fmt::format("{}.txt", share.holder));
    ASSERT_TRUE(write_file_atomic(files.back(), to_text(share)));
  }
  const auto rebuilt = rebuild_key_from_files(files);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_EQ(rebuilt->bytes, some_key().bytes);
  std::string text = read_file(files[1], 1u << 16).value();
  const std::size_t at = text.find("share: ") + 7;
  text[at] = text[at] == '0' ? '1' : '0';
  ASSERT_TRUE(write_file_atomic(files[1], text));
  const auto refused = rebuild_key_from_files(files);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::corrupt);
  EXPECT_THAT(refused.error().message, HasSubstr("2.txt: the share of holder 2 is damaged"));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace weir::vault
