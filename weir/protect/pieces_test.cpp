#include "weir/protect/pieces.h"

#include <gtest/gtest.h>

#include "weir/base/test_folder.h"
#include "weir/protect/index.h"
#include "weir/protect/matcher.h"
#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::vector<std::uint64_t> film(std::uint64_t number, std::size_t size) {
  Random random(number, 3, 1, 4);
  std::vector<std::uint64_t> pieces;
  while (pieces.size() < size) {
    pieces.push_back((std::uint64_t{random.below(~0u)} << 32) | random.below(~0u));
  }
  return pieces;
}

class PiecesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Index::open(folder_.path() / "index", test_key());
    ASSERT_TRUE(opened);
    index_ = std::move(*opened);
    for (std::uint64_t i = 0; i < 20; ++i) add(i, invented_text(i, i % 2 * 300), film(i, 200));
    ASSERT_TRUE(index_->flush());
  }
  void add(std::uint64_t number, std::string_view text, const std::vector<std::uint64_t>& pieces) {
    Features features = features_of(text);
    add_pieces(test_key(), pieces, features);
    const Index::NewDocument document{.id = document_id(number + 1), .features = &features};
    ASSERT_TRUE(index_->add(std::span(&document, 1)));
  }
  std::vector<Match> find(const std::vector<std::uint64_t>& pieces) {
    return matcher_.match_pieces(*index_->snapshot(), pieces).matches;
  }

  TestFolder folder_;
  std::unique_ptr<Index> index_;
  Matcher matcher_{test_canonicalizer(), test_maker()};
};

TEST_F(PiecesTest, NameTheDocumentOfAFileAndHowMuchOfIt) {
  for (const std::uint64_t number : {4u, 5u}) {  // without text and with 300 words
    std::vector<std::uint64_t> part = film(number, 120);
    part.erase(part.begin(), part.begin() + 60);
    const std::vector<Match> found = find(part);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].document, document_id(number + 1));
    EXPECT_EQ(found[0].kind, MatchKind::pieces);
    EXPECT_EQ(found[0].document_words, number % 2 * 300 + 200);
    EXPECT_EQ(found[0].found_words, 60u);
    EXPECT_EQ(found[0].unique_words, 60u);
    EXPECT_NEAR(found[0].exposure.count(), 2.0, 1.0);
  }
}

TEST_F(PiecesTest, FindNothingInOtherFiles) {
  EXPECT_TRUE(find(film(99, 50'000)).empty());
  EXPECT_TRUE(find({}).empty());
  std::vector<std::uint64_t> logo = film(3, Matcher::kLeastPieces);
  EXPECT_EQ(find(logo).size(), 1u);
  logo.pop_back();
  EXPECT_TRUE(find(logo).empty()) << "too little to say anything";
}

TEST_F(PiecesTest, LeaveTextsAlone) {
  const std::vector<Match> found =
      matcher_.match(*index_->snapshot(), invented_text(7, 300)).matches;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].found_words, 300.0, 5.0);
  EXPECT_EQ(found[0].document_words, 500u);
  std::uint64_t counted = 0;
  for (const Snapshot::Part& part : index_->snapshot()->parts()) {
    counted += part.segment->word_count();
  }
  EXPECT_EQ(counted, 10 * 300u) << "pieces tell nothing of how common words are";
}

TEST_F(PiecesTest, TellThoseOfOneDocumentFromThoseOfTwo) {
  std::vector<std::uint64_t> both = film(6, 100);
  const std::vector<std::uint64_t> own = film(50, 300);
  both.insert(both.end(), own.begin(), own.end());
  add(50, "", both);
  const std::vector<Match> found = find(film(6, 150));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].document, document_id(7));
  EXPECT_EQ(found[0].found_words, 150u);
  EXPECT_EQ(found[0].unique_words, 50u);
}

TEST_F(PiecesTest, OfALetterheadNameNobody) {
  std::vector<std::uint64_t> head = film(60, 20);
  EXPECT_TRUE(find(head).empty());
  add(60, invented_text(60, 200), head);
  EXPECT_EQ(find(head).size(), 1u);
  add(61, invented_text(61, 200), head);
  EXPECT_TRUE(find(head).empty());
  // A film in two courses is more than that.
  const std::vector<std::uint64_t> shared = film(62, Matcher::kManyPieces);
  add(62, invented_text(62, 200), shared);
  add(63, invented_text(63, 200), shared);
  EXPECT_EQ(find(shared).size(), 2u);
}

TEST_F(PiecesTest, OfTheBackgroundAreNoFinds) {
  Features public_film = features_of("");
  add_pieces(test_key(), film(8, 200), public_film);
  index_->learn_background(public_film.found);
  ASSERT_TRUE(index_->flush());
  EXPECT_TRUE(find(film(8, 200)).empty());
  EXPECT_EQ(find(film(9, 200)).size(), 1u);
}

}  // namespace
}  // namespace weir::protect
