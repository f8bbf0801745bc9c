#include "weir/protect/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>

#include "weir/protect/detail/siphash.h"
#include "weir/protect/detail/words.h"
#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::set<std::uint64_t> hashes(const Features& features, Tier tier) {
  std::set<std::uint64_t> found;
  for (const Feature& feature : features.found) {
    if (feature.tier == tier) found.insert(feature.hash);
  }
  return found;
}

std::size_t shared(const Features& a, const Features& b, Tier tier) {
  const auto in_a = hashes(a, tier);
  return static_cast<std::size_t>(std::ranges::count_if(
      hashes(b, tier), [&](std::uint64_t hash) { return in_a.contains(hash); }));
}

TEST(Siphash, IsTheOneOfTheLibrary) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ((siphash<2, 4>(test_key().words(), text)), keyed_hash64(test_key().words(), text));
    text.push_back(static_cast<char>(200 + i));
  }
}

TEST(LightStem, MeetsTheFormsOfAWord) {
  for (const std::string_view form : {"deploys", "deployed", "deploying"}) {
    EXPECT_EQ(light_stem(form), "deploy");
  }
  EXPECT_EQ(light_stem("files"), light_stem("file"));
  EXPECT_EQ(light_stem("filed"), light_stem("filed"));
  for (const std::string_view word : {"class", "status", "analysis", "red", "sing", "42"}) {
    EXPECT_EQ(light_stem(word), word);
  }
}

TEST(Features, OfAnyFortyNineSharedLettersShareOne) {
  const std::string passage = "abcdefghijklmnopqrstuvwxyz0123456789zyxwvutsrqpon";
  ASSERT_EQ(passage.size(), 49u);
  const Features alone = features_of(passage);
  for (std::size_t before = 0; before < 40; ++before) {
    const Features within =
        features_of(std::string(before, 'q') + passage + std::string(60 - before, 'k'));
    EXPECT_GE(shared(alone, within, Tier::verbatim), 1u) << before;
  }
}

TEST(Features, OfVerbatimTextIgnoreSpacesAndPunctuation) {
  const std::string text = invented_text(1, 200);
  std::string squeezed;
  for (const char c : text) {
    if (c != ' ' && c != '.' && c != '\n') squeezed.push_back(c);
  }
  EXPECT_EQ(hashes(features_of(text), Tier::verbatim),
            hashes(features_of(squeezed), Tier::verbatim));
}

TEST(Features, OfRewordedTextOutliveReplacedWords) {
  std::vector<std::string> words = invented_words(1, 400);
  const Features whole = features_of(join(words));
  for (std::size_t i = 0; i < words.size(); i += 5) words[i] = "zebra";
  const Features changed = features_of(join(words));
  EXPECT_LE(shared(whole, changed, Tier::verbatim), 40u);
  EXPECT_GE(shared(whole, changed, Tier::reworded), 30u);
}

TEST(Features, OfRewordedTextOutliveAnotherOrder) {
  std::vector<std::string> words = invented_words(1, 400);
  const Features whole = features_of(join(words));
  for (std::size_t i = 0; i + 4 <= words.size(); i += 4) {
    std::swap(words[i], words[i + 2]);
    std::swap(words[i + 1], words[i + 3]);
  }
  EXPECT_GE(shared(whole, features_of(join(words)), Tier::reworded), 30u);
}

TEST(Features, OfTwoTextsAreNotTheSame) {
  const Features a = features_of(invented_text(1, 2000));
  const Features b = features_of(invented_text(2, 2000));
  EXPECT_EQ(shared(a, b, Tier::verbatim), 0u);
  EXPECT_LE(shared(a, b, Tier::reworded), 20u);
}

TEST(Features, AreOthersUnderAnotherKey) {
  const RegistryKey other(RegistryKey::Secret{9});
  const FeatureMaker maker(other);
  CanonicalText text;
  test_canonicalizer().run(invented_text(1, 500), text);
  Features features;
  maker.make(text, features);
  const Features mine = features_of(invented_text(1, 500));
  EXPECT_EQ(shared(mine, features, Tier::verbatim), 0u);
  EXPECT_EQ(shared(mine, features, Tier::reworded), 0u);
}

TEST(Features, NameTheWordTheyBeginIn) {
  const Features features = features_of(invented_text(1, 300));
  ASSERT_FALSE(features.found.empty());
  std::uint32_t last = 0;
  for (const Feature& feature : features.found) {
    EXPECT_LT(feature.word, 300u);
    if (feature.tier == Tier::verbatim) {
      EXPECT_GE(feature.word, last);
      last = feature.word;
    }
  }
  EXPECT_GT(last, 280u);
}

/// As the header says it, window by window.
std::vector<Feature> verbatim_slowly(const CanonicalText& text, std::size_t length,
                                     std::size_t window) {
  std::vector<std::uint64_t> hashes;
  for (std::size_t at = 0; at + length <= text.letters().size(); ++at) {
    std::uint64_t hash = 0;
    for (const char c : text.letters().substr(at, length)) {
      hash = std::rotl(hash, 1) ^ test_key().rolling()[static_cast<unsigned char>(c)];
    }
    hashes.push_back(hash);
  }
  std::vector<Feature> found;
  std::size_t last = hashes.size();
  for (std::size_t begin = 0; begin + window <= hashes.size(); ++begin) {
    std::size_t smallest = begin;
    for (std::size_t i = begin; i < begin + window; ++i) {
      if (hashes[i] <= hashes[smallest]) smallest = i;
    }
    if (smallest == last) continue;
    last = smallest;
    std::uint32_t word = 0;
    while (word + 1 < text.words().size() && text.words()[word + 1].letters_begin <= smallest) {
      ++word;
    }
    found.push_back({.hash = test_key().mix(hashes[smallest]), .word = word});
  }
  return found;
}

TEST(Features, OfVerbatimTextAreTheSmallestOfEachWindow) {
  Random random(3, 0, 0, 5);
  for (int round = 0; round < 300; ++round) {
    // Few letters: the same run comes again and again, within one window as well.
    const std::uint32_t letters = 1 + random.below(round % 2 == 0 ? 3 : 26);
    const std::uint32_t size = random.below(round % 8 == 0 ? 3000 : 200);
    const std::uint32_t spaces = 1 + random.below(30);
    std::string source;
    for (std::uint32_t i = 0; i < size; ++i) {
      source.push_back(random.below(spaces) == 0 ? ' '
                                                 : static_cast<char>('a' + random.below(letters)));
    }
    const int window = static_cast<int>(1 + random.below(63));
    const int length = static_cast<int>(1 + random.below(60));
    const FeatureMaker maker(test_key(), {.verbatim_letters = length, .verbatim_window = window});
    CanonicalText text;
    test_canonicalizer().run(source, text);
    Features features;
    maker.make(text, features);
    std::erase_if(features.found, [](const Feature& f) { return f.tier != Tier::verbatim; });
    const auto expected =
        verbatim_slowly(text, static_cast<std::size_t>(length), static_cast<std::size_t>(window));
    ASSERT_EQ(features.found.size(), expected.size()) << source;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(features.found[i].hash, expected[i].hash) << source;
      ASSERT_EQ(features.found[i].word, expected[i].word) << source;
    }
  }
}

TEST(Features, AreTheSameWithACache) {
  const RegistryKey other_key(RegistryKey::Secret{9});
  const FeatureMaker other(other_key);
  WordCache cache;
  for (std::uint64_t i = 0; i < 8; ++i) {
    const FeatureMaker& maker = i % 4 == 3 ? other : test_maker();
    CanonicalText text;
    test_canonicalizer().run("a " + invented_text(i / 2, 3000) + " internationalisation4 x", text);
    Features plain;
    Features cached;
    maker.make(text, plain);
    maker.make(text, cached, cache);
    EXPECT_EQ(cached.words, plain.words);
    ASSERT_EQ(cached.found.size(), plain.found.size());
    for (std::size_t k = 0; k < plain.words.size(); ++k) {
      ASSERT_EQ(plain.words[k], maker.token(text.word(k)));
    }
  }
}

TEST(Features, OfShortWordsAreThoseOfAnyWord) {
  Random random(3, 3, 0, 5);
  for (int round = 0; round < 2000; ++round) {
    // Endings that go, and nearly those.
    std::string source;
    for (int i = 0; i < 20; ++i) {
      for (std::uint32_t left = random.below(18); left > 0; --left) {
        source.push_back("abesuzingd"[random.below(10)]);
      }
      constexpr std::string_view kEndings[] = {"ing", "ed", "es", "s", "e", "ss", "us", "is"};
      source += kEndings[random.below(8)];
      source.push_back(' ');
    }
    CanonicalText text;
    test_canonicalizer().run(source, text);
    Features features;
    WordCache cache;
    test_maker().make(text, features, cache);
    for (std::size_t i = 0; i < features.words.size(); ++i) {
      ASSERT_EQ(features.words[i], test_maker().token(text.word(i))) << text.word(i);
    }
  }
}

TEST(Features, TellContentWordsFromCommonAndShortOnes) {
  EXPECT_TRUE(is_content(test_maker().token("turbine")));
  EXPECT_FALSE(is_content(test_maker().token("because")));
  EXPECT_FALSE(is_content(test_maker().token("axe")));
}

}  // namespace
}  // namespace weir::protect
