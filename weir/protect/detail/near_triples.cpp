#include "weir/protect/detail/near_triples.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "weir/base/lanes.h"

namespace weir::protect {
namespace {

constexpr std::uint64_t kFactor = 0xff51afd7ed558ccdu;
// How far before a word those are that it is joined with.
constexpr std::array<std::pair<std::size_t, std::size_t>, 6> kPairsBefore = {
    {{2, 1}, {3, 1}, {3, 2}, {4, 1}, {4, 2}, {4, 3}}};

}  // namespace

NearTriples::NearTriples(std::span<const WordToken> words, Shape shape)
    : words_(words), shape_(shape), test_(has_wide_lanes() ? test_wide : test_plain) {
  std::fill_n(work_.scaled.begin(), kBefore, 0);
  std::fill_n(work_.turned.begin(), kBefore, 0);
  std::fill_n(work_.at.begin(), kBefore, 0u - shape.near);  // too far before the text to be near
}

bool NearTriples::next(std::span<const Triple>& taken) {
  if (next_ == words_.size()) return false;
  const auto until =
      static_cast<std::uint32_t>(std::min<std::size_t>(words_.size(), next_ + kChunk));
  std::size_t end = kBefore;
  for (; next_ < until; ++next_) {
    // A word that is none of content is written over.
    const auto token = static_cast<std::uint64_t>(words_.data()[next_]);
    work_.scaled.data()[end] = token * kFactor;
    work_.turned.data()[end] = std::rotl(token, 32);
    work_.at.data()[end] = next_;
    end += (token & kContentBit) != 0 ? 1u : 0u;
  }
  test_(work_, end, shape_);

  std::size_t count = 0;
  for (std::size_t begin = kBefore; begin < end; begin += 8) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, work_.taken.data() + begin, 8);
    if (end - begin < 8) bits &= (std::uint64_t{1} << (8 * (end - begin))) - 1;
    for (; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
      const auto [far, nearer] = kPairsBefore[bit % 8];
      const std::size_t c = begin + bit / 8;
      const std::size_t a = c - far;
      const std::size_t b = c - nearer;
      const std::uint64_t* const scaled = work_.scaled.data();
      const std::uint64_t* const turned = work_.turned.data();
      taken_.data()[count++] = {
          .joined = (scaled[c] + scaled[a] + scaled[b]) ^ (turned[c] ^ turned[a] ^ turned[b]),
          .word = work_.at.data()[a]};
    }
  }
  taken = {taken_.data(), count};

  std::copy_n(work_.scaled.data() + end - kBefore, kBefore, work_.scaled.data());
  std::copy_n(work_.turned.data() + end - kBefore, kBefore, work_.turned.data());
  std::copy_n(work_.at.data() + end - kBefore, kBefore, work_.at.data());
  return true;
}

/// Of four words, one after another, and of two before each.
void NearTriples::join(const Work& work, std::size_t word, std::size_t a, std::size_t b,
                       FourLongs& joined) {
  const auto* const scaled = work.scaled.data();
  const auto* const turned = work.turned.data();
  joined = (reinterpret_cast<const FourLongs&>(scaled[word]) +
            reinterpret_cast<const FourLongs&>(scaled[a]) +
            reinterpret_cast<const FourLongs&>(scaled[b])) ^
           (reinterpret_cast<const FourLongs&>(turned[word]) ^
            reinterpret_cast<const FourLongs&>(turned[a]) ^
            reinterpret_cast<const FourLongs&>(turned[b]));
}

void NearTriples::test(Work& work, std::size_t end, Shape shape) {
  // Signed numbers are what processors compare.
  constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
  const std::int32_t share = static_cast<std::int32_t>(shape.share) ^ kLeast;
  const auto near = static_cast<std::int32_t>(shape.near);
  for (std::size_t i = kBefore; i < end; i += 8) {
    const EightInts here = reinterpret_cast<const EightInts&>(work.at.data()[i]);
    EightInts taken = {};
#pragma GCC unroll 6
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      const std::size_t a = i - kPairsBefore[pair].first;
      const std::size_t b = i - kPairsBefore[pair].second;
      FourLongs low;
      FourLongs high;
      join(work, i, a, b, low);
      join(work, i + 4, a + 4, b + 4, high);
      const EightInts upper = __builtin_shufflevector(reinterpret_cast<const EightInts&>(low),
                                                      reinterpret_cast<const EightInts&>(high), 1,
                                                      3, 5, 7, 9, 11, 13, 15) ^
                              kLeast;
      const EightInts is_near = here - reinterpret_cast<const EightInts&>(work.at.data()[a]) < near;
      taken |= (upper < share) & is_near & (1 << pair);
    }
    using EightBytes [[gnu::vector_size(8), gnu::aligned(1), gnu::may_alias]] = std::uint8_t;
    reinterpret_cast<EightBytes&>(work.taken.data()[i]) =
        __builtin_convertvector(taken, EightBytes);
  }
}

void NearTriples::test_plain(Work& work, std::size_t end, Shape shape) { test(work, end, shape); }

WEIR_WIDE_LANES void NearTriples::test_wide(Work& work, std::size_t end, Shape shape) {
  test(work, end, shape);
}

}  // namespace weir::protect
