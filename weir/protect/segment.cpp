#include "weir/protect/segment.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/file.h"
#include "weir/protect/detail/segment_layout.h"

namespace weir::protect {

Segment::~Segment() {
  if (mapped_ != nullptr) ::munmap(mapped_, bytes_.size());
}

Result<std::shared_ptr<const Segment>> Segment::open(const std::filesystem::path& path,
                                                     const RegistryKey& key) {
  WEIR_ASSIGN(const File file, File::open_read(path));
  WEIR_ASSIGN(const std::uint64_t size, file.size());
  if (size < layout::kHeaderBytes) {
    return fail(ErrorCode::corrupt, "{}: {} bytes are no index segment", path.string(), size);
  }
  void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
  if (mapped == MAP_FAILED) return fail_errno(errno, "mapping " + path.string());
  // Before anything can fail, so that the destructor unmaps.
  std::shared_ptr<Segment> segment(new Segment);
  segment->mapped_ = mapped;
  segment->bytes_ = {static_cast<const char*>(mapped), size};
  if (auto done = segment->read(key, {}); !done) {
    return std::unexpected(std::move(done).error().while_doing("opening " + path.string()));
  }
  // Queries touch it all over; reading ahead would only push other things out of memory.
  (void)::madvise(mapped, size, MADV_RANDOM);
  return segment;
}

Result<std::shared_ptr<const Segment>> Segment::parse(std::string bytes, const RegistryKey& key,
                                                      const Options& options) {
  std::shared_ptr<Segment> segment(new Segment);
  segment->owned_ = std::move(bytes);
  segment->bytes_ = segment->owned_;
  WEIR_TRY(segment->read(key, options));
  return segment;
}

Result<void> Segment::read(const RegistryKey& key, const Options& options) {
  using namespace layout;
  const auto corrupt = [](std::string_view what) {
    return fail(ErrorCode::corrupt,
                "this is not what was written: {}. Restore it, or add the documents again", what);
  };
  if (bytes_.size() < kHeaderBytes || !bytes_.starts_with(kMagic)) {
    return corrupt("it does not begin as an index segment");
  }
  ByteReader header(bytes_.substr(kMagic.size()));
  const auto version = header.fixed<std::uint32_t>();
  if (version != kVersion) {
    return fail(ErrorCode::unsupported,
                "index segment of version {}, this Weir reads {}. Add the documents again", version,
                kVersion);
  }
  (void)header.fixed<std::uint32_t>();  // Unicode version: told, not required
  const auto key_check = header.fixed<std::uint64_t>();
  document_count_ = header.fixed<std::uint32_t>();
  block_count_ = header.fixed<std::uint32_t>();
  const auto entry_count = header.fixed<std::uint64_t>();
  word_total_ = header.fixed<std::uint64_t>();
  position_bits_ = static_cast<int>(header.fixed<std::uint32_t>());
  (void)header.fixed<std::uint32_t>();  // reserved
  const auto body_checksum = header.fixed<std::uint64_t>();
  const auto header_checksum = header.fixed<std::uint64_t>();
  if (options.verify_checksum && checksum64(bytes_.substr(0, kHeaderChecked)) != header_checksum) {
    return corrupt("the header's checksum is wrong");
  }
  if (key_check != key.check()) {
    return fail(ErrorCode::permission_denied,
                "the index was made under another registry secret. Use the secret it belongs to");
  }
  if (position_bits_ < kLeastPositionBits || position_bits_ > kMostPositionBits ||
      block_count_ >= (1u << position_bits_) || entry_count > kMostEntries ||
      document_count_ > block_count_) {
    return corrupt("its counts cannot be");
  }
  const Sections sections(document_count_, block_count_, entry_count, position_bits_);
  if (sections.end != bytes_.size()) return corrupt("its length is not what its counts need");
  if (options.verify_checksum && checksum64(bytes_.substr(kHeaderBytes)) != body_checksum) {
    return corrupt("the checksum of its body is wrong");
  }

  position_mask_ = (1u << position_bits_) - 1;
  bucket_count_ = sections.buckets;
  bucket_shift_ = 64 - (kFeatureBits - 32 + position_bits_);
  const auto at = [&](std::uint64_t offset) { return bytes_.data() + offset; };
  documents_ = reinterpret_cast<const StoredDocument*>(at(sections.documents));
  word_counts_ = {reinterpret_cast<const std::uint32_t*>(at(sections.word_counts)), kWordIds};
  bases_ = {reinterpret_cast<const std::uint32_t*>(at(sections.bases)),
            (bucket_count_ >> kGroupBits) + 1};
  relative_ = {reinterpret_cast<const std::uint16_t*>(at(sections.relative)), bucket_count_};
  entries_ = {reinterpret_cast<const std::uint32_t*>(at(sections.entries)), entry_count};
  words_ = {reinterpret_cast<const WordId*>(at(sections.words)),
            std::size_t{block_count_} * kBlockWords};

  std::uint32_t next_block = 0;
  for (std::uint32_t i = 0; i < document_count_; ++i) {
    const StoredDocument& document = documents_[i];
    const std::uint32_t blocks = blocks_of(document.words);
    if (document.first_block != next_block || blocks == 0 || blocks > block_count_ - next_block) {
      return corrupt("the blocks of its documents are not in order");
    }
    next_block += blocks;
  }
  if (next_block != block_count_) return corrupt("there are blocks of no document");
  make_hints();
  make_filter();
  return {};
}

void Segment::make_filter() {
  filter_.assign(bucket_count_, 0);
  for (std::uint32_t bucket = 0; bucket < bucket_count_; ++bucket) {
    for (std::uint32_t at = begin_of(bucket), end = end_of(bucket); at < end; ++at) {
      filter_[bucket] |= filter_bit(entries_[at]);
    }
  }
}

/// So that finding a block's document takes a step or two and not a dozen.
void Segment::make_hints() {
  hint_shift_ = 0;
  while ((block_count_ >> hint_shift_) > document_count_ * 2) ++hint_shift_;
  hints_.clear();
  std::uint32_t document = 0;
  for (std::uint64_t block = 0; block < block_count_; block += std::uint64_t{1} << hint_shift_) {
    while (document + 1 < document_count_ && documents_[document + 1].first_block <= block) {
      ++document;
    }
    hints_.push_back(document);
  }
  hints_.push_back(document_count_ == 0 ? 0 : document_count_ - 1);
}

Segment::Document Segment::document(std::uint32_t index) const {
  WEIR_ASSERT(index < document_count_);
  const layout::StoredDocument& stored = documents_[index];
  const DocumentId id = {.high = stored.id_high, .low = stored.id_low};
  return {.id = id,
          .first_block = stored.first_block,
          .words = stored.words,
          .pieces = std::min(stored.pieces, stored.words),
          .family = stored.family != 0 ? stored.family : own_family(id)};
}

std::uint32_t Segment::document_of(std::uint32_t block) const {
  if (block >= block_count_) return document_count_;
  // The bytes may have changed since the hints were made; then this is wrong, but within bounds.
  std::uint32_t document = hints_[block >> hint_shift_];
  const std::uint32_t last = hints_[(block >> hint_shift_) + 1];
  while (document < last && documents_[document + 1].first_block <= block) ++document;
  return document;
}

std::span<const WordId> Segment::words(std::uint32_t index) const {
  const Document found = document(index);
  const std::size_t begin = std::min(std::size_t{found.first_block} * kBlockWords, words_.size());
  return words_.subspan(begin, std::min<std::size_t>(found.words, words_.size() - begin));
}

Segment::Postings Segment::find_in(Postings bucket, std::uint32_t wanted) const {
  std::uint32_t begin = bucket.begin;
  // Buckets hold a dozen on average, sorted.
  while (begin < bucket.end && entries_[begin] < wanted) ++begin;
  Postings found{.begin = begin, .end = begin};
  while (found.end < bucket.end && (entries_[found.end] & ~position_mask_) == wanted) ++found.end;
  return found;
}

}  // namespace weir::protect
