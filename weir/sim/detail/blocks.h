#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "weir/sim/detail/phrase.h"
#include "weir/sim/detail/year.h"
#include "weir/sim/simulate.h"

namespace weir::sim {

/// Lines of one year, as they go to its file (a zstd frame) or to standard output (plain).
struct Piece {
  int year = 0;
  std::uint64_t records = 0;
  std::uint64_t checksum = 0;  // of the plain lines
  std::string stored;
};

/// A few days in a row.
struct Block {
  Day from, to;
  std::vector<Piece> pieces;
};

/// Makes blocks of days on several threads and hands them over in order. Which days make a block
/// depends on the size of the organisation and not on the threads, so neither do the bytes.
class BlockMaker {
 public:
  BlockMaker(const Options& options, const Organisation& organisation);

  /// `take` is called on the calling thread, in order of time. `cancelled` when stopped.
  Result<void> run(const Year& year, Day from, Day to,
                   const std::function<Result<void>(const Block&)>& take) const;

 private:
  class Worker;

  const Options& options_;
  const Organisation& organisation_;
  std::vector<std::string> groups_;
  std::chrono::days block_length_;
};

}  // namespace weir::sim
