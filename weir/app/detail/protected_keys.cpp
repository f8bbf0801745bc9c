#include "weir/app/detail/protected_keys.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/text.h"

namespace weir::app::detail {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kOrigin = "nationality, citizenship or origin";
constexpr std::string_view kBelief = "religion or belief";
constexpr std::string_view kPolitics = "political view";
constexpr std::string_view kSex = "sex, gender or orientation";
constexpr std::string_view kHealth = "health or disability";
constexpr std::string_view kFamily = "family";
constexpr std::string_view kPersonality = "personality or sentiment";

/// One word of a key is enough.
constexpr std::array kWords = {
    Entry{"nationality", kOrigin},
    Entry{"nationalities", kOrigin},
    Entry{"citizenship", kOrigin},
    Entry{"ethnicity", kOrigin},
    Entry{"ethnic", kOrigin},
    Entry{"race", kOrigin},
    Entry{"racial", kOrigin},
    Entry{"birthplace", kOrigin},
    Entry{"birthcountry", kOrigin},
    Entry{"language", kOrigin},
    Entry{"languages", kOrigin},
    Entry{"religion", kBelief},
    Entry{"religious", kBelief},
    Entry{"belief", kBelief},
    Entry{"political", kPolitics},
    Entry{"politics", kPolitics},
    Entry{"age", "age"},
    Entry{"dob", "age"},
    Entry{"birth", "age or origin"},
    Entry{"birthday", "age"},
    Entry{"birthdate", "age"},
    Entry{"sex", kSex},
    Entry{"gender", kSex},
    Entry{"sexual", kSex},
    Entry{"health", kHealth},
    Entry{"disability", kHealth},
    Entry{"disabled", kHealth},
    Entry{"pregnant", kHealth},
    Entry{"pregnancy", kHealth},
    Entry{"sickness", kHealth},
    Entry{"family", kFamily},
    Entry{"marital", kFamily},
    Entry{"married", kFamily},
    Entry{"spouse", kFamily},
    Entry{"children", kFamily},
    Entry{"photo", "appearance"},
    Entry{"photos", "appearance"},
    Entry{"face", "appearance"},
    Entry{"sentiment", kPersonality},
    Entry{"sentiments", kPersonality},
    Entry{"mood", kPersonality},
    Entry{"personality", kPersonality},
    Entry{"psychometric", kPersonality},
    Entry{"openness", kPersonality},
    Entry{"conscientiousness", kPersonality},
    Entry{"extraversion", kPersonality},
    Entry{"extroversion", kPersonality},
    Entry{"agreeableness", kPersonality},
    Entry{"neuroticism", kPersonality},
};

/// The whole key without separators.
constexpr std::array kKeys = {
    Entry{"mothertongue", kOrigin},           Entry{"dateofbirth", "age"},
    Entry{"unionmember", "union membership"}, Entry{"unionmembership", "union membership"},
    Entry{"maritalstatus", kFamily},
};

}  // namespace

std::optional<std::string_view> protected_attribute(std::string_view key) {
  std::string whole;
  std::vector<std::string> words(1);
  bool after_lower = false;
  for (const char c : key) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    // A word ends at anything that is no letter, and in "birthDate" before the capital.
    if ((!upper && !lower) || (upper && after_lower)) words.emplace_back();
    after_lower = lower;
    if (!upper && !lower) continue;
    words.back() += upper ? static_cast<char>(c + 32) : c;
    whole += words.back().back();
  }
  for (const auto& [name, attribute] : kKeys) {
    if (whole == name) return attribute;
  }
  for (const std::string& word : words) {
    for (const auto& [name, attribute] : kWords) {
      if (word == name) return attribute;
    }
  }
  return {};
}

}  // namespace weir::app::detail
