#include "weir/content/detail/packed_rtf.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "weir/base/bytes.h"

namespace weir::content {
namespace {

constexpr std::size_t kHeader = 16;
constexpr std::uint32_t kPacked = 0x75465a4c;    // LZFu
constexpr std::uint32_t kUnpacked = 0x414c454d;  // MELA
constexpr std::size_t kWindow = 4096;

// What every window begins with ([MS-OXRTFCP] §3.1.1.1).
constexpr std::string_view kBegin =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
    "\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    "{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kBegin.size() == 207);

}  // namespace

std::optional<std::string> unpack_rtf(std::string_view bytes, std::size_t limit) {
  ByteReader header(bytes);
  const std::size_t packed = header.fixed<std::uint32_t>();
  const std::size_t size = std::min<std::size_t>(header.fixed<std::uint32_t>(), limit);
  const auto kind = header.fixed<std::uint32_t>();
  if (bytes.size() < kHeader || packed < kHeader - 4) return std::nullopt;
  const std::string_view body = bytes.substr(kHeader, packed - (kHeader - 4));
  if (kind == kUnpacked) return std::string(body.substr(0, size));
  if (kind != kPacked) return std::nullopt;

  std::array<char, kWindow> window{};
  std::ranges::copy(kBegin, window.begin());
  std::size_t at = kBegin.size();
  std::string out;
  const auto put = [&](char c) {
    if (out.size() < size) out += c;
    window[at] = c;
    at = (at + 1) % kWindow;
  };
  for (std::size_t i = 0; i < body.size() && out.size() < size;) {
    const auto kinds = static_cast<unsigned char>(body[i++]);
    for (int bit = 0; bit < 8 && i < body.size() && out.size() < size; ++bit) {
      if ((kinds >> bit & 1) == 0) {
        put(body[i++]);
        continue;
      }
      if (i + 2 > body.size()) return std::nullopt;
      const unsigned reference =
          static_cast<unsigned char>(body[i]) * 256u + static_cast<unsigned char>(body[i + 1]);
      i += 2;
      const std::size_t from = reference >> 4;
      if (from == at) return out.size() == size ? std::optional(out) : std::nullopt;
      const std::size_t length = (reference & 15u) + 2;
      for (std::size_t n = 0; n < length; ++n) put(window[(from + n) % kWindow]);
    }
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

}  // namespace weir::content
