#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::content {

/// RTF as Outlook packs it ([MS-OXRTFCP], "LZFu"), unpacked; at most `limit` bytes of it. Nothing
/// if it does not begin like that, or says another length than it unpacks to.
std::optional<std::string> unpack_rtf(std::string_view bytes, std::size_t limit);

}  // namespace weir::content
