#include "weir/protect/detail/words.h"

#include <array>

namespace weir::protect {
namespace {

constexpr auto kCommon = std::to_array<std::string_view>({
    "about",     "above",     "after",   "again",   "against", "also",    "another", "because",
    "been",      "before",    "being",   "below",   "between", "both",    "cannot",  "could",
    "does",      "doing",     "done",    "down",    "during",  "each",    "either",  "else",
    "even",      "ever",      "every",   "from",    "further", "given",   "have",    "having",
    "here",      "however",   "into",    "itself",  "just",    "like",    "made",    "make",
    "many",      "more",      "most",    "much",    "must",    "neither", "none",    "only",
    "other",     "otherwise", "ours",    "over",    "same",    "shall",   "should",  "since",
    "some",      "such",      "than",    "that",    "their",   "them",    "then",    "there",
    "therefore", "these",     "they",    "this",    "those",   "through", "thus",    "under",
    "unless",    "until",     "upon",    "used",    "uses",    "using",   "very",    "were",
    "what",      "when",      "where",   "whether", "which",   "while",   "whose",   "will",
    "with",      "within",    "without", "would",   "your",    "yours",
});

}  // namespace

std::span<const std::string_view> common_words() { return kCommon; }

std::string_view light_stem(std::string_view word) {
  const auto without = [&](std::string_view ending, std::size_t least) {
    return word.ends_with(ending) && word.size() >= least + ending.size();
  };
  // Most words end in none of these.
  const char last = word.empty() ? '\0' : word.back();
  if (last != 's' && last != 'e' && last != 'd' && last != 'g') return word;
  if (without("ing", 4)) return word.substr(0, word.size() - 3);
  if (without("ed", 4)) return word.substr(0, word.size() - 2);
  if (without("es", 4)) return word.substr(0, word.size() - 2);
  if (without("s", 3) && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is")) {
    return word.substr(0, word.size() - 1);
  }
  // So that "file" meets "filed" and "files", which lost it above.
  if (without("e", 4)) return word.substr(0, word.size() - 1);
  return word;
}

}  // namespace weir::protect
