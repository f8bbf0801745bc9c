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
/// A counting filter of fixed size (four counters of 8 bits a feature, of which the least counts).
/// It never forgets a feature it learnt; of others it takes a share for known that grows with how
/// full it is: 0.3 % at a million features in 2^24 counters, 2 % at two million. A text of 1,000
/// words has some 700 features. A value; const functions may be called from any number of threads.
class Background {
 public:
  struct Options {
    int counter_bits = 24;  // 2^24 bytes; 10 to 30
    int least_texts = 1;    // in how many texts a feature has to be, 1 to 255
  };
  Background() : Background(Options{}) {}
  explicit Background(const Options& options);

  /// Counts each feature of one text once.
  void learn(std::span<const Feature> features);
  bool knows(std::uint64_t feature) const {
    for (std::uint64_t probe = 0; probe < kProbes; ++probe) {
      if (counters_[place(feature, probe)] < least_texts_) return false;
    }
    return true;
  }
  /// Starts to fetch what `knows` will read. In line by force: GCC 12 takes a call of a function
  /// that does nothing else for one without effect and leaves it out.
  [[gnu::always_inline]] void prefetch(std::uint64_t feature) const {
    for (std::uint64_t probe = 0; probe < kProbes; ++probe) {
      __builtin_prefetch(&counters_[place(feature, probe)]);
    }
  }
  std::uint64_t text_count() const { return texts_; }

  /// For a file: with the check of the key, and a checksum (docs/formats/protect-index.md).
  std::string encode(const RegistryKey& key) const;
  /// `corrupt`, or `permission_denied` under another secret.
  static Result<Background> decode(std::string_view bytes, const RegistryKey& key);

 private:
  static constexpr std::uint64_t kProbes = 4;
  std::size_t place(std::uint64_t feature, std::uint64_t probe) const {
    return (feature + probe * ((feature * 0x9e3779b97f4a7c15u) | 1)) >> shift_;
  }

  int shift_ = 0;
  std::uint8_t least_texts_ = 1;
  std::uint64_t texts_ = 0;
  std::vector<std::uint8_t> counters_;
};

}  // namespace weir::protect
