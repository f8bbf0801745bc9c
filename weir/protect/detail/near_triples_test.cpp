#include "weir/protect/detail/near_triples.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "weir/base/random.h"

namespace weir::protect {
namespace {

std::vector<Triple> all_of(NearTriples triples) {
  std::vector<Triple> all;
  for (std::span<const Triple> some; triples.next(some);) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// As the header says it, word by word.
std::vector<Triple> slowly(const std::vector<WordToken>& words, NearTriples::Shape shape) {
  struct Content {
    std::uint64_t token;
    std::uint32_t at;
  };
  std::vector<Content> content;
  std::vector<Triple> taken;
  for (std::uint32_t at = 0; at < words.size(); ++at) {
    if (!is_content(words[at])) continue;
    const auto c = static_cast<std::uint64_t>(words[at]);
    for (std::size_t i = 2; i <= std::min<std::size_t>(4, content.size()); ++i) {
      const Content& a = content[content.size() - i];
      if (at - a.at >= shape.near) continue;
      for (std::size_t j = 1; j < i; ++j) {
        const std::uint64_t b = content[content.size() - j].token;
        const std::uint64_t joined =
            (c + a.token + b) * 0xff51afd7ed558ccdu ^ std::rotl(c ^ a.token ^ b, 32);
        if (joined >> 32 < shape.share) taken.push_back({.joined = joined, .word = a.at});
      }
    }
    content.push_back({.token = c, .at = at});
  }
  return taken;
}

TEST(NearTriples, AreTheSameOnEveryProcessor) {
  Random random(3, 2, 0, 5);
  for (int round = 0; round < 400; ++round) {
    const std::uint32_t distinct = 1 + random.below(1000);
    const std::uint32_t content = random.below(9);
    std::vector<WordToken> words;
    for (std::uint32_t left = random.below(round % 4 == 0 ? 2000 : 60); left > 0; --left) {
      const std::uint64_t token = (random.below(distinct) + 1) * 0x9e3779b97f4a7c15u;
      words.push_back(
          WordToken{random.below(8) < content ? token | kContentBit : token & ~kContentBit});
    }
    const NearTriples::Shape shape{.near = 2 + random.below(12),
                                   .share = 0xffffffffu / (1 + random.below(20))};
    const auto expected = slowly(words, shape);
    NearTriples plain(words, shape);
    plain.be_plain();
    for (const auto& found : {all_of(NearTriples(words, shape)), all_of(plain)}) {
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].joined, expected[i].joined);
        ASSERT_EQ(found[i].word, expected[i].word);
      }
    }
  }
}

}  // namespace
}  // namespace weir::protect
