// A mailbox or a message as the reader gets it: any bytes in.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "weir/base/result.h"
#include "weir/ingest/parsers/mail.h"

namespace {

using namespace weir;

class Source final : public ingest::ByteSource {
 public:
  Source(std::string_view text, std::size_t step) : rest_(text), step_(step) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t n = rest_.copy(buffer, std::min(size, step_));
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

/// Whatever comes, it comes in order and within the limits; all of the input is read.
class Checker final : public ingest::RecordSink {
 public:
  Checker(const ingest::Limits& limits, std::uint64_t start) : limits_(limits), next_(start) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t offset) override {
    WEIR_ASSERT(!said.raw.empty() && said.raw.size() <= limits_.message_bytes);
    WEIR_ASSERT(said.activity == event::Activity::mail_send ||
                said.activity == event::Activity::mail_receive);
    // Besides the recipients: the senders and the owners of the mailbox.
    WEIR_ASSERT(said.parties.size() <= 2 * limits_.parties + 16);
    WEIR_ASSERT(said.objects.size() <= limits_.objects);
    ++messages;
    return in_order(offset);
  }
  Result<void> bad(ingest::ParseError, std::uint64_t line, std::uint64_t offset,
                   std::string_view raw) override {
    WEIR_ASSERT(line > 0 && raw.size() <= limits_.kept_bad_bytes);
    ++messages;
    return in_order(offset);
  }
  Result<void> progress(std::uint64_t offset) override {
    progressed = offset;
    return {};
  }

  std::uint64_t messages = 0;
  std::uint64_t progressed = 0;

 private:
  Result<void> in_order(std::uint64_t offset) {
    WEIR_ASSERT(offset >= next_);
    next_ = offset;
    return {};
  }

  ingest::Limits limits_;
  std::uint64_t next_;
};

std::uint64_t read(std::string_view text, std::uint64_t start, std::size_t step) {
  ingest::ReaderOptions options;
  options.limits.message_bytes = 64u << 10;
  options.limits.parties = 50;
  options.limits.objects = 20;
  options.internal_domains = {"corp.example"};
  options.head = text.substr(0, 4096);
  options.start_offset = start;
  auto reader = ingest::mail_format().open(options);
  WEIR_ASSERT(reader);
  Source source(text.substr(start), step);
  Checker checker(options.limits, start);
  WEIR_ASSERT((*reader)->read(source, checker));
  if (text.size() > start) WEIR_ASSERT(checker.progressed == text.size());
  return checker.messages;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ingest::mail_format().match(text, "");
  const std::uint64_t messages = read(text, 0, SIZE_MAX);
  WEIR_ASSERT(read(text, 0, 61) == messages);
  read(text, size / 2, SIZE_MAX);
  return 0;
}
