#include "weir/content/extractor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "weir/base/text.h"
#include "weir/content/test_files.h"

namespace weir::content {
namespace {

using namespace std::string_literals;

std::unique_ptr<Extractor> make(Extractor::Options options = {}) {
  options.program = WEIR_EXTRACT;
  auto extractor = Extractor::create(std::move(options));
  EXPECT_TRUE(extractor) << (extractor ? "" : extractor.error().message);
  return extractor ? std::move(*extractor) : nullptr;
}

bool says(const Extraction& extraction, std::string_view text) {
  return std::ranges::any_of(extraction.parts,
                             [&](const Part& part) { return part.text.contains(text); });
}

bool has(const Extraction& extraction, FindingKind kind, std::string_view reason) {
  return std::ranges::any_of(extraction.findings, [&](const Finding& finding) {
    return finding.kind == kind && finding.reason.contains(reason);
  });
}

/// Seconds of work for an HTML reader.
std::string slow_document() {
  std::string html = "<html>";
  while (html.size() < (60u << 20))
    html += "<p><b><i>words <a href='x'>in</a> a page</i></b> and more";
  return html;
}

/// A PDF without a table of its objects: readers put it together.
std::string pdf_of(const std::string& words, const std::string& kids = "3 0 R") {
  const std::string stream = "BT /F1 12 Tf 72 700 Td (" + words + ") Tj ET";
  return "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count "
         "1/Kids[" +
         kids +
         "]>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 "
         "R/Resources<</Font<</F1 "
         "5 0 R>>>>>>\nendobj\n4 0 obj\n<</Length " +
         std::to_string(stream.size()) + ">>\nstream\n" + stream +
         "\nendstream\nendobj\n5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
         "trailer\n<</Root 1 0 R>>\n%%EOF\n";
}

/// Kills the first worker that `parent` forks; false if there was none until `done`.
bool kill_worker(int parent, const std::atomic<bool>& done) {
  const std::string list =
      "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  while (!done) {
    std::ifstream file(list);
    int child = 0;
    if (file >> child) return kill(child, SIGKILL) == 0;
    std::this_thread::yield();
  }
  return false;
}

TEST(Extractor, ReadsWhatTheReadersRead) {
  const auto extractor = make();
  ASSERT_NE(extractor, nullptr);
  EXPECT_TRUE(extractor->protection().starts_with("seccomp"));
  const Extraction out = extractor->extract(docx_of(paragraph("some words")), "plan.docx");
  EXPECT_TRUE(out.is_complete());
  ASSERT_EQ(out.parts.size(), 1u);
  EXPECT_EQ(out.parts[0].path, "plan.docx › word/document.xml");
  EXPECT_EQ(out.parts[0].text, "some words\n");
  EXPECT_TRUE(extractor->extract("", "empty").is_complete());
}

TEST(Extractor, ReadsCharacterSetsThatAreLoadedLate) {
  const auto extractor = make();
  const std::string mail =
      "From: a@x\nSubject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\nContent-Type: text/plain; "
      "charset=euc-jp\n\n"
      "\xc6\xfc\xcb\xdc\xb8\xec\n";
  const Extraction out = extractor->extract(mail, "m");
  EXPECT_TRUE(says(out, "\u65e5\u672c\u8a9e"));
  EXPECT_TRUE(says(out, "Subject: \u65e5\u672c"));
}

TEST(Extractor, ReadsPdfAndSaysWhatIsWrongWithIt) {
  const auto extractor = make();
  EXPECT_TRUE(says(extractor->extract(pdf_of("Drawn words"), "a.pdf"), "Drawn words"));
  EXPECT_TRUE(says(extractor->extract(zip_of({{"x.bin", pdf_of("Packed words")}}), "a.zip"),
                   "Packed words"));
  for (const std::string& broken :
       {pdf_of("x", "2 0 R"), pdf_of("x", "9 0 R"), "%PDF-1.7\n"s, pdf_of("x").substr(0, 90)}) {
    EXPECT_FALSE(extractor->extract(broken, "b.pdf").is_complete()) << broken.substr(0, 120);
  }
}

TEST(Extractor, SurvivesHurtPdfs) {
  const auto extractor = make();
  const std::string file = pdf_of("Some words to read");
  for (std::size_t i = 1; i < 16; ++i)
    extractor->extract(std::string_view(file).substr(0, file.size() * i / 16), "cut");
  std::mt19937 random(11);
  for (int round = 0; round < 40; ++round) {
    std::string hurt = file;
    for (int flips = 0; flips < 3; ++flips)
      hurt[random() % hurt.size()] ^= static_cast<char>(1u << random() % 8);
    const Extraction out = extractor->extract(hurt, "flipped");
    EXPECT_FALSE(has(out, FindingKind::unreadable, "could not be inspected"))
        << out.findings[0].reason;
  }
}

TEST(Extractor, SaysSoWhenAWorkerIsKilledAndReadsTheNextDocument) {
  const auto extractor = make({.workers = 1});
  const int parent = extractor->processes().at(0);
  std::atomic<bool> done = false;
  bool killed = false;
  std::thread killer([&] { killed = kill_worker(parent, done); });
  const Extraction out = extractor->extract(slow_document(), "slow");
  done = true;
  killer.join();
  ASSERT_TRUE(killed);
  EXPECT_TRUE(has(out, FindingKind::unreadable,
                  "could not be inspected: its reader was killed by signal 9"));
  EXPECT_EQ(out.findings[0].path, "slow");
  EXPECT_TRUE(says(extractor->extract("next words", "next"), "next words"));
  EXPECT_EQ(extractor->processes().at(0), parent);
}

TEST(Extractor, StartsItsProgramAgainWhenThatDies) {
  const auto extractor = make({.workers = 1});
  const int first = extractor->processes().at(0);
  ASSERT_EQ(kill(first, SIGKILL), 0);
  EXPECT_TRUE(says(extractor->extract("some words", "a"), "some words"));
  EXPECT_NE(extractor->processes().at(0), first);
}

TEST(Extractor, KillsWhoTakesTooLong) {
  const auto extractor = make(
      {.limits = {.time = std::chrono::milliseconds{1}}, .grace = std::chrono::milliseconds{0}});
  const Extraction out = extractor->extract(slow_document(), "slow");
  EXPECT_FALSE(out.is_complete());
  EXPECT_EQ(out.findings.at(0).kind, FindingKind::timed_out);
}

TEST(Extractor, GivesAWorkerOnlySoMuchMemory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "sanitizers need all the address space there is";
#endif
  const auto extractor = make({.memory_bytes = 256u << 20});
  std::string noise(8u << 20, '\0');
  std::mt19937 random(3);
  std::ranges::generate(noise, [&] { return static_cast<char>('a' + random() % 26); });
  std::string all;
  for (int i = 0; i < 30; ++i) all += noise;
  const Extraction out = extractor->extract(all, "large");
  EXPECT_FALSE(out.is_complete());
  EXPECT_TRUE(says(extractor->extract("small", "small"), "small"));
}

TEST(Extractor, NamesAProgramThatIsMissingOrSilent) {
  auto missing = Extractor::create({.program = "/nowhere/weir-extract"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  auto silent = Extractor::create({.program = "/bin/true"});
  ASSERT_FALSE(silent);
  EXPECT_TRUE(silent.error().message.contains("--check"));
}

TEST(Extractor, ServesManyThreads) {
  const auto extractor = make({.workers = 2});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const std::string words = "words " + std::to_string(t) + "." + std::to_string(i);
        const Extraction out = extractor->extract(gzipped(words), "f");
        if (out.parts.size() == 1 && out.parts[0].text == words) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 40);
}

TEST(Extractor, TheSandboxHolds) {
  EXPECT_EQ(std::system((std::string(WEIR_EXTRACT) + " --check").c_str()), 0);
}

}  // namespace
}  // namespace weir::content
