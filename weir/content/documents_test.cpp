// Real documents, broken and hostile ones among them, through the sandbox. The data is not part of
// the source: it is looked for in $WEIR_SHARED_DATA, else in ../shared/data beside the source.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "weir/base/file.h"
#include "weir/base/text.h"
#include "weir/content/extractor.h"

namespace weir::content {
namespace {

namespace fs = std::filesystem;

fs::path data_folder() {
  const char* set = std::getenv("WEIR_SHARED_DATA");
  return set != nullptr ? fs::path(set) : fs::path(WEIR_TESTDATA) / "../../shared/data";
}

class Documents : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("weir-documents-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    for (const char* name : {"documents-tika.tar.zst", "documents-docling.tar.zst"}) {
      const fs::path archive = data_folder() / name;
      if (!fs::exists(archive)) {
        GTEST_SKIP() << "NOT TESTED: no " << archive << "; set WEIR_SHARED_DATA to where it is";
      }
      const std::string command =
          "tar --zstd -xf '" + archive.string() + "' -C '" + folder_.string() + "'";
      ASSERT_EQ(std::system(command.c_str()), 0) << command;
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file()) files_.push_back(entry.path());
    }
    std::ranges::sort(files_);
  }
  void TearDown() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  fs::path folder_;
  std::vector<fs::path> files_;
};

TEST_F(Documents, EachHasAResultAndNoneKillsItsReader) {
  const auto made = Extractor::create({.program = WEIR_EXTRACT, .workers = 2});
  ASSERT_TRUE(made) << made.error().message;
  Extractor& extractor = **made;
  std::map<std::string, Extraction> results;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < files_.size(); i = next++) {
      const std::string name = files_[i].filename().string();
      const std::string bytes = read_file(files_[i], 1u << 30).value();
      Extraction out = extractor.extract(bytes, name);
      const std::lock_guard lock(mutex);
      // A picture, or a PDF of a blank page, may hold nothing.
      EXPECT_TRUE(bytes.empty() || !out.parts.empty() || !out.findings.empty() ||
                  out.type == FileType::picture || out.type == FileType::pdf)
          << files_[i];
      for (const Finding& finding : out.findings) {
        EXPECT_FALSE(finding.reason.starts_with("could not be inspected"))
            << files_[i] << ": " << finding.reason;
        EXPECT_NE(finding.kind, FindingKind::timed_out) << files_[i];
      }
      results[name] = std::move(out);
    }
  };
  std::thread other(work);
  work();
  other.join();

  struct Row {
    const char* file;
    const char* text;
  };
  for (const Row& row : {Row{"testEXCEL.xls", "Numbers and their Squares"},
                         Row{"testEXCEL_WORKBOOK_in_capitals.xls", "the"},
                         Row{"2305.03393v1-pg9.pdf", "order to compute the TED score"},
                         Row{"lorem_ipsum.docx", "Lorem ipsum dolor sit amet"}}) {
    const auto found = results.find(row.file);
    ASSERT_NE(found, results.end()) << row.file;
    EXPECT_TRUE(std::ranges::any_of(found->second.parts, [&](const Part& part) {
      return part.text.contains(row.text);
    })) << row.file;
  }
  for (const char* file : {"testMicrosoftIRMServices.pdf", "quine.gz", "testODTEncrypted.odt"}) {
    EXPECT_FALSE(results[file].is_complete()) << file;
  }
}

/// In this process, so that sanitizers see what the readers do: cut off at every sixteenth, and
/// with bits flipped, a small document of each kind.
TEST_F(Documents, HurtOnesAreReadAsFarAsTheyGo) {
  ExtractOptions options;
  options.limits.time = std::chrono::seconds{5};
  std::map<std::string, int> seen;
  std::mt19937 random(5);
  for (const fs::path& file : files_) {
    const auto size = fs::file_size(file);
    if (size == 0 || size > 60'000 || ++seen[file.extension().string()] > 3) continue;
    const std::string bytes = read_file(file, 1u << 20).value();
    for (std::size_t i = 1; i < 16; ++i) {
      extract(std::string_view(bytes).substr(0, bytes.size() * i / 16), options);
    }
    for (int round = 0; round < 16; ++round) {
      std::string hurt = bytes;
      for (int flips = 0; flips <= round; ++flips) {
        hurt[random() % hurt.size()] ^= static_cast<char>(1u << random() % 8);
      }
      for (const Part& part : extract(hurt, options).parts) {
        ASSERT_TRUE(is_utf8(part.text) && is_utf8(part.path)) << file;
      }
    }
  }
}

}  // namespace
}  // namespace weir::content
