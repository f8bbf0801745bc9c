#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::content {

/// Cuts a file that holds no text into pieces of 1 to 16 KiB, 4 on average, where the bytes
/// themselves say so, and gives XXH3-64 of each: what is put in, cut off or left out changes the
/// pieces around it and no others (FastCDC: Xia et al., USENIX ATC 2016). A piece with hardly any
/// different bytes, as files are padded with, and the same piece again are left out.
///
/// Registered files are known by their pieces: other numbers here make all of them unknown.
std::vector<std::uint64_t> pieces_of(std::string_view bytes);

}  // namespace weir::content
