#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"

namespace weir::protect {

/// What public and approved texts say: features that occur there tell nothing of a protected
/// document that quotes the same licence or the same letterhead.
///
/// A counting filter of fixed size (two counters of 8 bits a feature, the smaller counts). It never
/// forgets a feature it learnt; of others it takes a share for known that grows with how full it
/// is, some 5 % at a million features in 2^23 counters. Values; const functions may be called from
/// any number of threads.
class Background {
 public:
  struct Options {
    int counter_bits = 22;  // 2^22 bytes; 10 to 30
    int least_texts = 1;    // in how many texts a feature has to be, 1 to 255
  };
  Background() : Background(Options{}) {}
  explicit Background(const Options& options);

  /// Counts each feature of one text once.
  void learn(std::span<const Feature> features);
  bool knows(std::uint64_t feature) const {
    return texts_ > 0 && counters_[first(feature)] >= least_texts_ &&
           counters_[second(feature)] >= least_texts_;
  }
  std::uint64_t text_count() const { return texts_; }

  /// For a file: with the check of the key, and a checksum (docs/formats/protect-index.md).
  std::string encode(const RegistryKey& key) const;
  /// `corrupt`, or `permission_denied` under another secret.
  static Result<Background> decode(std::string_view bytes, const RegistryKey& key);

 private:
  std::size_t first(std::uint64_t feature) const { return feature >> shift_; }
  std::size_t second(std::uint64_t feature) const {
    return (feature * 0x9e3779b97f4a7c15u) >> shift_;
  }

  int shift_ = 0;
  std::uint8_t least_texts_ = 1;
  std::uint64_t texts_ = 0;
  std::vector<std::uint8_t> counters_;
};

}  // namespace weir::protect
