#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "weir/sim/simulate.h"

/// For tests: makes small worlds in a folder of their own and reads them back.
namespace weir::sim {

namespace fs = std::filesystem;
inline constexpr Day kFrom{std::chrono::year{2013} / 1 / 1};

inline std::string unpack(const std::string& packed) {
  std::string out;
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::string chunk(1 << 20, '\0');
  while (in.pos < in.size) {
    ZSTD_outBuffer part{chunk.data(), chunk.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context, &part, &in);
    EXPECT_EQ(ZSTD_isError(left), 0u);
    out.append(chunk, 0, part.pos);
  }
  ZSTD_freeDCtx(context);
  return out;
}

/// The text after `key` up to the next comma, quote or brace; empty if it is not there.
inline std::string_view after(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + key.size());
  return rest.substr(0, rest.find_first_of(",\"}]"));
}

inline Instant time_of(std::string_view line) {
  const std::string_view digits = after(line, R"("time":)");
  std::int64_t milliseconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
  return Instant{std::chrono::milliseconds{milliseconds}};
}

inline std::string_view user_of(std::string_view line) { return after(line, R"({"uid":")"); }

/// Lines of `after` that are not in `before`.
inline std::vector<std::string> added_to(std::vector<std::string> before,
                                         std::vector<std::string> after) {
  std::ranges::sort(before);
  std::ranges::sort(after);
  std::vector<std::string> added;
  std::ranges::set_difference(after, before, std::back_inserter(added));
  return added;
}

class Simulate : public ::testing::Test {
 public:
  Simulate() : folder_(fs::path(::testing::TempDir()) / fmt::format("weir-sim-{}", ::getpid())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Simulate() override { fs::remove_all(folder_); }

 protected:
  Options small(const std::string& name) const {
    Options options;
    options.world = World::ordinary;
    options.people = 20;
    options.from = kFrom;
    options.years = 1;
    options.seed = 5;
    options.threads = 2;
    options.out = folder_ / name;
    return options;
  }
  std::string text(const fs::path& path) const {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    EXPECT_TRUE(in) << path;
    return out.str();
  }
  /// The lines of all years in order.
  std::vector<std::string> lines(const fs::path& world) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(world)) {
      if (entry.path().extension() == ".zst") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::vector<std::string> all;
    for (const fs::path& file : files) {
      std::istringstream in(unpack(text(file)));
      for (std::string line; std::getline(in, line);) all.push_back(line);
    }
    return all;
  }
  static Report run(const Options& options) {
    Result<Report> report = simulate(options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : Report{};
  }
  static std::string refusal(const Options& options) {
    const Result<Report> report = simulate(options);
    return report ? "accepted" : report.error().message;
  }

  fs::path folder_;
};

}  // namespace weir::sim
