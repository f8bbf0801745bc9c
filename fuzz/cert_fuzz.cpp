// CERT rows: any bytes in, as a file with its header and, resumed, as rows behind a known one.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "weir/base/result.h"
#include "weir/ingest/parsers/cert.h"

namespace {

using namespace weir;

class Source final : public ingest::ByteSource {
 public:
  explicit Source(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t n = rest_.copy(buffer, std::min<std::size_t>(size, 97));
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

/// Whatever comes, it comes in order, lies inside the input and is within the limits.
class Checker final : public ingest::RecordSink {
 public:
  Checker(const ingest::Limits& limits, std::uint64_t size) : limits_(limits), size_(size) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    WEIR_ASSERT(!said.raw.empty() && said.raw.size() <= limits_.record_bytes);
    WEIR_ASSERT(said.parties.size() <= limits_.parties);
    WEIR_ASSERT(said.objects.size() <= limits_.objects);
    WEIR_ASSERT(said.activity != event::Activity::unknown);
    return in_order(offset);
  }
  Result<void> bad(ingest::ParseError, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    WEIR_ASSERT(line > 0 && raw.size() <= limits_.kept_bad_bytes);
    return in_order(offset);
  }
  Result<void> progress(std::uint64_t offset) override {
    WEIR_ASSERT(offset <= size_);
    return {};
  }

 private:
  Result<void> in_order(std::uint64_t offset) {
    WEIR_ASSERT(offset >= next_ && offset < size_);
    next_ = offset + 1;
    return {};
  }

  ingest::Limits limits_;
  std::uint64_t size_;
  std::uint64_t next_ = 0;
};

void read(std::string_view head, std::string_view text, std::uint64_t start) {
  ingest::ReaderOptions options;
  options.limits = {.record_bytes = 4096,
                    .message_bytes = 4096,
                    .kept_bad_bytes = 64,
                    .parties = 8,
                    .objects = 8};
  options.start_offset = start;
  options.head = head;
  options.internal_domains = {"dtaa.com"};
  auto reader = ingest::cert_format().open(options);
  if (!reader) return;
  Source source(text);
  Checker checker(options.limits, start + text.size());
  WEIR_ASSERT((*reader)->read(source, checker));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(text, text, 0);
  for (const std::string_view header :
       {"id,date,user,pc,activity", "id,date,user,pc,url,activity,content",
        "id,date,user,pc,to,cc,bcc,from,activity,size,attachments,content",
        "id,date,user,pc,filename,activity,to_removable_media,from_removable_media,content"}) {
    read(header, text, header.size() + 1);
  }
  return 0;
}
