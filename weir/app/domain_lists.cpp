#include "weir/app/domain_lists.h"

#include <algorithm>
#include <ranges>

// The assembler takes the files in as they are: 1.4 MB that no compiler needs to parse.
#define WEIR_EMBED(name, path)                 \
  asm(".pushsection .rodata\n"                 \
      ".globl weir_" #name                     \
      "_begin\n"                               \
      ".globl weir_" #name                     \
      "_end\n"                                 \
      "weir_" #name                            \
      "_begin:\n"                              \
      ".incbin \"" path                        \
      "\"\n"                                   \
      "weir_" #name                            \
      "_end:\n"                                \
      ".byte 0\n"                              \
      ".popsection\n");                        \
  extern "C" const char weir_##name##_begin[]; \
  extern "C" const char weir_##name##_end[];

WEIR_EMBED(free_domains, WEIR_FREE_DOMAINS)
WEIR_EMBED(disposable_domains, WEIR_DISPOSABLE_DOMAINS)

namespace weir::app {
namespace {

std::vector<std::string_view> sorted_lines(const char* begin, const char* end) {
  std::vector<std::string_view> lines;
  std::string_view rest(begin, static_cast<std::size_t>(end - begin));
  while (!rest.empty()) {
    const std::size_t at = std::min(rest.find('\n'), rest.size());
    if (at > 0) lines.push_back(rest.substr(0, at));
    rest.remove_prefix(std::min(at + 1, rest.size()));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

std::vector<std::string_view> free_mail_domains() {
  return sorted_lines(weir_free_domains_begin, weir_free_domains_end);
}

std::vector<std::string_view> disposable_domains() {
  return sorted_lines(weir_disposable_domains_begin, weir_disposable_domains_end);
}

}  // namespace weir::app
