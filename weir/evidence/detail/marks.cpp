#include "weir/evidence/detail/marks.h"

namespace weir::evidence::detail {

Group group_of(Stratum stratum) {
  switch (stratum) {
    case Stratum::partner:
    case Stratum::known:
      return Group::trusted;
    case Stratum::declared:
    case Stratum::free_mail:
    case Stratum::unnamed:
      return Group::personal;
    case Stratum::other:
      return Group::business;
    case Stratum::none:
      return Group::nobody;
  }
  return Group::nobody;
}

std::uint8_t lag_bucket(double days) {
  if (days <= 1.0) return 0;
  if (days <= 3.0) return 1;
  if (days <= 10.0) return 2;
  if (days <= 30.0) return 3;
  if (days <= 90.0) return 4;
  return kNoLag;
}

}  // namespace weir::evidence::detail
