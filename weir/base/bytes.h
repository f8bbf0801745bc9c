#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace weir {

using ByteSpan = std::span<const std::byte>;

inline ByteSpan as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string_view as_text(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

static_assert(std::endian::native == std::endian::little, "the disk formats are little-endian");

/// Appends numbers (little-endian) and strings to a byte string. The mirror of `ByteReader`.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  /// Any integer, enum or floating-point number, as it stands in memory.
  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void fixed(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out_.append(raw, sizeof(T));
  }

  /// LEB128: small numbers take one byte.
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }

  /// Length (varint), then the bytes.
  void text(std::string_view value) {
    varint(value.size());
    out_.append(value);
  }

 private:
  std::string& out_;
};

/// Takes apart what `ByteWriter` wrote. After the first read that does not fit, `ok()` is false
/// and everything read is zero or empty: check once at the end. Never reads out of bounds,
/// whatever the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  T fixed() {
    T value{};
    if (rest_.size() < sizeof(T)) {
      set_failed();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
    return value;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;  // does not fit 64 bits
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    set_failed();
    return 0;
  }

  /// A view into the bytes given at construction.
  std::string_view text() {
    const std::uint64_t size = varint();
    if (size > rest_.size()) {
      set_failed();
      return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }

 private:
  void set_failed() {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// Lower-case hexadecimal.
std::string to_hex(ByteSpan bytes);

}  // namespace weir
