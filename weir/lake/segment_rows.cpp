#include "weir/lake/detail/segment_rows.h"

#include <algorithm>
#include <bit>

#include "weir/lake/detail/journal.h"

namespace weir::lake {
namespace {

using std::chrono::year;

constexpr std::uint32_t kEmpty = 0xffffffff;
constexpr Instant kFirstInstant = Day{year{1} / 1 / 1};
constexpr Instant kEndInstant = Day{year{10000} / 1 / 1};

bool is_storable(Instant when) { return when >= kFirstInstant && when < kEndInstant; }

// Turns days into months without redoing the calendar for every record.
class MonthOf {
 public:
  std::chrono::year_month operator()(Instant when) {
    if (when < from_ || when >= to_) {
      month_ = month_of(day_of(when));
      from_ = first_day(month_);
      to_ = first_day(month_ + std::chrono::months{1});
    }
    return month_;
  }

 private:
  std::chrono::year_month month_{};
  Instant from_ = Instant::max();
  Instant to_ = Instant::min();
};

}  // namespace

bool is_storable(const event::Record& record) {
  return is_storable(record.time) && is_storable(record.claimed_time) && is_storable(record.seen);
}

Result<SegmentRows> SegmentRows::load(const std::filesystem::path& journal,
                                      std::span<const std::uint64_t> segments) {
  SegmentRows out;
  event::Record record;
  MonthOf month;
  Key last_key;
  Partition* last = nullptr;
  for (const std::uint64_t number : segments) {
    const std::filesystem::path path = journal / journal::segment_name(number);
    WEIR_ASSIGN(MappedFile file, MappedFile::open(path));
    WEIR_ASSIGN(const journal::Segment segment,
                journal::parse(file.bytes(), number, path.string()));
    if (segment.tail != journal::Tail::clean) {
      return fail(ErrorCode::corrupt,
                  "{}: damaged at offset {}, and later segments follow it; restore it from a "
                  "backup, or move it away and ingest again what it held",
                  path.string(), segment.good_bytes);
    }
    for (const journal::Frame& frame : segment.frames) {
      for (const SourceProgress& one : frame.progress) out.progress_[one.source_key] = one;
      for (journal::FrameRecords records(frame); !records.at_end();) {
        WEIR_ASSIGN(const std::string_view bytes, records.next());
        if (!event::decode(bytes, record) || !lake::is_storable(record)) {
          return fail(ErrorCode::corrupt,
                      "{}: a record that this version did not write, at offset {}", path.string(),
                      bytes.data() - file.bytes().data());
        }
        const Key key(event::class_of(record.activity), month(record.claimed_time));
        if (last == nullptr || key != last_key) {
          last = &out.partitions_[key];
          last_key = key;
        }
        last->rows.push_back(
            {key_of(record), bytes.data(), static_cast<std::uint32_t>(bytes.size())});
        last->first_claimed = std::min(last->first_claimed, record.claimed_time);
        last->last_claimed = std::max(last->last_claimed, record.claimed_time);
        ++out.records_;
      }
    }
    out.files_.push_back(std::move(file));
  }
  return out;
}

std::vector<SourceProgress> SegmentRows::progress() const {
  std::vector<SourceProgress> out;
  for (const auto& [key, progress] : progress_) out.push_back(progress);
  return out;
}

Deduplicator::Deduplicator(std::vector<RowRef>& rows)
    : rows_(rows), before_(rows.size()), slots_(std::bit_ceil(rows.size() * 2 + 1), kEmpty) {
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    std::uint32_t& slot = slots_[slot_of(rows_[i].key.id)];
    if (slot == kEmpty) {
      slot = i;
    } else {
      rows_[i].data = nullptr;
    }
  }
}

// Ids are keyed hashes: their low bits are as good as any.
std::size_t Deduplicator::slot_of(const event::RecordId& id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = id.low & mask;
  while (slots_[at] != kEmpty && rows_[slots_[at]].key.id != id) at = (at + 1) & mask;
  return at;
}

void Deduplicator::drop(const event::RecordId& id) {
  const std::uint32_t row = slots_[slot_of(id)];
  if (row != kEmpty) rows_[row].data = nullptr;
}

std::uint64_t Deduplicator::finish() {
  std::erase_if(rows_, [](const RowRef& row) { return row.data == nullptr; });
  std::ranges::sort(rows_, {}, &RowRef::key);
  return before_ - rows_.size();
}

Result<bool> PartitionSource::next(event::Record& record, std::uint32_t& batch) {
  if (rows_.empty()) return false;
  if (!event::decode(rows_.front().bytes(), record)) {
    return fail(ErrorCode::corrupt, "a journal record changed while it was rolled");
  }
  batch = batch_;
  rows_ = rows_.subspan(1);
  return true;
}

}  // namespace weir::lake
