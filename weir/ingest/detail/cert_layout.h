#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::ingest {

/// The tables of the CERT releases, told apart by their columns. docs/formats/cert.md.
enum class CertLayout : std::uint8_t {
  logon_or_device,
  device_r5,
  http_r4,
  http_r6,
  email_r4,
  email_r5,
  file_r4,
  file_r5,
};

/// A layout and, for each column of the file, its place in the layout's own order.
struct CertColumns {
  static constexpr std::size_t kMax = 12;

  CertLayout layout{};
  std::size_t count = 0;
  std::array<std::uint8_t, kMax> place{};
};

/// Without byte order mark and line end.
std::string_view first_line_of(std::string_view head);

/// The layout that has exactly the columns of the first line, in whatever order.
std::optional<CertColumns> find_cert_columns(std::string_view head);

/// Why a table that comes with the releases is not read; empty if it is no such table.
std::string_view why_cert_refuses(std::string_view head);

}  // namespace weir::ingest
