#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/base/hash.h"
#include "weir/base/random.h"
#include "weir/base/test_folder.h"
#include "weir/event/record.h"
#include "weir/lake/manifest.h"

/// For the module's tests and benchmarks.
namespace weir::lake::test {

/// A manifest in a file that is replaced atomically: it survives the death of the process.
class FileManifest : public Manifest {
 public:
  explicit FileManifest(std::filesystem::path path) : path_(std::move(path)) { load(); }

  Result<std::vector<FileInfo>> files() override {
    load();
    return files_;
  }
  Result<std::uint64_t> rolled_through() override { return rolled_through_; }
  Result<std::vector<SourceProgress>> progress() override {
    std::vector<SourceProgress> out;
    for (const auto& [key, progress] : progress_) out.push_back(progress);
    return out;
  }
  Result<void> replace(std::span<const std::string> removed, std::span<const FileInfo> added,
                       std::uint64_t rolled_through,
                       std::span<const SourceProgress> progress) override {
    for (const std::string& path : removed) {
      const auto count =
          std::erase_if(files_, [&](const FileInfo& file) { return file.path == path; });
      if (count != 1) return fail(ErrorCode::not_found, "{}: is not in the manifest", path);
    }
    for (const FileInfo& file : added) {
      for (const FileInfo& other : files_) {
        if (other.path == file.path) return fail(ErrorCode::already_exists, "{}", file.path);
      }
      files_.push_back(file);
    }
    rolled_through_ = rolled_through;
    for (const SourceProgress& one : progress) progress_[one.source_key] = one;
    return save();
  }

 private:
  Result<void> save() {
    std::string out;
    ByteWriter writer(out);
    writer.fixed(rolled_through_);
    writer.varint(files_.size());
    for (const FileInfo& file : files_) {
      writer.text(file.path);
      writer.fixed(file.record_class);
      writer.fixed(int{file.month.year()});
      writer.fixed(unsigned{file.month.month()});
      writer.fixed(file.rows);
      writer.fixed(file.bytes);
      writer.fixed(file.checksum);
      writer.fixed(file.min_time.time_since_epoch().count());
      writer.fixed(file.max_time.time_since_epoch().count());
      writer.fixed(file.min_batch);
      writer.fixed(file.max_batch);
      writer.fixed(file.format);
    }
    writer.varint(progress_.size());
    for (const auto& [key, progress] : progress_) {
      writer.fixed(progress.source_key);
      writer.fixed(progress.offset);
      writer.fixed(progress.tail_checksum);
    }
    return write_file_atomic(path_, out);
  }

  void load() {
    const Result<std::string> bytes = read_file(path_, 64u << 20);
    if (!bytes) return;
    files_.clear();
    progress_.clear();
    ByteReader in(*bytes);
    rolled_through_ = in.fixed<std::uint64_t>();
    for (std::uint64_t left = in.varint(); left > 0; --left) {
      FileInfo file;
      file.path = in.text();
      file.record_class = in.fixed<event::RecordClass>();
      const int year = in.fixed<int>();
      const auto month = in.fixed<unsigned>();
      file.month = std::chrono::year{year} / std::chrono::month{month};
      file.rows = in.fixed<std::uint64_t>();
      file.bytes = in.fixed<std::uint64_t>();
      file.checksum = in.fixed<std::uint64_t>();
      file.min_time = Instant{std::chrono::milliseconds{in.fixed<std::int64_t>()}};
      file.max_time = Instant{std::chrono::milliseconds{in.fixed<std::int64_t>()}};
      file.min_batch = in.fixed<std::uint32_t>();
      file.max_batch = in.fixed<std::uint32_t>();
      file.format = in.fixed<int>();
      files_.push_back(std::move(file));
    }
    for (std::uint64_t left = in.varint(); left > 0; --left) {
      SourceProgress progress;
      progress.source_key = in.fixed<std::uint64_t>();
      progress.offset = in.fixed<std::uint64_t>();
      progress.tail_checksum = in.fixed<std::uint64_t>();
      progress_[progress.source_key] = progress;
    }
    WEIR_ASSERT(in.ok() && in.at_end());
  }

  std::filesystem::path path_;
  std::vector<FileInfo> files_;
  std::uint64_t rolled_through_ = 0;
  std::map<std::uint64_t, SourceProgress> progress_;
};

inline constexpr Instant kStart = std::chrono::sys_days{std::chrono::year{2012} / 3 / 1};

/// A logon of one of 200 people, `gap` after the one before: what most of a lake is made of.
inline event::Record simple_record(std::uint64_t i,
                                   std::chrono::milliseconds gap = std::chrono::seconds{3}) {
  event::Record record;
  Random random(7, i, 0, 0);
  record.id.high = random.bits64();
  record.id.low = random.bits64();
  record.time = record.claimed_time = kStart + gap * static_cast<std::int64_t>(i);
  record.seen = kStart + std::chrono::years{2} + std::chrono::milliseconds{i / 1000};
  record.utc_offset = std::chrono::minutes{60};
  record.source = event::SourceId{3};
  record.source_offset = i * 95;
  record.activity = i % 2 == 0 ? event::Activity::logon : event::Activity::logoff;
  const std::uint64_t who = random.below(200) + 1;
  record.person = event::PersonId{who * 0x9e3779b97f4a7c15u};
  record.host = event::HostToken{who * 0xbf58476d1ce4e5b9u};
  return record;
}

/// Any record: every field set now and then, over all activities, over `months` months.
inline event::Record rich_record(std::uint64_t i, int months = 3) {
  Random random(11, i, 0, 0);
  event::Record record;
  record.id = {random.bits64(), i};
  record.activity = static_cast<event::Activity>(random.below(event::kActivityCount));
  const auto span = static_cast<std::uint32_t>(months) * 30u * 24u * 3600u;
  record.claimed_time = kStart + std::chrono::seconds{random.below(span)} +
                        std::chrono::milliseconds{random.below(1000)};
  record.time = record.claimed_time;
  if (random.chance(0.05))
    record.time = record.claimed_time - std::chrono::hours{random.below(100)};
  record.seen = record.time + std::chrono::hours{random.below(1000)};
  if (random.chance(0.5))
    record.utc_offset = std::chrono::minutes{-300 + int(random.below(20)) * 30};
  record.source = event::SourceId{random.below(5)};
  record.source_offset = random.bits64();
  record.person = event::PersonId{random.chance(0.1) ? 0 : ~std::uint64_t{0} - random.below(20)};
  record.host = event::HostToken{random.chance(0.3) ? 0 : random.bits64()};
  record.account = event::AddressToken{random.chance(0.3) ? 0 : random.bits64()};
  record.account_instance = static_cast<event::AccountInstance>(random.below(4));
  record.parties.resize(random.below(4));
  for (event::Party& party : record.parties) {
    party.address = event::AddressToken{random.chance(0.2) ? 0 : random.bits64()};
    party.domain = event::DomainToken{random.chance(0.2) ? 0 : random.bits64()};
    party.person = event::PersonId{random.chance(0.5) ? 0 : random.bits64()};
    party.role = static_cast<event::PartyRole>(random.below(6));
    party.recipient_class = static_cast<event::RecipientClass>(random.below(6));
  }
  record.objects.resize(random.below(3));
  for (event::Object& object : record.objects) {
    if (random.chance(0.7)) object.content = {random.bits64(), random.bits64()};
    object.place = event::PlaceToken{random.chance(0.5) ? 0 : random.bits64()};
    object.bytes = random.bits64();
    object.sensitivity = static_cast<event::Sensitivity>(random.below(5));
    object.flags = static_cast<std::uint16_t>(random.below(512));
  }
  record.documents.resize(random.chance(0.3) ? random.below(4) : 0);
  for (event::DocumentMatch& match : record.documents) {
    match.document = random.bits32();
    match.kind = static_cast<event::MatchKind>(random.below(3));
    match.sensitivity = static_cast<event::Sensitivity>(random.below(5));
    match.words = random.below(10'000);
    match.unique_words = random.below(1000);
    match.document_words = random.bits32();
    match.blocks.assign(random.below(40), static_cast<char>(random.below(256)));
  }
  record.bytes = random.bits64();
  if (random.chance(0.5)) record.content = {random.bits64(), random.bits64()};
  record.sensitivity = static_cast<event::Sensitivity>(random.below(5));
  record.flags = static_cast<std::uint16_t>(random.below(65536));
  if (random.chance(0.5))
    record.sealed = std::string(random.below(40), static_cast<char>(random.below(256)));
  return record;
}

}  // namespace weir::lake::test
