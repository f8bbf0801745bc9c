#include "weir/protect/snapshot.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::protect {
namespace {

constexpr std::uint32_t kMostInformation = 12 * 16;
// Keeps the words of a registry of one short document from seeming rarer than they are.
constexpr std::uint64_t kLeastWords = 256;

/// 16·log2 of a number of at least 1, without floating point: the same on every machine.
std::uint32_t log2_sixteenths(std::uint64_t value) {
  const int whole = static_cast<int>(std::bit_width(value)) - 1;
  // 32 bits behind the leading one, squared four times: each carry is a binary digit of the log.
  std::uint64_t mantissa = whole >= 31 ? value >> (whole - 31) : value << (31 - whole);
  auto result = static_cast<std::uint32_t>(whole);
  for (int i = 0; i < 4; ++i) {
    mantissa = (mantissa * mantissa) >> 31;
    result <<= 1;
    if (mantissa >= (std::uint64_t{1} << 32)) {
      mantissa >>= 1;
      result |= 1;
    }
  }
  return result;
}

}  // namespace

Snapshot::Snapshot(std::vector<Part> parts, std::shared_ptr<const Background> background)
    : parts_(std::move(parts)), background_(std::move(background)) {
  WEIR_ASSERT(background_ != nullptr);
  std::uint64_t total = kLeastWords;
  std::vector<std::uint64_t> counts(information_.size());
  for (const Part& part : parts_) {
    total += part.segment->word_count();
    const auto in_part = part.segment->word_counts();
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += in_part[i];
    for (std::uint32_t i = 0; i < part.segment->document_count(); ++i) {
      documents_ += part.is_removed(i) ? 0u : 1u;
    }
  }
  const std::uint32_t whole = log2_sixteenths(total);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint32_t share = log2_sixteenths(std::max<std::uint64_t>(counts[i], 1));
    information_[i] =
        static_cast<std::uint16_t>(std::min(whole > share ? whole - share : 0, kMostInformation));
  }
}

}  // namespace weir::protect
