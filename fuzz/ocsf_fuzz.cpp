// OCSF lines: any bytes in; what is read is written as a line that reads back to the same line.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/event/ocsf.h"
#include "weir/ingest/parsers/ocsf.h"

namespace {

using namespace weir;

class Source final : public ingest::ByteSource {
 public:
  explicit Source(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t n = rest_.copy(buffer, std::min<std::size_t>(size, 4096));
    rest_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view rest_;
};

class Writer final : public ingest::RecordSink {
 public:
  Result<void> record(const event::SourceRecord& said, std::uint64_t) override {
    WEIR_ASSERT(said.activity != event::Activity::unknown && !said.raw.empty());
    write_ocsf(said, lines);
    ++records;
    return {};
  }
  Result<void> bad(ingest::ParseError, std::uint64_t, std::uint64_t, std::string_view) override {
    ++bad_records;
    return {};
  }
  Result<void> progress(std::uint64_t) override { return {}; }

  std::string lines;
  std::size_t records = 0;
  std::size_t bad_records = 0;
};

Writer read(std::string_view text, std::size_t parties) {
  ingest::ReaderOptions options;
  options.limits.record_bytes = 1u << 20;
  options.limits.parties = parties;
  auto reader = ingest::ocsf_format().open(options);
  WEIR_ASSERT(reader);
  Source source(text);
  Writer writer;
  WEIR_ASSERT((*reader)->read(source, writer));
  return writer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ingest::ocsf_format().match(text, "");
  const Writer first = read(text, 50);
  const Writer second = read(first.lines, 100);
  WEIR_ASSERT(second.bad_records == 0 && second.records == first.records);
  WEIR_ASSERT(second.lines == first.lines);
  return 0;
}
