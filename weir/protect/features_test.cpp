#include "weir/protect/features.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(Features, TellContentWordsFromCommonAndShortOnes) {
  EXPECT_TRUE(is_content(test_maker().token("turbine")));
  EXPECT_FALSE(is_content(test_maker().token("because")));
  EXPECT_FALSE(is_content(test_maker().token("axe")));
}

}  // namespace
}  // namespace weir::protect
