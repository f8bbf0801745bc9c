#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/ingest/pipeline.h"

namespace weir::ingest {

/// For tests: keeps what was committed, and how far sources were read, as the lake does.
class FakeStore final : public RecordStore {
 public:
  Result<void> append(const event::Record& record) override {
    if (appends_left && (*appends_left)-- == 0) return fail(ErrorCode::no_space, "disk full");
    pending_.push_back(record.id);
    ++appended;
    return {};
  }
  Result<void> commit(std::span<const ReadUpTo> read) override {
    committed.insert(pending_.begin(), pending_.end());
    pending_.clear();
    ++commits;
    for (const ReadUpTo& one : read) offsets[one.path] = {one.offset, one.tail_checksum};
    return {};
  }
  Result<std::uint64_t> resume_offset(const std::filesystem::path& path) override {
    const auto found = offsets.find(path.string());
    if (found == offsets.end()) return std::uint64_t{0};
    const auto [offset, tail] = found->second;
    const std::string content = read_file(path, 1u << 30).value_or("");
    if (content.size() < offset) return std::uint64_t{0};
    const std::uint64_t length = std::min<std::uint64_t>(offset, 4096);
    const std::string_view before = std::string_view(content).substr(offset - length, length);
    return checksum64(before) == tail ? offset : std::uint64_t{0};
  }
  Result<event::SourceId> source_id(std::string_view format, std::string_view path) override {
    sources.emplace_back(fmt::format("{} {}", format, path));
    return event::SourceId{7};
  }
  /// What a crash leaves.
  void lose_uncommitted() { pending_.clear(); }

  std::optional<int> appends_left;
  int appended = 0;
  int commits = 0;
  std::set<event::RecordId> committed;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> offsets;
  std::vector<std::string> sources;

 private:
  std::vector<event::RecordId> pending_;
};

}  // namespace weir::ingest
