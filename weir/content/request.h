#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/content/extract.h"

namespace weir::content {

/// What `Extractor` and `weir-extract` say to each other over their socket (SOCK_SEQPACKET, one
/// message a packet). docs/formats/extract.md has the layout.

/// One document to read. With it go two descriptors: a sealed memfd with the document, and the end
/// of a pipe that takes the frames.
struct ExtractRequest {
  std::string name;
  ExtractLimits limits;
  /// Address space of the worker.
  std::uint64_t memory_bytes = 0;
  /// Beyond `limits.time`, before the worker is killed.
  std::chrono::milliseconds grace{0};
};
std::string encode(const ExtractRequest& request);
bool decode(std::string_view packet, ExtractRequest& out);

/// How a worker came to its end.
struct WorkerEnd {
  enum class How : std::uint8_t { exited, killed, timed_out, last = timed_out };
  How how = How::exited;
  std::int32_t number = 0;  // exit status, or signal
};
std::string encode(const WorkerEnd& end);
bool decode(std::string_view packet, WorkerEnd& out);

/// Longest packet, either way.
inline constexpr std::size_t kPacketBytes = 8192;
/// How the first packet of a `weir-extract` begins that cannot serve; then it says why.
inline constexpr char kRefusal = '!';
/// The descriptor on which `weir-extract` finds its socket.
inline constexpr int kRequestDescriptor = 3;

}  // namespace weir::content
