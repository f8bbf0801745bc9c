// What a detector says of every text of the bench.
//
// usage: content_scores DETECTOR WORK [COPIES]     DETECTOR: weir, winnowing, ssdeep, tlsh
//
// Reads WORK/protected, WORK/background and every file of WORK/texts/ (texts separated by NUL
// bytes); writes WORK/scores/DETECTOR/FILE, a line for each text: strength and document. Speed and
// size of the index go to standard output as JSON. COPIES > 1: a registry that many times as large,
// of the same documents with their words moved about, for speed alone.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "detectors.h"
#include "weir/base/file.h"
#include "weir/base/random.h"

namespace {

using namespace weir;
using namespace weir::bench;

std::vector<std::string> read_texts(const std::filesystem::path& path) {
  const std::string all = read_file(path, 1u << 31).value();
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    texts.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return texts;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    words += letter && !inside ? 1u : 0u;
    inside = letter;
  }
  return words;
}

/// The words of a text in another order: as common, as long, and no passage the same.
std::string moved_about(const std::string& text, Random& random) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n", i), text.size());
    i = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    if (i > begin) words.push_back(text.substr(begin, i - begin));
  }
  std::string out;
  for (std::size_t i = words.size(); i > 0; --i) {
    std::swap(words[i - 1], words[random.below(static_cast<std::uint32_t>(i))]);
    out += words[i - 1] + ' ';
  }
  return out;
}

std::unique_ptr<Detector> make(std::string_view name) {
  if (name == "weir") return make_weir();
  if (name == "winnowing") return make_winnowing();
  if (name == "ssdeep") return make_ssdeep();
  if (name == "tlsh") return make_tlsh();
  return nullptr;
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: content_scores DETECTOR WORK [COPIES]\n");
    return 2;
  }
  const auto detector = make(argv[1]);
  if (!detector) {
    fmt::print(stderr, "content_scores: {} was not built in\n", argv[1]);
    return 1;
  }
  const std::filesystem::path work = argv[2];
  const int copies = argc > 3 ? std::atoi(argv[3]) : 1;

  std::size_t documents = 0;
  std::size_t words = 0;
  double start = seconds();
  const std::vector<std::string> protected_texts = read_texts(work / "protected");
  for (int copy = 0; copy < copies; ++copy) {
    Random random(5, static_cast<std::uint32_t>(copy), 0, 1);
    for (const std::string& text : protected_texts) {
      const std::string moved = copy == 0 ? text : moved_about(text, random);
      detector->add(moved);
      words += count_words(moved);
      ++documents;
    }
  }
  for (const std::string& text : read_texts(work / "background")) detector->learn(text);
  detector->finish();
  const double building = seconds() - start;

  const std::filesystem::path folder = work / "scores" / argv[1];
  std::filesystem::create_directories(folder);
  std::size_t mail_bytes = 0;
  double mail_seconds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(work / "texts")) {
    const bool mails = entry.path().filename() == "mails";
    if (copies > 1 && !mails) continue;
    std::string lines;
    const std::vector<std::string> texts = read_texts(entry.path());
    start = seconds();
    for (const std::string& text : texts) {
      const Score score = detector->score(text);
      lines += fmt::format("{:.1f} {}\n", score.strength, score.document);
      if (mails) mail_bytes += text.size();
    }
    if (mails) mail_seconds = seconds() - start;
    if (copies == 1) write_file_atomic(folder / entry.path().filename(), lines).value();
  }
  fmt::print(
      R"({{"documents":{},"words":{},"build_seconds":{:.1f},"mb_per_second":{:.1f},"bytes_per_word":{:.2f}}})"
      "\n",
      documents, words, building, static_cast<double>(mail_bytes) / 1e6 / mail_seconds,
      static_cast<double>(detector->index_bytes()) / static_cast<double>(words));
  return 0;
}
