#pragma once

namespace weir::behavior {

/// Two-level Pitman–Yor: a person draws addresses (hosts, places), sometimes one that is new to
/// them; of those, some are new to all colleagues too. People meet 6–20 % new ones for ever, which
/// a discount above 0 says and a plain "first seen" rule does not.
struct Novelty {
  static constexpr float kDiscount = 0.6f;
  static constexpr float kConcentration = 10.0f;
  /// Draws that the colleagues' share of new ones is worth.
  static constexpr float kPriorDraws = 20.0f;

  float draws = 0.0f;
  float kinds = 0.0f;

  void age(float factor) {
    draws *= factor;
    kinds *= factor;
  }
  void add(bool is_new) {
    draws += 1.0f;
    if (is_new) kinds += 1.0f;
  }
  /// P(the next one is new), shrunk to `colleagues` (their share of new ones).
  double chance_of_new(double colleagues) const {
    const double own =
        (kConcentration + kDiscount * kinds) / (static_cast<double>(draws) + kConcentration);
    return (kPriorDraws * colleagues + static_cast<double>(draws) * own) /
           (kPriorDraws + static_cast<double>(draws));
  }
};

}  // namespace weir::behavior
