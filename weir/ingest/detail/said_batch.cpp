#include "weir/ingest/detail/said_batch.h"

#include <algorithm>

namespace weir::ingest {
namespace {

constexpr std::size_t kTextBytes = 256u << 10;

}  // namespace

std::string_view SaidBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  while (text_ < texts_.size() && texts_[text_].capacity() - texts_[text_].size() < text.size()) {
    ++text_;
  }
  if (text_ == texts_.size()) texts_.emplace_back().reserve(std::max(kTextBytes, text.size()));
  std::string& kept = texts_[text_];
  const std::size_t begin = kept.size();
  kept.append(text);
  bytes_ += text.size();
  return std::string_view(kept).substr(begin);
}

void SaidBatch::add_record(const event::SourceRecord& said, const event::RecordId& id,
                           std::uint64_t offset) {
  if (record_count_ == records_.size()) records_.emplace_back();
  event::SourceRecord& kept = records_[record_count_];
  kept = said;  // reuses its vectors
  kept.raw = {};
  kept.id = id;
  kept.user = keep(said.user);
  kept.user_address = keep(said.user_address);
  kept.host = keep(said.host);
  kept.content_digest = keep(said.content_digest);
  kept.title = keep(said.title);
  for (auto& party : kept.parties) party.address = keep(party.address);
  for (auto& object : kept.objects) {
    object.name = keep(object.name);
    object.place = keep(object.place);
    object.digest = keep(object.digest);
  }
  bytes_ += sizeof kept + said.parties.size() * sizeof(event::SourceRecord::Party) +
            said.objects.size() * sizeof(event::SourceRecord::Object);
  entries_.push_back({.kind = Kind::record, .offset = offset, .number = record_count_++});
}

void SaidBatch::add_bad(ParseError error, std::uint64_t line, std::uint64_t offset,
                        std::string_view raw) {
  entries_.push_back(
      {.kind = Kind::bad, .error = error, .offset = offset, .number = line, .raw = keep(raw)});
}

void SaidBatch::add_progress(std::uint64_t offset, std::uint64_t raw_bytes) {
  entries_.push_back({.kind = Kind::progress, .offset = offset, .number = raw_bytes});
}

Result<void> SaidBatch::tell(RecordSink& sink, std::uint64_t& raw_bytes) const {
  for (const Entry& entry : entries_) {
    switch (entry.kind) {
      case Kind::record:
        WEIR_TRY(sink.record(records_[entry.number], entry.offset));
        break;
      case Kind::bad:
        WEIR_TRY(sink.bad(entry.error, entry.number, entry.offset, entry.raw));
        break;
      case Kind::progress:
        raw_bytes = entry.number;
        WEIR_TRY(sink.progress(entry.offset));
        break;
    }
  }
  return {};
}

void SaidBatch::clear() {
  // What one huge record needed is not kept for ever.
  if (!texts_.empty()) texts_.resize(texts_.front().capacity() > 2 * kTextBytes ? 0 : 1);
  if (!texts_.empty()) texts_.front().clear();
  text_ = 0;
  entries_.clear();
  record_count_ = 0;
  bytes_ = 0;
}

}  // namespace weir::ingest
