#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/random.h"
#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"
#include "weir/protect/segment_builder.h"

namespace weir::protect {

inline const RegistryKey& test_key() {
  static const RegistryKey key(RegistryKey::Secret{1, 2, 3});
  return key;
}

inline const Canonicalizer& test_canonicalizer() {
  static const Canonicalizer canonicalizer;
  return canonicalizer;
}

inline const FeatureMaker& test_maker() {
  static const FeatureMaker maker(test_key());
  return maker;
}

inline Features features_of(std::string_view text) {
  CanonicalText canonical;
  test_canonicalizer().run(text, canonical);
  Features features;
  test_maker().make(canonical, features);
  return features;
}

/// Prose of invented words, common and rare ones as languages have them; each number its own.
inline std::vector<std::string> invented_words(std::uint64_t number, std::size_t count) {
  constexpr std::string_view kSyllables[] = {"ba",  "con", "dre", "fil", "gor", "hum",
                                             "jin", "kal", "lor", "mex", "nob", "pra",
                                             "qui", "rem", "sut", "tov"};
  Random random(5, number, 0, 9);
  std::vector<std::string> words;
  while (words.size() < count) {
    auto rank = static_cast<std::uint32_t>(std::pow(20'000.0, random.uniform()));
    std::string word;
    for (rank += 3; rank > 0; rank /= 16) word += kSyllables[rank % 16];
    words.push_back(std::move(word));
  }
  return words;
}

inline std::string join(const std::vector<std::string>& words, std::size_t begin = 0,
                        std::size_t end = static_cast<std::size_t>(-1)) {
  std::string text;
  for (std::size_t i = begin; i < std::min(end, words.size()); ++i) {
    text += words[i] + (i % 12 == 11 ? ".\n" : " ");
  }
  return text;
}

inline std::string invented_text(std::uint64_t number, std::size_t count) {
  return join(invented_words(number, count));
}

inline DocumentId document_id(std::uint64_t number) { return {.high = 1, .low = number}; }

/// A segment of invented documents 0, 1, … of so many words each.
inline std::string segment_of(std::size_t documents, std::size_t words) {
  SegmentBuilder builder(test_key());
  for (std::size_t i = 0; i < documents; ++i) {
    (void)builder.add(document_id(i), features_of(invented_text(i, words)));
  }
  return std::move(builder).finish();
}

}  // namespace weir::protect
