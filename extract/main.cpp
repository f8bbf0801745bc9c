// weir-extract: reads documents in a sandbox. Started by `weir`; by hand it prints what it reads.
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/check.h"
#include "extract/serve.h"
#include "weir/base/file.h"
#include "weir/content/extractor.h"
#include "weir/content/request.h"

namespace {

using namespace weir;

constexpr std::string_view kUsage =
    "usage: weir-extract [--summary] [--ocr=LANGUAGES] FILE…\n"
    "                                        prints the texts in files; --summary: only what was "
    "found; --ocr=eng+deu: also off pictures\n"
    "       weir-extract --check             shows that the sandbox holds on this machine\n"
    "       weir-extract --serve[=LANGUAGES] on descriptor 3, for weir\n";

void print(const content::Extraction& extraction, bool summary) {
  for (const content::Part& part : extraction.parts) {
    if (!summary) {
      std::fwrite(part.text.data(), 1, part.text.size(), stdout);
      std::fputc('\n', stdout);
      continue;
    }
    std::printf("part     %s\t%s\t%s\t%s\t%zu\n", part.path.c_str(), to_string(part.type).data(),
                to_string(part.kind).data(), part.hidden ? "hidden" : "shown", part.text.size());
  }
  for (const content::SealedMember& member : extraction.sealed) {
    std::fprintf(summary ? stdout : stderr, "sealed   %s\t%llu\t%08x\n", member.path.c_str(),
                 static_cast<unsigned long long>(member.bytes), member.crc32);
  }
  for (const content::Finding& finding : extraction.findings) {
    std::fprintf(summary ? stdout : stderr, "finding  %s\t%s\t%s\n", finding.path.c_str(),
                 to_string(finding.kind).data(), finding.reason.c_str());
  }
}

int print_files(const std::vector<std::string>& files, bool summary, const std::string& ocr) {
  content::Extractor::Options options{.program = "/proc/self/exe", .workers = 1, .ocr = ocr};
  if (!ocr.empty()) options.limits.time = content::kTimeWithOcr;
  auto extractor = content::Extractor::create(options);
  if (!extractor) {
    std::fprintf(stderr, "weir-extract: %s\n", extractor.error().message.c_str());
    return 1;
  }
  int status = 0;
  for (const std::string& file : files) {
    const Result<std::string> bytes = read_file(file, std::uint64_t{1} << 30);
    if (!bytes) {
      std::fprintf(stderr, "weir-extract: %s\n", bytes.error().message.c_str());
      status = 1;
      continue;
    }
    print((*extractor)->extract(*bytes, std::string_view(file).substr(file.rfind('/') + 1)),
          summary);
  }
  return status;
}

/// What follows `option` in `argument`.
std::optional<std::string_view> after(std::string_view argument, std::string_view option) {
  if (!argument.starts_with(option)) return std::nullopt;
  return argument.substr(option.size());
}

}  // namespace

#ifdef WEIR_SANITIZED
// The search for leaks needs /proc and a thread, both of which the sandbox takes away.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif

int main(int argc, char** argv) {
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments.front().starts_with("--serve")) {
      return extract::serve(content::kRequestDescriptor,
                            after(arguments.front(), "--serve=").value_or(""));
    }
    if (arguments == std::vector<std::string>{"--check"}) return extract::check();
    const bool summary = !arguments.empty() && arguments.front() == "--summary";
    if (summary) arguments.erase(arguments.begin());
    const std::string ocr(arguments.empty() ? "" : after(arguments.front(), "--ocr=").value_or(""));
    if (!ocr.empty()) arguments.erase(arguments.begin());
    if (arguments.empty() || arguments.front().starts_with("--")) {
      std::fwrite(kUsage.data(), 1, kUsage.size(), stderr);
      return 2;
    }
    return print_files(arguments, summary, ocr);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "weir-extract: %s\n", failure.what());
    return 1;
  }
}
