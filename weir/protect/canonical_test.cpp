#include "weir/protect/canonical.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "weir/base/random.h"

namespace weir::protect {
namespace {

const Canonicalizer& canonicalizer() {
  static const Canonicalizer one;
  return one;
}

std::vector<std::string> words_of(std::string_view source) {
  CanonicalText text;
  canonicalizer().run(source, text);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.words().size(); ++i) words.emplace_back(text.word(i));
  return words;
}

std::string letters_of(std::string_view source) {
  CanonicalText text;
  canonicalizer().run(source, text);
  return std::string(text.letters());
}

using Words = std::vector<std::string>;

TEST(Canonical, KeepsLettersAndDigitsOfAsciiInLowerCase) {
  EXPECT_EQ(words_of("The RED line: 42, (approx.)\n"),
            (Words{"the", "red", "line", "42", "approx"}));
  EXPECT_EQ(letters_of("The RED line"), "theredline");
  EXPECT_EQ(words_of(""), Words{});
  EXPECT_EQ(words_of(" \n\t.,;"), Words{});
}

TEST(Canonical, ReadsAsciiAsOneWouldLetterByLetter) {
  Random random(4, 0, 0, 5);
  for (int round = 0; round < 2000; ++round) {
    std::string source;
    Words expected;
    bool in_word = false;
    for (std::uint32_t left = random.below(60); left > 0; --left) {
      // Mostly letters; bytes that are not UTF-8 separate; those that join words are tested below.
      char c = static_cast<char>(random.below(8) == 0 ? random.below(256) : 'A' + random.below(26));
      if (c == '\'' || c == '-' || static_cast<unsigned char>(c) > 0xc1) c = '\xff';
      source.push_back(c);
      const bool upper = c >= 'A' && c <= 'Z';
      const bool counts = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (counts && !in_word) expected.emplace_back();
      if (counts) expected.back().push_back(static_cast<char>(upper ? c + 32 : c));
      in_word = counts;
    }
    ASSERT_EQ(words_of(source), expected) << round;
  }
}

/// Bytes of all kinds that mean something to words, more and less of them.
std::string hostile_text(Random& random) {
  constexpr std::string_view kPieces[] = {"'",
                                          "-",
                                          "-\n",
                                          "-\r\n> ",
                                          "--",
                                          "\u2019",
                                          "\u00ad",
                                          "\u00ad\n",
                                          "\u2010\n",
                                          "\u200b",
                                          "\u00e9",
                                          "\u0435",
                                          "\u673a",
                                          "\u5bc6",
                                          "\ufdfa",
                                          "\u3000",
                                          " ",
                                          "\n",
                                          "\t",
                                          ".",
                                          "\xff",
                                          "\xe2\x80",
                                          "\xc0\xaf",
                                          "\u0e01",
                                          "\u0301",
                                          "\u2028",
                                          "_",
                                          "@[`{/:",
                                          "\x7f\x80",
                                          "\U0001d42c",
                                          "\xf4\x90\x80\x80"};
  constexpr std::uint32_t kRarer[] = {1, 3, 10, 100};
  const std::uint32_t rarer = kRarer[random.below(4)];
  std::string text;
  for (std::uint32_t left = random.below(300); left > 0; --left) {
    if (random.below(rarer) == 0) text += kPieces[random.below(std::size(kPieces))];
    if (random.below(rarer) == 0) text.push_back(static_cast<char>(random.below(256)));
    if (random.below(2) == 0) text.push_back(' ');
    for (std::uint32_t i = random.below(random.below(8) == 0 ? 90 : 9); i > 0; --i) {
      text.push_back(static_cast<char>((random.below(9) == 0 ? 'A' : 'a') + random.below(26)));
    }
  }
  return text;
}

TEST(Canonical, ReadsInBlocksAsLetterByLetter) {
  const Canonicalizer slow({.in_blocks = false});
  Random random(4, 1, 0, 5);
  CanonicalText text;
  CanonicalText expected;
  for (int round = 0; round < 5000; ++round) {
    const std::string source = hostile_text(random);
    canonicalizer().run(source, text);
    slow.run(source, expected);
    ASSERT_EQ(text.letters(), expected.letters()) << source;
    ASSERT_TRUE(std::ranges::equal(text.words(), expected.words())) << source;
  }
}

TEST(Canonical, FoldsLookAlikesOfOtherScripts) {
  for (const std::string_view disguised :
       {"s\u0435cr\u0435t d\u043ecument",  // Cyrillic e, o
        "\u0455ecret documen\u03c4",       // Cyrillic s, Greek tau
        "\uff33\uff25\uff23\uff32\uff25\uff34 \uff44\uff4f\uff43\uff55\uff4d\uff45\uff4e\uff54",
        "\U0001d42c\U0001d41e\U0001d41c\U0001d42b\U0001d41e\U0001d42d document",  // mathematical
        "\u24e2\u24d4\u24d2\u24e1\u24d4\u24e3 document",                          // circled
        "SE\u0421RE\u0422 D\u039fCUMENT"}) {  // Cyrillic and Greek capitals
    EXPECT_EQ(words_of(disguised), (Words{"secret", "document"})) << disguised;
  }
}

TEST(Canonical, TakesCapitalsThatLookLikeIForI) {
  EXPECT_EQ(words_of("\u0406nternal \u0399NDEX"), (Words{"internal", "index"}));
}

TEST(Canonical, FoldsARussianWordAlikeInBothCases) {
  for (const std::string_view word : {"Москва", "МОСКВА", "москва"}) {
    EXPECT_EQ(words_of(word), words_of("москва")) << word;
  }
}

TEST(Canonical, DropsWhatIsNotSeen) {
  for (const std::string_view disguised :
       {"se\u200bcret", "se\u00adcret", "s\u2060e\u200dcret", "\u202esecret\u202c",
        "s\u0336e\u0336c\u0336r\u0336e\u0336t\u0336", "se\U000e0020cret", "s\u00e9cr\u00e8t"}) {
    EXPECT_EQ(words_of(disguised), Words{"secret"}) << disguised;
  }
}

TEST(Canonical, PutsHyphenatedWordsTogether) {
  EXPECT_EQ(words_of("the docu-\nment"), (Words{"the", "document"}));
  EXPECT_EQ(words_of("> the docu-  \r\n> > ment"), (Words{"the", "document"}));
  EXPECT_EQ(words_of("the docu\u2010\n   ment"), (Words{"the", "document"}));
  EXPECT_EQ(words_of("the docu\u00ad\nment"), (Words{"the", "document"}));
  EXPECT_EQ(words_of("well-known"), (Words{"well", "known"}));
  EXPECT_EQ(words_of("the end-\n\nnext"), (Words{"the", "end", "next"}));
  EXPECT_EQ(words_of("list:\n- item"), (Words{"list", "item"}));
}

TEST(Canonical, DropsApostrophesInsideWords) {
  EXPECT_EQ(words_of("don't don\u2019t 'quoted'"), (Words{"dont", "dont", "quoted"}));
}

TEST(Canonical, MakesPairsOfUnspacedCharacters) {
  EXPECT_EQ(words_of("机密文件"), (Words{"机密", "密文", "文件"}));
  EXPECT_EQ(words_of("机密\n  文件"), (Words{"机密", "密文", "文件"}));
  EXPECT_EQ(words_of("密"), Words{"密"});
  EXPECT_EQ(words_of("plan 机密 b"), (Words{"plan", "机密", "b"}));
  EXPECT_EQ(letters_of("机密文件"), "机密文件");
  EXPECT_EQ(words_of("ｶﾀ"), words_of("カタ"));
}

TEST(Canonical, MapsWordsBackToTheSource) {
  const std::string source = "A \u0435nd-\nless \uff33tory.";
  CanonicalText text;
  canonicalizer().run(source, text);
  ASSERT_EQ(text.words().size(), 3u);
  const auto source_of = [&](std::size_t i) {
    const Word& word = text.words()[i];
    return source.substr(word.source_begin, word.source_end - word.source_begin);
  };
  EXPECT_EQ(source_of(0), "A");
  EXPECT_EQ(source_of(1), "\u0435nd-\nless");
  EXPECT_EQ(source_of(2), "\uff33tory");
}

TEST(Canonical, TakesAnyBytes) {
  EXPECT_EQ(words_of("abc\xff\xfe"
                     "def"),
            (Words{"abc", "def"}));
  EXPECT_EQ(words_of("abc\xe2\x80"), Words{"abc"});
  EXPECT_EQ(words_of("\xc0\xafxy\xed\xa0\x80z"), (Words{"xy", "z"}));
}

TEST(Canonical, GrowsForTextThatExpands) {
  std::string source;
  for (int i = 0; i < 1000; ++i) source += "\ufdfa ";  // one character, 18 letters
  EXPECT_GT(letters_of(source).size(), 20'000u);
}

TEST(Canonical, CutsWhatIsTooLong) {
  const Canonicalizer small({.max_bytes = 8});
  CanonicalText text;
  small.run("one two three", text);
  EXPECT_TRUE(text.truncated());
  EXPECT_EQ(text.words().size(), 2u);
  small.run("one", text);
  EXPECT_FALSE(text.truncated());
  EXPECT_EQ(text.letters(), "one");
}

}  // namespace
}  // namespace weir::protect
