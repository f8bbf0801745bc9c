#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostSalvaged = 4u << 20;
/// Of a signature with its chain of certificates. A larger one may carry something else.
constexpr std::size_t kMostSignature = 32u << 10;

/// One value of BER. Without a length its content is all that follows, its end mark among it.
struct Value {
  unsigned char tag = 0;
  bool has_length = true;
  std::string_view content;
};
constexpr std::string_view kEnd = "\0\0"sv;

/// Takes the first value off `rest`; false if there is none whole.
bool take(std::string_view& rest, Value& value) {
  if (rest.size() < 2) return false;
  value.tag = static_cast<unsigned char>(rest[0]);
  std::size_t length = static_cast<unsigned char>(rest[1]);
  std::size_t head = 2;
  value.has_length = length != 0x80;
  if (!value.has_length) {
    length = rest.size() - head;
  } else if (length > 0x80) {
    const std::size_t bytes = length & 0x7f;
    if (bytes > 4 || rest.size() < 2 + bytes) return false;
    length = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      length = length << 8 | static_cast<unsigned char>(rest[2 + i]);
    }
    head += bytes;
  }
  if (rest.size() - head < length) return false;
  value.content = rest.substr(head, length);
  rest.remove_prefix(head + length);
  return true;
}

/// Signed data (RFC 5652) without the content that it signs: that stands elsewhere in the mail.
bool is_detached_signature(std::string_view bytes) {
  constexpr unsigned char kSequence = 0x30;
  Value info;
  Value type;
  Value wrapped;
  Value data;
  Value one;
  if (bytes.size() > kMostSignature || !take(bytes, info) || !bytes.empty()) return false;
  if (!take(info.content, type) || type.content != "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"sv) {
    return false;
  }
  if (!take(info.content, wrapped) || !take(wrapped.content, data)) return false;
  // Version, digest algorithms, then what is signed: its type and, unless detached, itself.
  if (!take(data.content, one) || !take(data.content, one) || !take(data.content, one)) {
    return false;
  }
  if (one.tag != kSequence || !take(one.content, type)) return false;
  if (one.has_length) return one.content.empty();
  if (!one.content.starts_with(kEnd)) return false;
  one.content.remove_prefix(kEnd.size());
  return take(one.content, type);  // certificates or signers, whole
}

}  // namespace

void read_cms(Reading& reading, const Place& place, std::string_view bytes) {
  reading.part(place, FileType::cms, PartKind::salvaged, printable_runs(bytes, kMostSalvaged),
               bytes.size(), place.hidden);
  if (is_detached_signature(bytes)) return;
  if (bytes.substr(0, 64).contains("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")) {
    return reading.finding(place, FindingKind::encrypted, "an S/MIME message");
  }
  reading.finding(place, FindingKind::unsupported,
                  "S/MIME signed data: only printable runs were read");
}

}  // namespace weir::content
