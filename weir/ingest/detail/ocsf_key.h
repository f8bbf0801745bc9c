#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir::ingest {

/// The JSON keys the OCSF reader looks at, in whatever object they stand. X(enumerator) of the
/// same text.
#define WEIR_OCSF_KEYS(X) \
  X(account_instance)     \
  X(activity)             \
  X(activity_id)          \
  X(activity_name)        \
  X(actor)                \
  X(address)              \
  X(algorithm_id)         \
  X(bcc)                  \
  X(bytes)                \
  X(bytes_in)             \
  X(bytes_out)            \
  X(cc)                   \
  X(class_name)           \
  X(class_uid)            \
  X(confidentiality)      \
  X(confidentiality_id)   \
  X(content_hash)         \
  X(data_classification)  \
  X(data_classifications) \
  X(database)             \
  X(databucket)           \
  X(delivered_to)         \
  X(device)               \
  X(direction_id)         \
  X(dst_endpoint)         \
  X(email)                \
  X(email_addr)           \
  X(file)                 \
  X(file_flags)           \
  X(file_result)          \
  X(files)                \
  X(fingerprints)         \
  X(flags)                \
  X(from)                 \
  X(hashes)               \
  X(hostname)             \
  X(http_method)          \
  X(http_request)         \
  X(http_response)        \
  X(length)               \
  X(local_time)           \
  X(name)                 \
  X(parent_folder)        \
  X(parties)              \
  X(path)                 \
  X(peripheral_device)    \
  X(role)                 \
  X(sensitivity)          \
  X(serial_number)        \
  X(size)                 \
  X(smtp_from)            \
  X(smtp_to)              \
  X(src_endpoint)         \
  X(status_id)            \
  X(subject)              \
  X(table)                \
  X(time)                 \
  X(time_dt)              \
  X(timezone_offset)      \
  X(title)                \
  X(to)                   \
  X(traffic)              \
  X(type_id)              \
  X(type_uid)             \
  X(uid)                  \
  X(unmapped)             \
  X(url)                  \
  X(url_string)           \
  X(user)                 \
  X(value)                \
  X(web_resources)        \
  X(weir)

enum class OcsfKey : std::uint8_t {
  other,
#define WEIR_OCSF_ENUMERATOR(name) name,
  WEIR_OCSF_KEYS(WEIR_OCSF_ENUMERATOR)
#undef WEIR_OCSF_ENUMERATOR
};

namespace ocsf_key_detail {

constexpr std::array kNames = {std::string_view(),
#define WEIR_OCSF_NAME(name) std::string_view(#name),
                               WEIR_OCSF_KEYS(WEIR_OCSF_NAME)
#undef WEIR_OCSF_NAME
};

constexpr std::size_t kSlots = 512;
static_assert(kNames.size() < 128, "a key is a bit of 128");

constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return (at(0) * 7 + at(name.size() - 1) * 29 + at(name.size() / 2) * 113 + name.size() * 57) %
         kSlots;
}

/// Open addressing with linear probing, filled by the compiler.
constexpr std::array<std::uint8_t, kSlots> make_table() {
  std::array<std::uint8_t, kSlots> table{};
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    std::size_t slot = slot_of(kNames[i]);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<std::uint8_t>(i);
  }
  return table;
}
constexpr std::array<std::uint8_t, kSlots> kTable = make_table();

}  // namespace ocsf_key_detail

/// `OcsfKey::other` for a key the reader does not look at.
constexpr OcsfKey ocsf_key(std::string_view name) {
  using namespace ocsf_key_detail;
  if (name.empty()) return OcsfKey::other;
  for (std::size_t slot = slot_of(name); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    if (kNames[kTable[slot]] == name) return static_cast<OcsfKey>(kTable[slot]);
  }
  return OcsfKey::other;
}

}  // namespace weir::ingest
