#include "weir/content/detail/pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "weir/base/hash.h"
#include "weir/base/random.h"
#include "weir/content/extract.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

std::string noise(std::uint64_t number, std::size_t size) {
  Random random(number, 1, 2, 3);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random.below(256));
  return bytes;
}

std::size_t shared(const std::string& a, const std::string& b) {
  const std::vector<std::uint64_t> pieces = pieces_of(a);
  const std::set<std::uint64_t> known(pieces.begin(), pieces.end());
  const std::vector<std::uint64_t> others = pieces_of(b);
  return static_cast<std::size_t>(
      std::ranges::count_if(others, [&](std::uint64_t piece) { return known.contains(piece); }));
}

TEST(Pieces, AreTheSameWhereverTheyStand) {
  const std::string film = noise(1, 400'000);
  const std::size_t all = pieces_of(film).size();
  EXPECT_NEAR(static_cast<double>(all), 400'000 / 5000.0, 20);
  EXPECT_EQ(shared(film, film), all);
  EXPECT_GE(shared(film, "another header" + film), all - 2);
  EXPECT_GE(shared(film, noise(2, 10'000) + film.substr(100'000, 200'000)), all / 2 - 3);
  std::string edited = film;
  edited.erase(50'000, 7);
  edited.insert(300'000, "more");
  EXPECT_GE(shared(film, edited), all - 4);
  EXPECT_EQ(shared(film, noise(3, 400'000)), 0u);
}

TEST(Pieces, DoNotChangeFromVersionToVersion) {
  const std::vector<std::uint64_t> pieces = pieces_of(noise(7, 50'000));
  std::string bytes;
  for (const std::uint64_t piece : pieces) bytes += std::to_string(piece) + ' ';
  EXPECT_EQ(pieces.size(), 11u);
  EXPECT_EQ(checksum64(bytes), 11455815447786604873u);
}

TEST(Pieces, LeaveOutPaddingAndRepeats) {
  EXPECT_TRUE(pieces_of("").empty());
  EXPECT_TRUE(pieces_of(std::string(1'000'000, '\0')).empty());
  const std::string block = noise(4, 16'384);
  std::string repeated;
  for (int i = 0; i < 50; ++i) repeated += block;
  EXPECT_LT(pieces_of(repeated).size(), 12u);
  EXPECT_EQ(pieces_of(noise(5, 100)).size(), 1u);
}

TEST(Pieces, AreOfFilesWithoutText) {
  const std::string picture = "\x89PNG\r\n\x1a\n" + noise(6, 60'000);
  const auto pieces_at = [](const Extraction& extraction, std::string_view path) {
    const auto file = std::ranges::find(extraction.files, path, &FileDigest::path);
    return file == extraction.files.end() ? std::vector<std::uint64_t>{} : file->pieces;
  };
  const Extraction deck = extract(docx_of(paragraph("words"), {{"word/media/image1.png", picture}}),
                                  {.limits = {}, .name = "f"});
  EXPECT_EQ(pieces_at(deck, "f › word/media/image1.png"), pieces_of(picture));
  EXPECT_TRUE(pieces_at(deck, "f").empty());
  EXPECT_TRUE(pieces_at(deck, "f › word/document.xml").empty());
}

}  // namespace
}  // namespace weir::content
