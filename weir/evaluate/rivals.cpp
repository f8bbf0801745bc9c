#include "weir/evaluate/detail/rivals.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "weir/base/result.h"
#include "weir/evaluate/rival.h"

namespace weir::evaluate {
namespace {

using event::Sensitivity;

struct Level {
  Sensitivity least;
  bool only_free_mail;
};
constexpr std::array<Level, 4> kLevels = {{{Sensitivity::confidential, false},
                                           {Sensitivity::confidential, true},
                                           {Sensitivity::secret, false},
                                           {Sensitivity::internal, false}}};
using enum FeatureSet;
constexpr std::array<detail::OwnRateChoice, 8> kOwnRates = {{{1, 0.25, all},
                                                             {1, 1, all},
                                                             {7, 1, all},
                                                             {1, 0.25, outward},
                                                             {7, 1, outward},
                                                             {1, 0.25, narrow},
                                                             {7, 0.25, narrow},
                                                             {28, 1, narrow}}};
constexpr std::array<detail::SquaresChoice, 8> kSquares = {{{0.3, false, all},
                                                            {1, false, all},
                                                            {0.3, true, all},
                                                            {1, true, all},
                                                            {0.3, true, outward},
                                                            {1, true, outward},
                                                            {0.3, true, narrow},
                                                            {1, true, narrow}}};
constexpr std::array<detail::CusumChoice, 7> kCusums = {{{0, 24, all},
                                                         {5, 24, all},
                                                         {0, 3, all},
                                                         {2, 3, all},
                                                         {0, 24, outward},
                                                         {2, 3, outward},
                                                         {0, 5, narrow}}};
constexpr std::array<detail::PeerChoice, 6> kPeers = {{{0.95, false, 1.4},
                                                       {0.95, false, 4},
                                                       {0.99, false, 1.4},
                                                       {0.99, false, 4},
                                                       {0.95, true, 4},
                                                       {0.99, true, 4}}};
constexpr std::array<detail::ForestChoice, 3> kForests = {{{7, false}, {28, false}, {28, true}}};

detail::AddressChoice address_choice(const RivalSpec& spec) {
  const bool by_person = spec.kind == RivalKind::address_ledger;
  if (spec.variant == Variant::counts) {
    return {.marks = false, .only_free_mail = spec.setting == 1, .by_person = by_person};
  }
  const Level& level = kLevels[spec.setting];
  return {.marks = true,
          .least = level.least,
          .only_free_mail = level.only_free_mail,
          .by_person = by_person};
}

}  // namespace

std::string_view to_string(RivalKind kind) {
  constexpr std::array<std::string_view, kRivalKinds> kNames = {
      "address count", "address ledger",  "own-rate z",      "sum of z²",
      "Student CUSUM", "peer cumulative", "isolation forest"};
  return kNames[std::to_underlying(kind)];
}

unsigned settings(RivalKind kind, Variant variant) {
  switch (kind) {
    case RivalKind::address_count:
    case RivalKind::address_ledger:
      return variant == Variant::marks ? kLevels.size() : 2;
    case RivalKind::own_rate:
      return kOwnRates.size();
    case RivalKind::sum_of_squares:
      return kSquares.size();
    case RivalKind::student_cusum:
      return kCusums.size();
    case RivalKind::peer_cumulative:
      return kPeers.size();
    case RivalKind::isolation_forest:
      return kForests.size();
  }
  return 0;
}

std::string describe(const RivalSpec& spec) {
  WEIR_ASSERT(spec.setting < settings(spec.kind, spec.variant));
  switch (spec.kind) {
    case RivalKind::address_count:
    case RivalKind::address_ledger: {
      const detail::AddressChoice choice = address_choice(spec);
      return fmt::format("{}, {}",
                         choice.marks ? fmt::format("{} and above", to_string(choice.least))
                                      : std::string("every send"),
                         choice.only_free_mail ? "free mail" : "any outside address");
    }
    case RivalKind::own_rate: {
      const auto& [window, least, features] = kOwnRates[spec.setting];
      return fmt::format("window {} d, least deviation {}, {}", window, least, to_string(features));
    }
    case RivalKind::sum_of_squares: {
      const auto& [least, only_more, features] = kSquares[spec.setting];
      return fmt::format("least deviation {}, {}, {}", least,
                         only_more ? "only more" : "both sides", to_string(features));
    }
    case RivalKind::student_cusum: {
      const auto& [drift, most, features] = kCusums[spec.setting];
      return fmt::format("drift {}, at most {}, {}", drift, most, to_string(features));
    }
    case RivalKind::peer_cumulative: {
      const auto& [percentile, by_role, worth] = kPeers[spec.setting];
      return fmt::format("percentile {} of {}, told at {}", 100 * percentile,
                         by_role ? "role" : "unit", worth);
    }
    case RivalKind::isolation_forest: {
      const auto& [window, log] = kForests[spec.setting];
      return fmt::format("window {} d, {}", window, log ? "log counts" : "counts");
    }
  }
  return {};
}

std::unique_ptr<Rival> make_rival(const RivalSpec& spec) {
  WEIR_ASSERT(spec.setting < settings(spec.kind, spec.variant));
  switch (spec.kind) {
    case RivalKind::address_count:
    case RivalKind::address_ledger:
      return detail::make_address_counts(address_choice(spec));
    case RivalKind::own_rate:
      return detail::make_own_rate(kOwnRates[spec.setting], spec.variant);
    case RivalKind::sum_of_squares:
      return detail::make_sum_of_squares(kSquares[spec.setting], spec.variant);
    case RivalKind::student_cusum:
      return detail::make_student_cusum(kCusums[spec.setting], spec.variant);
    case RivalKind::peer_cumulative:
      return detail::make_peer_cumulative(kPeers[spec.setting], spec.variant);
    case RivalKind::isolation_forest:
      return detail::make_forest(kForests[spec.setting]);
  }
  return nullptr;
}

}  // namespace weir::evaluate
