#include "weir/roster/detail/columns.h"

#include <algorithm>
#include <string>

#include "weir/base/text.h"

namespace weir::roster::detail {
namespace {

struct Protected {
  std::string_view word;  // of the column's name, or two words of it run together
  std::string_view what;
};

// In the languages of the people who keep such columns, as far as we know them; a column not
// listed here is refused as well, only with less of a reason.
constexpr Protected kProtected[] = {
    {"nationality", "nationality"},
    {"nationalities", "nationality"},
    {"nation", "nationality"},
    {"nationalitaet", "nationality"},
    {"nationalité", "nationality"},
    {"staatsangehoerigkeit", "nationality"},
    {"citizen", "nationality"},
    {"citizenship", "nationality"},
    {"citizenships", "nationality"},
    {"passport", "nationality"},
    {"visa", "nationality"},
    {"immigration", "nationality"},
    {"countryofbirth", "origin"},
    {"placeofbirth", "origin"},
    {"birthplace", "origin"},
    {"birthcountry", "origin"},
    {"origin", "origin"},
    {"herkunft", "origin"},
    {"heritage", "origin"},
    {"ancestry", "origin"},
    {"ethnicity", "ethnicity"},
    {"ethnic", "ethnicity"},
    {"ethnie", "ethnicity"},
    {"race", "ethnicity"},
    {"racial", "ethnicity"},
    {"caste", "ethnicity"},
    {"tribe", "ethnicity"},
    {"religion", "religion"},
    {"religious", "religion"},
    {"faith", "religion"},
    {"belief", "religion"},
    {"church", "religion"},
    {"konfession", "religion"},
    {"political", "political view"},
    {"politics", "political view"},
    {"party", "political view"},
    {"union", "union membership"},
    {"tradeunion", "union membership"},
    {"gewerkschaft", "union membership"},
    {"age", "age"},
    {"alter", "age"},
    {"birth", "age"},
    {"birthday", "age"},
    {"birthdate", "age"},
    {"birthyear", "age"},
    {"dob", "age"},
    {"born", "age"},
    {"geburtsdatum", "age"},
    {"sex", "sex"},
    {"gender", "sex"},
    {"geschlecht", "sex"},
    {"pronoun", "sex"},
    {"pronouns", "sex"},
    {"sexual", "sexual orientation"},
    {"orientation", "sexual orientation"},
    {"health", "health"},
    {"medical", "health"},
    {"sick", "health"},
    {"sickness", "health"},
    {"illness", "health"},
    {"diagnosis", "health"},
    {"disability", "health"},
    {"disabilities", "health"},
    {"disabled", "health"},
    {"pregnant", "health"},
    {"pregnancy", "health"},
    {"genetic", "health"},
    {"family", "family"},
    {"marital", "family"},
    {"married", "family"},
    {"spouse", "family"},
    {"partner", "family"},
    {"children", "family"},
    {"kids", "family"},
    {"photo", "photograph"},
    {"photograph", "photograph"},
    {"picture", "photograph"},
    {"portrait", "photograph"},
    {"image", "photograph"},
    {"avatar", "photograph"},
    {"language", "language"},
    {"languages", "language"},
    {"mothertongue", "language"},
    {"accent", "language"},
    {"sentiment", "sentiment"},
    {"mood", "sentiment"},
    {"emotion", "sentiment"},
    {"morale", "sentiment"},
    {"satisfaction", "sentiment"},
    {"personality", "personality"},
    {"psychometric", "personality"},
    {"psychometrics", "personality"},
    {"ocean", "personality"},
    {"openness", "personality"},
    {"conscientiousness", "personality"},
    {"extraversion", "personality"},
    {"extroversion", "personality"},
    {"agreeableness", "personality"},
    {"neuroticism", "personality"},
    {"mbti", "personality"},
    {"iq", "personality"},
};

/// "DateOfBirth" and "date_of-birth" as "date", "of", "birth". Bytes beyond ASCII belong to words.
std::vector<std::string> words_of(std::string_view column) {
  std::vector<std::string> words(1);
  char before = '_';
  for (const char c : column) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower_or_digit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    const bool before_lower = before >= 'a' && before <= 'z';
    if ((!upper && !lower_or_digit) || (upper && before_lower)) {
      if (!words.back().empty()) words.emplace_back();
    }
    if (upper || lower_or_digit) words.back() += upper ? static_cast<char>(c + 32) : c;
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string_view protected_attribute(std::string_view column) {
  const std::vector<std::string> words = words_of(column);
  // Also runs of words, so that "mother_tongue" and "country of birth" are seen.
  for (std::size_t from = 0; from < words.size(); ++from) {
    std::string run;
    for (std::size_t to = from; to < std::min(words.size(), from + 3); ++to) {
      run += words[to];
      const auto* found = std::ranges::find(kProtected, run, &Protected::word);
      if (found != std::end(kProtected)) return found->what;
    }
  }
  return {};
}

/// The CERT data's psychometric.csv has a letter for each of the five traits.
bool has_five_traits(std::span<const std::string> header) {
  return std::ranges::all_of(std::string_view("ocean"), [&](char letter) {
    return std::ranges::any_of(header, [&](const std::string& column) {
      return to_lower_ascii(column) == std::string(1, letter);
    });
  });
}

}  // namespace

Result<void> refuse_protected(std::span<const std::string> header, std::string_view file) {
  std::vector<std::string> refused;
  for (const std::string& column : header) {
    const std::string_view what = protected_attribute(column);
    if (!what.empty()) refused.push_back(fmt::format("'{}' ({})", printable(column, 60), what));
  }
  if (has_five_traits(header)) refused.emplace_back("O, C, E, A, N (personality)");
  if (refused.empty()) return {};
  return fail(ErrorCode::invalid_argument,
              "{}: refused: column{} {}. Weir judges what people do with which document, never who "
              "they are; protected attributes and personality scores have no place in it. Take "
              "{} out of the file and import it again",
              file, refused.size() == 1 ? "" : "s", fmt::join(refused, ", "),
              refused.size() == 1 ? "the column" : "the columns");
}

Result<std::vector<std::optional<std::size_t>>> locate(std::span<const std::string> header,
                                                       std::span<const std::string_view> known,
                                                       std::string_view file) {
  std::vector<std::optional<std::size_t>> places(known.size());
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = to_lower_ascii(header[i]);
    const auto found = std::ranges::find(known, name);
    if (found == known.end()) {
      const std::string_view near = nearest(name, known);
      return fail(ErrorCode::invalid_argument, "{}:1: unknown column '{}'{}; known are: {}", file,
                  printable(header[i], 60),
                  near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near),
                  fmt::join(known, ", "));
    }
    auto& place = places[static_cast<std::size_t>(found - known.begin())];
    if (place)
      return fail(ErrorCode::invalid_argument, "{}:1: column '{}' comes twice", file, name);
    place = i;
  }
  return places;
}

}  // namespace weir::roster::detail
