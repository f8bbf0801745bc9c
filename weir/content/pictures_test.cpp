#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "weir/base/file.h"
#include "weir/content/extractor.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::string test_picture(const std::string& name) {
  return read_file(std::string(WEIR_TESTDATA) + "/pictures/" + name, 1u << 20).value();
}

/// A piece of the test picture "words.png" cannot be cut out without a decoder: blots of ink.
std::string blots(std::size_t width, std::size_t height, unsigned seed) {
  std::string points(width * height, '\xff');
  std::mt19937 random(seed);
  for (int i = 0; i < 5; ++i) points[random() % points.size()] = '\0';
  return png_of(width, points);
}

class Pictures : public testing::Test {
 protected:
  Extraction read(std::string_view bytes, Extractor::Options options = {}) {
    options.program = WEIR_EXTRACT;
    options.workers = 1;
    auto extractor = Extractor::create(std::move(options));
    EXPECT_TRUE(extractor) << (extractor ? "" : extractor.error().message);
    return extractor ? (*extractor)->extract(bytes, "f") : Extraction{};
  }
  std::vector<std::string> reasons(const Extraction& extraction) {
    std::vector<std::string> out;
    for (const Finding& finding : extraction.findings) out.push_back(finding.reason);
    return out;
  }
  std::string text(const Extraction& extraction, PartKind kind) {
    std::string out;
    for (const Part& part : extraction.parts) {
      if (part.kind == kind) out += part.text;
    }
    return out;
  }
};

TEST_F(Pictures, ThatLookLikeTextAreFindingsAndOthersAreNot) {
  EXPECT_THAT(reasons(read(test_picture("words.png"))), ElementsAre(HasSubstr("looks like text")));
  EXPECT_TRUE(read(png_of(200, std::string(200 * 100, 'x'))).is_complete());
  EXPECT_TRUE(read(blots(200, 100, 1)).is_complete());
  const std::string letter =
      docx_of(paragraph("words"), {{"word/media/image1.png", blots(90, 90, 2)}});
  EXPECT_TRUE(read(letter).is_complete());
}

TEST_F(Pictures, AreLookedAtInEveryFrame) {
  const Extraction out = read(test_picture("second_frame.gif"));
  ASSERT_THAT(reasons(out), ElementsAre(HasSubstr("looks like text")));
  EXPECT_EQ(out.findings[0].path, "f › frame 2");
}

TEST_F(Pictures, ThatCannotBeDecodedAreFindings) {
  const std::string whole = test_picture("words.png");
  EXPECT_FALSE(read(whole.substr(0, 60)).is_complete());
  EXPECT_FALSE(read("\x89PNG\r\n\x1a\n" + std::string(300, 'p')).is_complete());
  EXPECT_THAT(reasons(read("8BPS\0\1"s + std::string(100, '\0'))),
              ElementsAre(HasSubstr("format is not known")));
  EXPECT_THAT(reasons(read(whole, {.limits = {.picture_points = 1000}})),
              ElementsAre(HasSubstr("more than 1,000 points")));
}

TEST_F(Pictures, SmallOnesCountTogether) {
  TestZip::Files pieces;
  for (unsigned i = 0; i < 80; ++i) {
    pieces.emplace_back("p" + std::to_string(i) + ".png", blots(30, 20, i));
  }
  EXPECT_THAT(reasons(read(zip_of(pieces))), ElementsAre(HasSubstr("together may hold text")));
  for (auto& [name, content] : pieces) content = pieces[0].second;
  EXPECT_TRUE(read(zip_of(pieces)).is_complete()) << "the same picture over and over";
}

TEST_F(Pictures, TextBesideThePointsIsRead) {
  const std::string points(100 * 100, 'x');
  const Extraction out =
      read(png_of(100, points,
                  png_chunk("tEXt", "Comment\0plain words"s) +
                      png_chunk("zTXt", "Comment\0\0"s + deflated("packed words", MAX_WBITS))));
  EXPECT_TRUE(out.is_complete());
  EXPECT_THAT(text(out, PartKind::properties), HasSubstr("plain words"));
  EXPECT_THAT(text(out, PartKind::properties), HasSubstr("packed words"));

  const Extraction behind = read(png_of(100, points) + "words behind it, some of them");
  EXPECT_THAT(text(behind, PartKind::body), HasSubstr("words behind it"));
  EXPECT_TRUE(read(png_of(100, points) + std::string(500, '\0')).is_complete());
  const std::string jpeg =
      "\xff\xd8\xff\xfe\0\x14"
      " a comment of JPEG\xff\xd9"s +
      "words behind";
  EXPECT_THAT(text(read(jpeg), PartKind::properties), HasSubstr("a comment of JPEG"));
  EXPECT_THAT(text(read(jpeg), PartKind::body), HasSubstr("words behind"));
}

TEST_F(Pictures, DataInTheLowestBitsAreAFinding) {
  std::mt19937 random(1);
  std::string points(100 * 100, '\0');
  for (char& point : points) point = static_cast<char>(100 | (random() & 1));
  EXPECT_THAT(reasons(read(png_of(100, points))), ElementsAre(HasSubstr("lowest bits")));
}

TEST_F(Pictures, AreReadByOcrWhereThatIsWanted) {
  const Extraction out = read(test_picture("words.png"), {.ocr = "eng"});
  EXPECT_TRUE(out.is_complete());
  EXPECT_THAT(text(out, PartKind::recognised), HasSubstr("quarterly revenue figures"));
  const Extraction packed =
      read(docx_of(paragraph("words"), {{"word/media/image1.png", test_picture("words.png")}}),
           {.ocr = "eng"});
  EXPECT_TRUE(packed.is_complete());
  EXPECT_THAT(text(packed, PartKind::recognised), HasSubstr("partners in several markets"));
  EXPECT_FALSE(
      read(test_picture("words.png"), {.limits = {.ocr_pictures = 0}, .ocr = "eng"}).is_complete());
}

TEST_F(Pictures, AMissingLanguageIsKnownAtOnce) {
  auto missing = Extractor::create({.program = WEIR_EXTRACT, .ocr = "eng+tlh_x"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_THAT(missing.error().message, HasSubstr("Debian package tesseract-ocr-tlh-x"));
  EXPECT_FALSE(Extractor::create({.program = WEIR_EXTRACT, .ocr = "../../eng"}));
}

}  // namespace
}  // namespace weir::content
