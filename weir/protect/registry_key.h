#pragma once

#include <array>
#include <cstdint>

#include "weir/base/hash.h"

namespace weir::protect {

/// The secret of a registry, spread into what the hashes of words and of letters need. Without it
/// an index says nothing about its texts to a dictionary:
///
/// - words become SipHash-1-3 under a secret key, a pseudo-random function;
/// - runs of 30 letters become a rolling hash over secret random numbers, then a secret mix. The
///   rolling part is linear, so it is not a pseudo-random function;
/// - what is stored is 16 bits a word and 33 bits a feature of these.
///
/// Who has the index but not the secret learns: the number and length of documents, which places
/// repeat the same word (the stored words are a substitution cipher over 65,536 symbols, so
/// frequency analysis names the commonest words and, against a text that is guessed already, can
/// confirm it), and which documents share passages. Who also can have texts of their own indexed
/// can, with enough of them, solve for the rolling table and then test guesses of whole passages.
/// Keep index and secret under the same protection as the documents; the keys only make a stolen
/// index poor.
///
/// Immutable; any number of threads may read. Not wiped on destruction.
class RegistryKey {
 public:
  using Secret = std::array<unsigned char, 32>;
  explicit RegistryKey(const Secret& secret);

  const HashKey& words() const { return words_; }
  /// A random number for each byte of canonical letters.
  const std::array<std::uint64_t, 256>& rolling() const { return rolling_; }
  /// Makes of a rolling hash, or of mixed word tokens, the bits that an index sees.
  std::uint64_t mix(std::uint64_t value) const {
    value = (value ^ mix_a_) * 0x9fb21c651e98df25u;
    value = (value ^ (value >> 32) ^ mix_b_) * 0xd6e8feb86659fd93u;
    return value ^ (value >> 29);
  }
  /// Tells whether an index was made under this secret.
  std::uint64_t check() const { return check_; }

 private:
  HashKey words_;
  std::array<std::uint64_t, 256> rolling_;
  std::uint64_t mix_a_ = 0;
  std::uint64_t mix_b_ = 0;
  std::uint64_t check_ = 0;
};

}  // namespace weir::protect
