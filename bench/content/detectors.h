#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::bench {

/// How sure a detector is that a text holds something protected, and of which document.
struct Score {
  double strength = 0;  // larger is surer; the scale is the detector's own, below
  std::size_t document = 0;
};
inline constexpr double kNothing = -1e9;

/// One way to recognise protected texts. `add` all of them, `learn` the background, `finish`, ask.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual void add(std::string_view text) = 0;
  virtual void learn(std::string_view /*text*/) {}
  virtual void finish() {}
  virtual Score score(std::string_view text) = 0;
  /// Of what is searched; 0: unknown.
  virtual std::size_t index_bytes() const { return 0; }
};

/// Weir as it is shipped; strength: bits of the strongest passage.
std::unique_ptr<Detector> make_weir();
/// Winnowing (Schleimer et al. 2003), the published base of commercial document fingerprints: of
/// every 100 hashes of 50 letters the smallest; strength: shared ones, those of the background not
/// counted.
std::unique_ptr<Detector> make_winnowing();
/// Likeness of whole texts, the best of all documents; null where the library is not installed.
std::unique_ptr<Detector> make_ssdeep();
std::unique_ptr<Detector> make_tlsh();

}  // namespace weir::bench
