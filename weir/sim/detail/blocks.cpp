#include "weir/sim/detail/blocks.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "weir/base/hash.h"
#include "weir/sim/detail/packer.h"

namespace weir::sim {

namespace {

using std::chrono::days;

/// Plain text of a piece beyond this is packed, so that days of huge organisations fit in memory.
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

/// Finished blocks on their way from the workers to the one who writes them, in order.
class Line {
 public:
  Line(std::size_t blocks, std::size_t room) : blocks_(blocks), room_(room) {}

  /// The number of the next block to make; empty when there is none or no more are wanted. Waits
  /// while too many unwritten ones are ahead.
  std::optional<std::size_t> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return stopped_ || started_ == blocks_ || started_ < written_ + room_; });
    if (stopped_ || started_ == blocks_) return {};
    return started_++;
  }
  void put(std::size_t number, Result<Block> block) {
    const std::lock_guard lock(mutex_);
    done_.emplace(number, std::move(block));
    changed_.notify_all();
  }
  /// Waits for the block that is next in order.
  Result<Block> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_.contains(written_); });
    auto node = done_.extract(written_);
    ++written_;
    changed_.notify_all();
    return std::move(node.mapped());
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t blocks_;
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Result<Block>> done_;
  std::size_t started_ = 0;
  std::size_t written_ = 0;
  bool stopped_ = false;
};

}  // namespace

/// Makes one block after the other with buffers of its own.
class BlockMaker::Worker {
 public:
  Worker(const BlockMaker& maker, const Year& year)
      : maker_(maker), year_(year), phraser_(maker.organisation_, maker.groups_) {}

  Result<Block> make(Day from, Day to) {
    Block block{.from = from, .to = to, .pieces = {}};
    for (Day day = from; day < to; day += days{1}) {
      if (maker_.options_.stop != nullptr &&
          maker_.options_.stop->load(std::memory_order_relaxed)) {
        return fail(ErrorCode::cancelled, "stopped on request");
      }
      WEIR_TRY(add_day(day, block));
    }
    WEIR_TRY(close_piece(block));
    return block;
  }

 private:
  Result<void> add_day(Day day, Block& block) {
    buffer_.clear();
    year_.fill(day, buffer_);
    const WindowClock clock(day);
    // A window reaches into the next day; a file ends with its year.
    const Day midnight = day + days{1};
    const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
    const int next_year = static_cast<int>(std::chrono::year_month_day{midnight}.year());
    for (const std::uint32_t index : buffer_.in_order()) {
      const Event& event = buffer_.events()[index];
      // The last window ends with the world, so that no file is begun for its last hours.
      if (event.arrival >= maker_.organisation_.to) break;
      const int of_event = event.arrival < midnight ? year : next_year;
      if (of_event != piece_year_ || text_.size() >= kPieceBytes) WEIR_TRY(close_piece(block));
      piece_year_ = of_event;
      phraser_.append(buffer_, event, clock, text_);
      ++records_;
    }
    return {};
  }
  Result<void> close_piece(Block& block) {
    if (text_.empty()) return {};
    Piece piece{
        .year = piece_year_, .records = records_, .checksum = checksum64(text_), .stored = {}};
    if (maker_.options_.to_stdout) {
      piece.stored = text_;
    } else {
      WEIR_TRY(packer_.pack(text_, piece.stored));
      piece.stored.shrink_to_fit();
    }
    block.pieces.push_back(std::move(piece));
    text_.clear();
    records_ = 0;
    return {};
  }

  const BlockMaker& maker_;
  const Year& year_;
  Phraser phraser_;
  Packer packer_;
  EventBuffer buffer_;
  std::string text_;
  std::uint64_t records_ = 0;
  int piece_year_ = 0;
};

BlockMaker::BlockMaker(const Options& options, const Organisation& organisation)
    : options_(options), organisation_(organisation) {
  for (std::uint32_t g = 0; g < organisation.groups(); ++g)
    groups_.push_back(group_name(organisation, g));
  // Some ten thousand records a block: enough for zstd to find repetitions.
  block_length_ = days{std::clamp<std::uint32_t>(4000 / options.people, 1, 31)};
}

Result<void> BlockMaker::run(const Year& year, Day from, Day to,
                             const std::function<Result<void>(const Block&)>& take) const {
  const auto length = static_cast<std::size_t>(block_length_.count());
  const auto blocks = (static_cast<std::size_t>((to - from).count()) + length - 1) / length;
  const auto threads = static_cast<std::size_t>(options_.threads);
  Line line(blocks, threads + 2);
  std::vector<std::jthread> workers;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      Worker worker(*this, year);
      while (const auto number = line.next()) {
        const Day first = from + days{*number * length};
        line.put(*number, worker.make(first, std::min(first + days{length}, to)));
      }
    });
  }
  Result<void> outcome;
  for (std::size_t i = 0; i < blocks && outcome; ++i) {
    Result<Block> block = line.take();
    if (!block) {
      outcome = std::unexpected(std::move(block).error());
    } else {
      outcome = take(*block);
    }
  }
  line.stop();
  return outcome;
}

}  // namespace weir::sim
