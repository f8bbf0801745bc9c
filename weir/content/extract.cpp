#include "weir/content/extract.h"

#include <exception>
#include <utility>

#include "weir/base/hash.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/decode.h"
#include "weir/content/detail/reading.h"

namespace weir::content {
namespace {

class Collector : public ExtractSink {
 public:
  explicit Collector(Extraction& out) : out_(out) {}
  void type(FileType type) override { out_.type = type; }
  void part(Part part) override { out_.parts.push_back(std::move(part)); }
  void finding(Finding finding) override { out_.findings.push_back(std::move(finding)); }
  void sealed(SealedMember member) override { out_.sealed.push_back(std::move(member)); }
  void file(FileDigest file) override { out_.files.push_back(std::move(file)); }

 private:
  Extraction& out_;
};

}  // namespace

void extract(std::string_view bytes, const ExtractOptions& options, ExtractSink& sink) {
  Reading reading(options, sink, bytes.size());
  const Place whole = Place{}.within(options.name);
  try {
    reading.read(whole, bytes);
  } catch (const std::exception& failure) {
    reading.finding(whole, FindingKind::unreadable,
                    std::string("could not be inspected: ") + failure.what());
  }
}

Extraction extract(std::string_view bytes, const ExtractOptions& options) {
  Extraction extraction;
  Collector collector(extraction);
  extract(bytes, options, collector);
  return extraction;
}

void warm_up_extraction() {
  start_decoding();
  (void)blake2b("");
  // Each is looked up on the disk, or built, at its first use.
  for (const char* name : {"windows-1252", "windows-1251", "windows-1250", "shift_jis", "gb18030",
                           "big5", "euc-kr", "utf-16le", "koi8-r", "iso-8859-2"}) {
    to_utf8("x", name);
  }
  guess_charset("\xe4 na\xefve gar\xe7on");
}

}  // namespace weir::content
