// The report as one HTML page without anything from outside, for the screen and for paper.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <memory>
#include <mutex>
#include <string>

#include "weir/cases/detail/chart.h"
#include "weir/cases/render.h"

namespace weir::cases {
namespace {

constexpr std::string_view kStyle = R"(
body { font: 15px/1.5 "DejaVu Sans", "Liberation Sans", Helvetica, Arial, sans-serif; color: #1b1b1b;
  background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #ccc; padding-bottom: .2rem; }
h3 { font-size: 1rem; }
table { border-collapse: collapse; margin: .6rem 0; width: 100%; }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem .25rem 0; text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
th:empty { display: none; }
td[align=right], th[align=right] { text-align: right; white-space: nowrap; }
figure { margin: 1.2rem 0; }
svg { width: 100%; height: auto; }
svg text { font-size: 12px; fill: #333; }
figcaption { font-size: .85rem; color: #444; }
.key { display: inline-block; width: .7em; height: .7em; margin: 0 .3em 0 .8em; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; }
  h2, h3 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
}
)";

constexpr std::string_view kCaption =
    "Each bar is an act of those listed, by what it weighs in nats:"
    R"(<span class="key" style="background:#7a1f1f"></span>secret)"
    R"(<span class="key" style="background:#c0562f"></span>confidential)"
    R"(<span class="key" style="background:#8a8f98"></span>other or not said.)"
    " The line is their sum so far. The dotted rise at its end is what the table below gives for "
    "smaller acts and for the weeks, which open anew, less what has faded.";

struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeText {
  void operator()(char* text) const { cmark_get_default_mem_allocator()->free(text); }
};

/// Raw HTML and links that run something are left out (no CMARK_OPT_UNSAFE).
std::string html_of(const std::string& markdown) {
  static std::once_flag once;
  std::call_once(once, cmark_gfm_core_extensions_ensure_registered);
  const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension("table"));
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const std::unique_ptr<cmark_node, FreeNode> document(cmark_parser_finish(parser.get()));
  const std::unique_ptr<char, FreeText> body(cmark_render_html(
      document.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser.get())));
  return body.get();
}

}  // namespace

std::string render_html_report(const Case& one, const Names& names, const Provenance& provenance) {
  std::string body = html_of(render_report(one, names, provenance));
  const std::string chart = detail::chart(one.draft);
  if (!chart.empty()) {
    // Below what is said first, before the first section.
    const std::size_t first_section = body.find("<h2>");
    std::string figure = "<figure>\n";
    figure.append(chart)
        .append("<figcaption>")
        .append(kCaption)
        .append("</figcaption>\n</figure>\n");
    body.insert(first_section == std::string::npos ? body.size() : first_section, figure);
  }
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n";
  page.append(fmt::format("<title>Case {}</title>\n<style>", one.number)).append(kStyle);
  page.append("</style>\n</head>\n<body>\n").append(body).append("</body>\n</html>\n");
  return page;
}

}  // namespace weir::cases
