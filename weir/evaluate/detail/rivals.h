#pragma once

#include "weir/evaluate/rival.h"

namespace weir::evaluate::detail {

// One choice of each, and the rival that it makes. `rivals.cpp` has the grids.

struct AddressChoice {
  bool marks = true;  // else every outside send counts
  event::Sensitivity least = event::Sensitivity::confidential;
  bool only_free_mail = false;
  bool by_person = false;  // the ledger; else one count an address, whoever sends
};
std::unique_ptr<Rival> make_address_counts(const AddressChoice& choice);

struct OwnRateChoice {
  int window = 1;                // days that are tested
  double least_deviation = 0.5;  // of a day
  FeatureSet features = FeatureSet::all;
};
std::unique_ptr<Rival> make_own_rate(const OwnRateChoice& choice, Variant variant);

struct SquaresChoice {
  double least_deviation = 0.5;
  bool only_more = false;  // less than usual counts nothing
  FeatureSet features = FeatureSet::all;
};
std::unique_ptr<Rival> make_sum_of_squares(const SquaresChoice& choice, Variant variant);

struct CusumChoice {
  double drift = 0;       // nats taken off a day
  std::size_t most = 24;  // features that count, the most surprising
  FeatureSet features = FeatureSet::all;
};
std::unique_ptr<Rival> make_student_cusum(const CusumChoice& choice, Variant variant);

struct PeerChoice {
  double percentile = 0.95;
  bool by_role = false;  // else by unit
  double worth = 1.4;    // score from which what is in an alarm does not count again
};
std::unique_ptr<Rival> make_peer_cumulative(const PeerChoice& choice, Variant variant);

struct ForestChoice {
  int window = 7;  // days
  bool log = false;
};
std::unique_ptr<Rival> make_forest(const ForestChoice& choice);

}  // namespace weir::evaluate::detail
