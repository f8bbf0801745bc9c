#include "weir/protect/index.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "weir/base/test_folder.h"
#include "weir/protect/matcher.h"
#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

namespace fs = std::filesystem;

class IndexTest : public testing::Test {
 public:
  IndexTest() { reopen(); }

 protected:
  void reopen() {
    index_.reset();
    auto opened = Index::open(folder_, test_key());
    ASSERT_TRUE(opened) << opened.error().message;
    index_ = std::move(*opened);
  }
  void add(std::uint64_t number, std::uint64_t text) {
    const Features features = features_of(invented_text(text, 200));
    const Index::NewDocument document{.id = document_id(number), .features = &features};
    ASSERT_TRUE(index_->add(std::span(&document, 1)));
  }
  bool finds(std::uint64_t number, std::uint64_t text) {
    const auto result = matcher_.match(*index_->snapshot(), invented_text(text, 200));
    return !result.matches.empty() && result.matches.front().document == document_id(number);
  }
  std::size_t segment_files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      count += entry.path().extension() == ".segment" ? 1u : 0u;
    }
    return count;
  }

  TestFolder temporary_;
  const fs::path folder_ = temporary_.path() / "index";
  std::unique_ptr<Index> index_;
  Matcher matcher_{test_canonicalizer(), test_maker()};
};

TEST_F(IndexTest, FindsWhatWasAddedAtOnceAndAfterReopening) {
  add(1, 11);
  EXPECT_TRUE(finds(1, 11));
  ASSERT_TRUE(index_->flush());
  EXPECT_TRUE(finds(1, 11));
  add(2, 12);
  reopen();
  EXPECT_TRUE(finds(1, 11));
  EXPECT_FALSE(finds(2, 12)) << "it was not flushed";
}

TEST_F(IndexTest, ForgetsWhatWasRemoved) {
  add(1, 11);
  add(2, 12);
  ASSERT_TRUE(index_->flush());
  EXPECT_TRUE(index_->remove(document_id(1)));
  EXPECT_FALSE(index_->remove(document_id(1)));
  EXPECT_FALSE(finds(1, 11));
  ASSERT_TRUE(index_->flush());
  reopen();
  EXPECT_FALSE(finds(1, 11));
  EXPECT_TRUE(finds(2, 12));
  EXPECT_EQ(index_->snapshot()->document_count(), 1u);
}

TEST_F(IndexTest, ReplacesADocumentOfTheSameId) {
  add(1, 11);
  ASSERT_TRUE(index_->flush());
  add(1, 12);
  EXPECT_FALSE(finds(1, 11));
  EXPECT_TRUE(finds(1, 12));
  ASSERT_TRUE(index_->flush());
  EXPECT_EQ(index_->snapshot()->document_count(), 1u);
}

TEST_F(IndexTest, LeavesReadersWhatTheyHave) {
  add(1, 11);
  const auto before = index_->snapshot();
  ASSERT_TRUE(index_->remove(document_id(1)));
  ASSERT_TRUE(index_->flush());
  EXPECT_EQ(matcher_.match(*before, invented_text(11, 200)).matches.size(), 1u);
  EXPECT_FALSE(finds(1, 11));
}

TEST_F(IndexTest, KeepsFewSegments) {
  for (std::uint64_t i = 0; i < 40; ++i) {
    add(i, i);
    ASSERT_TRUE(index_->flush());
  }
  EXPECT_LE(segment_files(), 6u);
  EXPECT_EQ(segment_files(), index_->snapshot()->parts().size());
  for (std::uint64_t i = 0; i < 40; ++i) EXPECT_TRUE(finds(i, i)) << i;
}

TEST_F(IndexTest, TakesVersionsForOneDocumentAndALicenceForBoilerplate) {
  std::vector<std::string> plan = invented_words(900, 400);
  const std::vector<std::string> licence = invented_words(901, 60);
  const std::uint64_t many = std::uint64_t{2} * kBoilerplateDocuments;
  const auto add_text = [&](std::uint64_t number, const std::string& text) {
    const Features features = features_of(text);
    const Index::NewDocument document{.id = document_id(number), .features = &features};
    ASSERT_TRUE(index_->add(std::span(&document, 1)));
  };
  for (std::uint64_t i = 0; i < many; ++i) {
    plan[i] = "version" + std::to_string(i);
    add_text(i, join(plan));
    if (i == many / 2) reopen();  // loses what was not flushed
    if (i == many / 3) {
      ASSERT_TRUE(index_->flush());
    }
  }
  for (std::uint64_t i = 0; i < many; ++i) {
    add_text(1000 + i, invented_text(1000 + i, 150) + join(licence));
  }
  const auto& found = matcher_.match(*index_->snapshot(), join(plan, 200, 260)).matches;
  ASSERT_EQ(found.size(), 2u) << "two versions at most";
  EXPECT_GT(found.front().unique_words, 50u) << "versions are not others";
  EXPECT_TRUE(matcher_.match(*index_->snapshot(), join(licence)).matches.empty());
  EXPECT_EQ(index_->snapshot()->telling_share(features_of(join(plan))), 1.0);
  EXPECT_EQ(index_->snapshot()->telling_share(features_of(join(licence))), 0.0);
  // Another document beside them is not crowded out.
  const std::string both = join(plan, 200, 300) + invented_text(1003, 150).substr(0, 300);
  std::set<DocumentId> named;
  for (const Match& match : matcher_.match(*index_->snapshot(), both).matches) {
    named.insert(match.document);
  }
  EXPECT_TRUE(named.contains(document_id(1003)));
}

TEST_F(IndexTest, RemembersTheBackground) {
  add(1, 11);
  index_->learn_background(features_of(invented_text(11, 200)).found);
  ASSERT_TRUE(index_->flush());
  EXPECT_FALSE(finds(1, 11));
  reopen();
  EXPECT_FALSE(finds(1, 11));
  EXPECT_EQ(index_->snapshot()->background().text_count(), 1u);
}

TEST_F(IndexTest, LearnsTheBackgroundOfManyTextsAtOnce) {
  for (std::uint64_t i = 0; i < 20; ++i) add(i, i);
  const auto before = index_->snapshot();
  for (std::uint64_t i = 0; i < 10; ++i) {
    index_->learn_background(features_of(invented_text(i, 200)).found);
    EXPECT_EQ(index_->snapshot(), before) << "a snapshot for every text";
  }
  EXPECT_TRUE(finds(1, 1));
  ASSERT_TRUE(index_->flush());
  index_->learn_background(features_of(invented_text(10, 200)).found);
  ASSERT_TRUE(index_->flush());
  EXPECT_EQ(before->background().text_count(), 0u) << "who has a snapshot keeps it";
  EXPECT_EQ(index_->snapshot()->background().text_count(), 11u);
  for (std::uint64_t i = 0; i < 20; ++i) EXPECT_EQ(finds(i, i), i > 10) << i;
}

TEST_F(IndexTest, KeepsWhatWasLearntWhenItCannotBeWritten) {
  add(1, 11);
  ASSERT_TRUE(index_->flush());
  index_->learn_background(features_of(invented_text(11, 200)).found);
  fs::create_directories(folder_ / "background" / "in the way");
  EXPECT_FALSE(index_->flush());
  fs::remove_all(folder_ / "background");
  ASSERT_TRUE(index_->flush());
  EXPECT_FALSE(finds(1, 11));
}

TEST_F(IndexTest, AddsAllOrNone) {
  const Features good = features_of(invented_text(11, 200));
  const Features empty;
  const Index::NewDocument documents[] = {{.id = document_id(1), .features = &good},
                                          {.id = document_id(2), .features = &empty}};
  EXPECT_FALSE(index_->add(documents));
  EXPECT_FALSE(finds(1, 11));
}

TEST_F(IndexTest, RemovesFilesThatACrashLeft) {
  add(1, 11);
  ASSERT_TRUE(index_->flush());
  std::ofstream(folder_ / "000099.segment") << "half";
  reopen();
  EXPECT_EQ(segment_files(), 1u);
  EXPECT_TRUE(finds(1, 11));
}

TEST_F(IndexTest, NoticesDamage) {
  add(1, 11);
  ASSERT_TRUE(index_->flush());
  index_.reset();
  for (const fs::path& path : {folder_ / "000001.segment", folder_ / "list"}) {
    const std::string good = read_file(path, 1u << 30).value();
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
    ASSERT_TRUE(write_file_atomic(path, bad));
    const auto opened = Index::open(folder_, test_key());
    ASSERT_FALSE(opened) << path;
    EXPECT_EQ(opened.error().code, ErrorCode::corrupt);
    EXPECT_NE(opened.error().message.find(path.filename().string()), std::string::npos);
    ASSERT_TRUE(write_file_atomic(path, good));
  }
  EXPECT_TRUE(Index::open(folder_, test_key()));
}

TEST_F(IndexTest, IsReadByOthersWhileOneHasIt) {
  add(1, 11);
  auto before = Index::read(folder_, test_key());
  ASSERT_TRUE(before) << before.error().message;
  EXPECT_EQ((*before)->document_count(), 0u) << "not flushed";
  ASSERT_TRUE(index_->flush());
  add(2, 12);
  ASSERT_TRUE(index_->flush());  // writes both together and removes the first file
  const auto after = Index::read(folder_, test_key());
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ((*after)->document_count(), 2u);
  EXPECT_EQ((*Index::read(folder_ / "nowhere", test_key()))->document_count(), 0u);
}

TEST_F(IndexTest, ReadersMeetNoHalfDoneChange) {
  std::atomic<bool> done = false;
  std::thread reader([&] {
    std::uint64_t seen = 0;
    while (!done) {
      const auto snapshot = Index::read(folder_, test_key());
      ASSERT_TRUE(snapshot) << snapshot.error().message;
      EXPECT_GE((*snapshot)->document_count(), seen);
      seen = (*snapshot)->document_count();
    }
  });
  for (std::uint64_t i = 1; i <= 60; ++i) {
    add(i, 100 + i);
    ASSERT_TRUE(index_->flush());
  }
  done = true;
  reader.join();
}

TEST_F(IndexTest, RefusesASecondProcessAndAnotherSecret) {
  add(1, 11);
  ASSERT_TRUE(index_->flush());
  index_.reset();
  const auto other = Index::open(folder_, RegistryKey(RegistryKey::Secret{8}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace weir::protect
