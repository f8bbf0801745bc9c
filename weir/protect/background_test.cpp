#include "weir/protect/background.h"

#include <gtest/gtest.h>

#include "weir/protect/test_support.h"

namespace weir::protect {
namespace {

std::size_t known(const Background& background, const Features& features) {
  return static_cast<std::size_t>(std::ranges::count_if(
      features.found, [&](const Feature& f) { return background.knows(f.hash); }));
}

TEST(Background, KnowsWhatItLearnt) {
  Background background;
  const Features features = features_of(invented_text(1, 500));
  EXPECT_EQ(known(background, features), 0u);
  background.learn(features.found);
  EXPECT_EQ(known(background, features), features.found.size());
  EXPECT_LE(known(background, features_of(invented_text(2, 500))), 10u);
}

TEST(Background, CountsATextOnce) {
  Background background({.counter_bits = 20, .least_texts = 2});
  Features features = features_of(invented_text(1, 500));
  features.found.insert(features.found.end(), features.found.begin(), features.found.end());
  background.learn(features.found);
  EXPECT_EQ(known(background, features), 0u);
  background.learn(features.found);
  EXPECT_EQ(known(background, features), features.found.size());
}

TEST(Background, ComesBackFromStorage) {
  Background background({.counter_bits = 12});
  const Features features = features_of(invented_text(1, 100));
  background.learn(features.found);
  const std::string bytes = background.encode(test_key());
  const auto again = Background::decode(bytes, test_key());
  ASSERT_TRUE(again);
  EXPECT_EQ(known(*again, features), features.found.size());
  EXPECT_EQ(again->text_count(), 1u);

  EXPECT_FALSE(Background::decode(bytes, RegistryKey(RegistryKey::Secret{5})));
  for (std::size_t at = 0; at < bytes.size(); at += 41) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    EXPECT_FALSE(Background::decode(bad, test_key())) << at;
    EXPECT_FALSE(Background::decode(bytes.substr(0, at), test_key())) << at;
  }
}

}  // namespace
}  // namespace weir::protect
