#include "weir/protect/exposure.h"

#include <bit>
#include <numeric>

#include "weir/base/bytes.h"

namespace weir::protect {
namespace {

constexpr std::uint32_t kMostBlocks = 1u << 26;  // what a segment holds; 8 MiB of bits

}  // namespace

Exposure::Exposure(std::uint32_t blocks) : blocks_(blocks), bits_((std::size_t{blocks} + 63) / 64) {
  WEIR_ASSERT(blocks <= kMostBlocks);
}

std::uint32_t Exposure::count() const {
  return std::accumulate(bits_.begin(), bits_.end(), 0u, [](std::uint32_t sum, std::uint64_t bits) {
    return sum + static_cast<std::uint32_t>(std::popcount(bits));
  });
}

bool Exposure::has(std::uint32_t block) const {
  return block < blocks_ && ((bits_[block / 64] >> (block % 64)) & 1) != 0;
}

void Exposure::set(std::uint32_t block) {
  if (block < blocks_) bits_[block / 64] |= std::uint64_t{1} << (block % 64);
}

Result<void> Exposure::merge(const Exposure& other) {
  if (other.blocks_ != blocks_) {
    return fail(ErrorCode::invalid_argument, "exposure of {} blocks added to one of {}",
                other.blocks_, blocks_);
  }
  for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
  return {};
}

std::string Exposure::encode() const {
  std::string out;
  ByteWriter writer(out);
  writer.varint(blocks_);
  bool exposed = false;
  std::uint32_t begin = 0;
  for (std::uint32_t block = 0; block < blocks_; ++block) {
    if (has(block) == exposed) continue;
    writer.varint(block - begin);
    begin = block;
    exposed = !exposed;
  }
  return out;  // the last run goes to the end
}

Result<Exposure> Exposure::decode(std::string_view bytes) {
  const auto bad = [] { return fail(ErrorCode::parse, "this is no exposure of a document"); };
  ByteReader reader(bytes);
  const std::uint64_t blocks = reader.varint();
  if (!reader.ok() || blocks > kMostBlocks) return bad();
  Exposure exposure(static_cast<std::uint32_t>(blocks));
  std::uint64_t at = 0;
  bool exposed = false;
  bool first = true;
  while (!reader.at_end()) {
    const std::uint64_t run = reader.varint();
    if (!reader.ok() || (run == 0 && !first) || run >= blocks - at) return bad();
    for (std::uint64_t block = at; exposed && block < at + run; ++block) {
      exposure.set(static_cast<std::uint32_t>(block));
    }
    at += run;
    exposed = !exposed;
    first = false;
  }
  for (; exposed && at < blocks; ++at) exposure.set(static_cast<std::uint32_t>(at));
  return exposure;
}

}  // namespace weir::protect
