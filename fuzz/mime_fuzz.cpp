// One message: any bytes in. Its small parts are tried on the same bytes alone.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/text.h"
#include "weir/content/address_list.h"
#include "weir/content/file_traits.h"
#include "weir/content/mail_date.h"
#include "weir/content/mime.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::content;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  MimeLimits limits;
  limits.parts = 100;
  limits.depth = 10;
  limits.recipients = 50;
  limits.attachments = 50;
  limits.text_bytes = 32u << 10;
  MimeMessage message;
  if (parse_mime(bytes, limits, message)) {
    WEIR_ASSERT(message.recipients.size() <= limits.recipients);
    WEIR_ASSERT(message.attachments.size() <= limits.attachments);
    WEIR_ASSERT(weir::is_utf8(message.subject));
    for (const auto& attachment : message.attachments) {
      WEIR_ASSERT(weir::is_utf8(attachment.name));
      WEIR_ASSERT(attachment.bytes <= size);
    }
    MimeMessage again;
    WEIR_ASSERT(parse_mime(bytes, limits, again));
    WEIR_ASSERT(again.body_digest == message.body_digest);
  }

  std::vector<std::string> addresses;
  append_addresses(bytes, 20, addresses);
  for (const std::string& address : addresses) WEIR_ASSERT(!address.empty());
  inspect_file("report.pdf", bytes);
  parse_mail_date(bytes);
  return 0;
}
