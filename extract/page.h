#pragma once

#include <cstdint>
#include <functional>

#include "extract/picture.h"

namespace poppler {
class page;
}

namespace weir::extract {

/// What a page of a PDF shows beside the text that can be taken from it: the page is painted, and
/// where that text stands, painted over. Drawn letters count as pictures of letters do. A text
/// that is there but cannot be seen covers what lies under it.
///
/// `points_left` is what is left of `ExtractLimits::painted_points`.
content::PictureContent look_beside_text(poppler::page& page, Pictures& pictures,
                                         std::uint64_t& points_left,
                                         const std::function<bool()>& keep_going);

}  // namespace weir::extract
