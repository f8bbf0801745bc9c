#pragma once

#include <cstddef>
#include <string_view>

namespace weir::content {

/// In how many windows of 256 bytes, half of each the next one's too, `bytes` look packed or
/// encrypted: neither they nor the differences between them, one, two or four bytes apart, say any
/// value much more often than the others. Tables, code and text of a font are far from that.
std::size_t packed_windows(std::string_view bytes);

}  // namespace weir::content
