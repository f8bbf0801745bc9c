#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/content/detail/decode.h"
#include "weir/content/mime.h"

namespace weir::content {

/// The parts between the boundary lines of a multipart body, as they stand; at most `limit`.
std::vector<std::string_view> split_parts(std::string_view body, std::string_view boundary,
                                          std::size_t limit);

/// Goes through the parts of a message and gathers its text and attachments.
class PartWalk {
 public:
  PartWalk(const MimeLimits& limits, MimeMessage& message) : limits_(limits), message_(message) {}

  /// `header` is the message's own.
  void message_body(const HeaderBlock& header);
  /// Call last: sets the digest of the text.
  void finish();

 private:
  struct Part {
    const HeaderBlock& header;
    Typed type;
    Typed disposition;
    unsigned depth = 0;
    bool nested = false;  // inside an attached message: its text is not this message's

    std::string name() const { return disposition.name.empty() ? type.name : disposition.name; }
  };

  void part(const HeaderBlock& header, unsigned depth, bool nested, bool in_digest);
  void multipart(const Part& part);
  void attached_message(const Part& part, std::string_view content);
  void text(const Part& part, std::string_view content);
  void attachment(std::string name, std::string_view content);

  const MimeLimits& limits_;
  MimeMessage& message_;
  std::size_t parts_ = 0;
  std::size_t text_bytes_ = 0;
  std::string plain_;
  std::string other_;
};

}  // namespace weir::content
