#pragma once

#include <leptonica/allheaders.h>

#include <memory>

namespace weir::extract {

struct DestroyPix {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
/// A picture of Leptonica's.
using PixPtr = std::unique_ptr<Pix, DestroyPix>;

}  // namespace weir::extract
