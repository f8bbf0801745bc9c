#include "weir/protect/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/protect/detail/families.h"
#include "weir/protect/segment_builder.h"

namespace weir::protect {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "WEIRPLST";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kMostListBytes = 256u << 20;
constexpr std::uint64_t kMostBackgroundBytes = (1u << 30) + 4096;

fs::path segment_path(const fs::path& folder, std::uint32_t number) {
  return folder / fmt::format("{:06}.segment", number);
}
fs::path list_path(const fs::path& folder) { return folder / "list"; }
fs::path background_path(const fs::path& folder) { return folder / "background"; }

std::uint64_t kept_words(const Snapshot::Part& part) {
  std::uint64_t words = 0;
  for (std::uint32_t i = 0; i < part.segment->document_count(); ++i) {
    if (!part.is_removed(i)) words += part.segment->document(i).words;
  }
  return words;
}

}  // namespace

Index::~Index() = default;

Index::Index(fs::path folder, const RegistryKey& key, FileLock lock, Stored stored)
    : folder_(std::move(folder)),
      key_(key),
      lock_(std::move(lock)),
      parts_(std::move(stored.parts)),
      last_number_(stored.last_number),
      background_(std::move(stored.background)) {}

Result<std::unique_ptr<Index>> Index::open(const fs::path& folder, const RegistryKey& key) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail_errno(error.value(), "making " + folder.string());
  WEIR_ASSIGN(FileLock lock, FileLock::acquire(folder / "lock"));
  WEIR_ASSIGN(Stored stored, load(folder, key));
  std::unique_ptr<Index> index(new Index(folder, key, std::move(lock), std::move(stored)));
  index->remove_strangers();
  index->publish();
  return index;
}

Result<std::shared_ptr<const Snapshot>> Index::read(const fs::path& folder,
                                                    const RegistryKey& key) {
  constexpr int kTries = 20;
  for (int i = 1;; ++i) {
    auto stored = load(folder, key);
    if (stored) return snapshot_of(stored->parts, std::move(stored->background));
    // A segment that the list named was replaced before it was opened: the list is new by now.
    if (stored.error().code != ErrorCode::not_found || i == kTries) {
      return std::unexpected(std::move(stored).error());
    }
  }
}

Result<Index::Stored> Index::load(const fs::path& folder, const RegistryKey& key) {
  Stored stored;
  if (fs::exists(background_path(folder))) {
    WEIR_ASSIGN(const std::string bytes, read_file(background_path(folder), kMostBackgroundBytes));
    WEIR_ASSIGN(Background background, Background::decode(bytes, key));
    stored.background = std::make_shared<const Background>(std::move(background));
  } else {
    stored.background = std::make_shared<const Background>();
  }
  const fs::path path = list_path(folder);
  if (!fs::exists(path)) return stored;
  WEIR_ASSIGN(const std::string bytes, read_file(path, kMostListBytes));
  const auto corrupt = [&] {
    return fail(ErrorCode::corrupt, "{} is not what was written. Restore it from a backup",
                path.string());
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic)) return corrupt();
  const std::string_view checked = std::string_view(bytes).substr(0, bytes.size() - 8);
  ByteReader tail(std::string_view(bytes).substr(checked.size()));
  if (tail.fixed<std::uint64_t>() != checksum64(checked)) return corrupt();
  ByteReader reader(checked.substr(kMagic.size()));
  if (const auto version = reader.fixed<std::uint32_t>(); version != kVersion) {
    return fail(ErrorCode::unsupported, "{} is of version {}, this Weir reads {}", path.string(),
                version, kVersion);
  }
  stored.last_number = reader.fixed<std::uint32_t>();
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    Part part{.number = reader.fixed<std::uint32_t>(), .part = {}};
    const std::uint64_t removed = reader.varint();
    if (!reader.ok() || removed > reader.remaining()) return corrupt();
    WEIR_ASSIGN(part.part.segment, Segment::open(segment_path(folder, part.number), key));
    part.part.removed.resize(part.part.segment->document_count());
    for (std::uint64_t i = 0; i < removed; ++i) {
      const std::uint64_t document = reader.varint();
      if (document >= part.part.removed.size()) return corrupt();
      part.part.removed[document] = true;
    }
    stored.parts.push_back(std::move(part));
  }
  if (!reader.ok() || !reader.at_end()) return corrupt();
  return stored;
}

/// Files a crash left before a list named them.
void Index::remove_strangers() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() != ".segment") continue;
    const bool known = std::ranges::any_of(parts_, [&](const Part& part) {
      return segment_path(folder_, part.number) == entry.path();
    });
    if (!known) fs::remove(entry.path(), ignored);
  }
}

std::shared_ptr<const Snapshot> Index::snapshot_of(const std::vector<Part>& parts,
                                                   std::shared_ptr<const Background> background) {
  std::vector<Snapshot::Part> copies;
  for (const Part& part : parts) copies.push_back(part.part);
  return std::make_shared<const Snapshot>(std::move(copies), std::move(background));
}

void Index::publish() { snapshot_.store(snapshot_of(parts_, background_)); }

Result<std::string> Index::merged(std::size_t first_part) const {
  SegmentBuilder builder(key_);
  for (std::size_t i = first_part; i < parts_.size(); ++i) {
    const Snapshot::Part& part = parts_[i].part;
    WEIR_TRY(builder.add(*part.segment,
                         [&](std::uint32_t document) { return !part.is_removed(document); }));
  }
  return std::move(builder).finish();
}

/// Of all documents there are; reading their words takes a second for each few hundred million.
Families& Index::families() {
  if (families_ != nullptr) return *families_;
  families_ = std::make_unique<Families>();
  for (const Part& part : parts_) {
    const Segment& segment = *part.part.segment;
    for (std::uint32_t i = 0; i < segment.document_count(); ++i) {
      if (part.part.is_removed(i)) continue;
      families_->note(segment.words(i), segment.document(i).family);
    }
  }
  return *families_;
}

Result<void> Index::add(std::span<const NewDocument> documents) {
  SegmentBuilder builder(key_);
  std::vector<WordId> words;
  for (const NewDocument& document : documents) {
    words.clear();
    for (const WordToken token : document.features->words) words.push_back(id_of(token));
    WEIR_TRY(builder.add(document.id, *document.features,
                         families().join(words, Segment::own_family(document.id))));
  }
  WEIR_ASSIGN(auto segment,
              Segment::parse(std::move(builder).finish(), key_, {.verify_checksum = false}));
  for (const NewDocument& document : documents) (void)remove(document.id);
  const std::uint32_t count = segment->document_count();
  parts_.push_back({.part = {.segment = std::move(segment), .removed = std::vector<bool>(count)}});

  // What is in memory is written together like what is in files: adding one by one stays cheap.
  while (parts_.size() > 1 && parts_[parts_.size() - 2].number == 0 &&
         kept_words(parts_.back().part) * 2 >= kept_words(parts_[parts_.size() - 2].part)) {
    const std::size_t first = parts_.size() - 2;
    WEIR_ASSIGN(std::string bytes, merged(first));
    WEIR_ASSIGN(auto both, Segment::parse(std::move(bytes), key_, {.verify_checksum = false}));
    const std::uint32_t both_count = both->document_count();
    parts_.resize(first);
    parts_.push_back(
        {.part = {.segment = std::move(both), .removed = std::vector<bool>(both_count)}});
  }
  changed_ = true;
  publish();
  return {};
}

bool Index::remove(const DocumentId& id) {
  bool found = false;
  for (Part& part : parts_) {
    for (std::uint32_t i = 0; i < part.part.segment->document_count(); ++i) {
      if (part.part.removed[i] || part.part.segment->document(i).id != id) continue;
      part.part.removed[i] = true;
      found = true;
    }
  }
  if (found) {
    changed_ = true;
    publish();
  }
  return found;
}

void Index::learn_background(std::span<const Feature> features) {
  if (learning_ == nullptr) learning_ = std::make_unique<Background>(*background_);
  learning_->learn(features);
}

Result<void> Index::flush() {
  if (learning_ != nullptr) {
    WEIR_TRY(write_file_atomic(background_path(folder_), learning_->encode(key_)));
    background_ = std::make_shared<const Background>(std::move(*learning_));
    learning_.reset();
    publish();
  }
  if (!changed_) return {};
  WEIR_TRY(write_parts());
  WEIR_TRY(write_list());
  remove_strangers();
  changed_ = false;
  publish();
  return {};
}

/// Puts what is in memory, and the files it has outgrown, into one new file.
Result<void> Index::write_parts() {
  std::size_t first = parts_.size();
  std::uint64_t words = 0;
  while (first > 0 && (parts_[first - 1].number == 0 ||
                       (words > 0 && words * 2 >= kept_words(parts_[first - 1].part)))) {
    words += kept_words(parts_[--first].part);
  }
  if (first == parts_.size()) return {};  // only removals
  if (words > 0) {
    WEIR_ASSIGN(const std::string bytes, merged(first));
    const std::uint32_t number = last_number_ + 1;
    WEIR_TRY(write_file_atomic(segment_path(folder_, number), bytes));
    WEIR_ASSIGN(auto segment, Segment::open(segment_path(folder_, number), key_));
    const std::uint32_t count = segment->document_count();
    last_number_ = number;
    parts_.resize(first);
    parts_.push_back(
        {.number = number,
         .part = {.segment = std::move(segment), .removed = std::vector<bool>(count)}});
  } else {
    parts_.resize(first);
  }
  return {};
}

Result<void> Index::write_list() const {
  std::string out(kMagic);
  ByteWriter writer(out);
  writer.fixed(kVersion);
  writer.fixed(last_number_);
  writer.varint(parts_.size());
  for (const Part& part : parts_) {
    writer.fixed(part.number);
    const std::vector<bool>& removed = part.part.removed;
    writer.varint(static_cast<std::uint64_t>(std::ranges::count(removed, true)));
    for (std::size_t i = 0; i < removed.size(); ++i) {
      if (removed[i]) writer.varint(i);
    }
  }
  writer.fixed(checksum64(out));
  return write_file_atomic(list_path(folder_), out);
}

}  // namespace weir::protect
