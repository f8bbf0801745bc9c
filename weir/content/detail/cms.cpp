#include <openssl/cms.h>
#include <openssl/err.h>

#include <algorithm>
#include <climits>
#include <memory>

#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

constexpr std::size_t kMostSignature = std::size_t{32} << 10;  // with its certificates

struct FreeMessage {
  void operator()(CMS_ContentInfo* message) const { CMS_ContentInfo_free(message); }
};

}  // namespace

/// What a signature is around (RFC 5652) is in the clear; what is enveloped is not. A certificate
/// can say what its maker likes.
void read_cms(Reading& reading, const Place& place, std::string_view bytes) {
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto size = static_cast<long>(std::min<std::size_t>(bytes.size(), INT_MAX));
  const std::unique_ptr<CMS_ContentInfo, FreeMessage> message(
      d2i_CMS_ContentInfo(nullptr, &begin, size));
  ERR_clear_error();
  if (message == nullptr) {
    reading.part(place, FileType::cms, PartKind::salvaged, printable_runs(bytes, bytes.size()),
                 bytes.size());
    return reading.finding(place, FindingKind::corrupt,
                           "S/MIME that cannot be taken apart: only printable runs were read");
  }
  if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed) {
    return reading.finding(place, FindingKind::encrypted, "an S/MIME message");
  }
  reading.part(place, FileType::cms, PartKind::salvaged, printable_runs(bytes, bytes.size()),
               bytes.size(), true);
  const auto end =
      static_cast<std::size_t>(begin - reinterpret_cast<const unsigned char*>(bytes.data()));
  if (end < bytes.size() && reading.take_bytes(place, bytes.size() - end)) {
    reading.read(place.member("behind its end"), bytes.substr(end));
  }
  ASN1_OCTET_STRING** content = CMS_get0_content(message.get());
  if (content == nullptr || *content == nullptr) {  // it signs another part of the mail
    if (bytes.size() <= kMostSignature) return;
    return reading.finding(place, FindingKind::unsupported,
                           "an S/MIME signature larger than its certificates need");
  }
  const std::string_view inside(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                                static_cast<std::size_t>(ASN1_STRING_length(*content)));
  if (reading.take_bytes(place, inside.size())) reading.read(place.member("signed"), inside);
}

}  // namespace weir::content
