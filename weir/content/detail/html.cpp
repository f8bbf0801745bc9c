#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/outlines.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/xml.h"

namespace weir::content {
namespace {

// gumbo frees its tree by recursion: what nests deeper is read without its tags.
constexpr std::size_t kMaxNesting = 2'000;
constexpr std::size_t kMaxHiddenRules = 5'000;

struct FreeOutput {
  void operator()(GumboOutput* output) const {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
  }
};

/// A style without blanks and in lower case: "color:#fff;display:none".
std::string compact(std::string_view style) {
  std::string out = to_lower_ascii(style);
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  return out;
}

/// Value of a property of a compact style; empty if it has none.
std::string_view property(std::string_view style, std::string_view name) {
  for (const std::string_view declaration : split(style, ';')) {
    if (declaration.starts_with(name) && declaration.substr(name.size()).starts_with(':')) {
      std::string_view value = declaration.substr(name.size() + 1);
      return value.substr(0, value.find('!'));
    }
  }
  return {};
}

bool is_white(std::string_view color) {
  return color == "#fff" || color == "#ffffff" || color == "white" || color == "rgb(255,255,255)" ||
         color == "transparent";
}

bool is_tiny(std::string_view size) {
  const std::size_t end = size.find_first_not_of("0123456789.");
  const auto number = parse_double(size.substr(0, end));
  if (!number || end == std::string_view::npos) return number && *number == 0;
  const std::string_view unit = size.substr(end);
  return *number == 0 || (*number <= 2 && (unit == "px" || unit == "pt"));
}

bool hides(const std::string& style) {
  if (property(style, "display") == "none" || property(style, "visibility") == "hidden" ||
      property(style, "visibility") == "collapse" || property(style, "mso-hide") == "all") {
    return true;
  }
  const std::string_view opacity = property(style, "opacity");
  if (!opacity.empty() && parse_double(opacity).value_or(1) < 0.05) return true;
  if (const std::string_view size = property(style, "font-size"); !size.empty() && is_tiny(size)) {
    return true;
  }
  const std::string_view color = property(style, "color");
  const std::string_view ground = property(style, "background-color").empty()
                                      ? property(style, "background")
                                      : property(style, "background-color");
  if (!color.empty() && color == ground) return true;
  if (is_white(color) && (ground.empty() || is_white(ground))) return true;
  const std::string_view indent = property(style, "text-indent");
  const std::string_view left = property(style, "left");
  return indent.starts_with("-999") || left.starts_with("-999");
}

/// Selectors of one class or id whose rule hides: ".x", "#x".
void gather_hidden_rules(std::string_view sheet, std::set<std::string, std::less<>>& out) {
  while (out.size() < kMaxHiddenRules) {
    const std::size_t open = sheet.find('{');
    const std::size_t close = sheet.find('}', open);
    if (close == std::string_view::npos) return;
    if (hides(compact(sheet.substr(open + 1, close - open - 1)))) {
      for (const std::string_view selector : split(sheet.substr(0, open), ',')) {
        const std::string_view last = trim(selector.substr(selector.find_last_of("}>;") + 1));
        if (last.size() < 2 || last.find_first_of(" :[", 1) != std::string_view::npos) continue;
        const std::size_t mark = last.find_first_of(".#");
        if (mark != std::string_view::npos) out.emplace(last.substr(mark));
      }
    }
    sheet.remove_prefix(close + 1);
  }
}

bool is_block(GumboTag tag) {
  constexpr std::array kBlocks = {
      GUMBO_TAG_P,       GUMBO_TAG_DIV,        GUMBO_TAG_BR,     GUMBO_TAG_LI,
      GUMBO_TAG_TR,      GUMBO_TAG_H1,         GUMBO_TAG_H2,     GUMBO_TAG_H3,
      GUMBO_TAG_H4,      GUMBO_TAG_H5,         GUMBO_TAG_H6,     GUMBO_TAG_TABLE,
      GUMBO_TAG_UL,      GUMBO_TAG_OL,         GUMBO_TAG_DL,     GUMBO_TAG_DT,
      GUMBO_TAG_DD,      GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_PRE,    GUMBO_TAG_TITLE,
      GUMBO_TAG_SECTION, GUMBO_TAG_ARTICLE,    GUMBO_TAG_HEADER, GUMBO_TAG_FOOTER,
      GUMBO_TAG_OPTION,  GUMBO_TAG_BODY,       GUMBO_TAG_HR};
  return std::ranges::find(kBlocks, tag) != kBlocks.end();
}

/// Of HTML's own elements empty: only drawings are asked for.
std::string_view name_of(const GumboElement& element) {
  if (element.tag_namespace != GUMBO_NAMESPACE_SVG) return {};
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return {piece.data, piece.length};
}

class HtmlReading {
 public:
  HtmlReading(Reading& reading, const Place& place) : reading_(reading), place_(place) {}

  void run(const GumboNode* root) {
    std::vector<Step> pending{{root, false, false, false}};
    std::size_t seen = 0;
    while (!pending.empty()) {
      if ((++seen & 0xfff) == 0 && !reading_.keep_going(place_)) return;
      const Step step = pending.back();
      pending.pop_back();
      if (step.closes) {
        if (!step.preformatted) end_block(step.hidden);
        continue;
      }
      visit(step, pending);
    }
    outlines_.finish(reading_, place_);
  }
  TextBuckets buckets;

 private:
  struct Step {
    const GumboNode* node;
    bool hidden;
    bool preformatted;
    bool closes;  // only the line end after a block is left to do
  };

  void end_block(bool hidden) {
    buckets.end_line(PartKind::body, hidden);
    blank_ = true;
  }

  void visit(const Step& step, std::vector<Step>& pending) {
    switch (step.node->type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
        return words(step.node->v.text.text, step.hidden);
      case GUMBO_NODE_WHITESPACE:
        return words(" ", step.hidden);
      case GUMBO_NODE_COMMENT:
        buckets.add(PartKind::comment, true, step.node->v.text.text);
        return buckets.end_line(PartKind::comment, true);
      case GUMBO_NODE_DOCUMENT:
        return children(step.node->v.document.children, step.hidden, pending);
      default:
        return element(step, pending);
    }
  }

  void children(const GumboVector& nodes, bool hidden, std::vector<Step>& pending) {
    for (unsigned i = nodes.length; i > 0; --i) {
      pending.push_back({static_cast<const GumboNode*>(nodes.data[i - 1]), hidden, false, false});
    }
  }

  void element(const Step& step, std::vector<Step>& pending) {
    const GumboElement& element = step.node->v.element;
    if (element.tag == GUMBO_TAG_SCRIPT || element.tag == GUMBO_TAG_STYLE) {
      for (unsigned i = 0; i < element.children.length; ++i) {
        const auto* child = static_cast<const GumboNode*>(element.children.data[i]);
        if (child->type != GUMBO_NODE_TEXT && child->type != GUMBO_NODE_CDATA) continue;
        if (element.tag == GUMBO_TAG_STYLE) gather_hidden_rules(child->v.text.text, rules_);
        buckets.add(PartKind::script, true, child->v.text.text);
        buckets.end_line(PartKind::script, true);
      }
      return;
    }
    const bool hidden = step.hidden || is_hidden(element);
    attributes(element, hidden);
    if (is_block(element.tag)) {
      end_block(hidden);
      pending.push_back({step.node, hidden, false, true});
    } else if (element.tag == GUMBO_TAG_TD || element.tag == GUMBO_TAG_TH) {
      words(" ", hidden);
    }
    children(element.children, hidden, pending);
  }

  bool is_hidden(const GumboElement& element) const {
    if (element.tag == GUMBO_TAG_TEMPLATE) return true;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const std::string_view name = attribute->name;
      const std::string_view value = attribute->value;
      if (name == "hidden" || (name == "style" && hides(compact(value))) ||
          (name == "color" && element.tag == GUMBO_TAG_FONT && is_white(compact(value))) ||
          (name == "type" && value == "hidden")) {
        return true;
      }
      if (rules_.empty()) continue;
      if (name == "id" && rules_.contains("#" + std::string(value))) return true;
      if (name != "class") continue;
      for (const std::string_view one : split(value, ' ')) {
        if (!one.empty() && rules_.contains("." + std::string(one))) return true;
      }
    }
    return false;
  }

  void attributes(const GumboElement& element, bool hidden) {
    outlines_.element(name_of(element));
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const std::string_view name = attribute->name;
      const std::string_view value = attribute->value;
      outlines_.attribute(local_name(name), value);
      if (name == "href") {
        if (!value.starts_with("data:") && value.contains("://")) {
          buckets.add(PartKind::alternative, hidden, value);
          buckets.end_line(PartKind::alternative, hidden);
        }
      } else if (name == "alt" || name == "title" || name == "placeholder" || name == "value" ||
                 name == "aria-label" || name == "srcdoc" ||
                 (name == "content" && element.tag == GUMBO_TAG_META) ||
                 name.starts_with("data-")) {
        const bool unseen = hidden || name.starts_with("data-") || element.tag == GUMBO_TAG_META;
        buckets.add(PartKind::alternative, unseen, value);
        buckets.end_line(PartKind::alternative, unseen);
      }
    }
  }

  void words(std::string_view text, bool hidden) {
    for (const char c : text) {
      const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
      if (blank && blank_) continue;
      blank_ = blank;
      word_ += blank ? ' ' : c;
    }
    buckets.add(PartKind::body, hidden, word_);
    word_.clear();
  }

  Reading& reading_;
  const Place& place_;
  Outlines outlines_;
  std::set<std::string, std::less<>> rules_;
  std::string word_;
  bool blank_ = true;
};

/// The name of the character set in a <meta> of the first kilobytes.
std::string meta_charset(std::string_view bytes) {
  const std::string head = to_lower_ascii(bytes.substr(0, 4096));
  const std::size_t at = head.find("charset=");
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(head).substr(at + 8);
  while (rest.starts_with('"') || rest.starts_with('\'') || rest.starts_with(' '))
    rest.remove_prefix(1);
  return std::string(rest.substr(0, rest.find_first_of("\"'; />")));
}

/// An upper bound of how deep the elements nest.
std::size_t nesting(std::string_view html) {
  std::size_t depth = 0;
  std::size_t most = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const char next = at + 1 < html.size() ? html[at + 1] : '\0';
    if (next == '/') {
      if (depth > 0) --depth;
    } else if ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') {
      constexpr std::array<std::string_view, 8> kVoid = {"br",    "img",  "hr", "meta",
                                                         "input", "link", "p",  "li"};
      const std::string name =
          to_lower_ascii(html.substr(at + 1, html.substr(at + 1, 8).find_first_of(" />\t\r\n")));
      if (std::ranges::find(kVoid, name) == kVoid.end()) most = std::max(most, ++depth);
    }
  }
  return most;
}

}  // namespace

void read_html(Reading& reading, const Place& place, std::string_view bytes,
               std::string_view charset) {
  const std::string said = charset.empty() ? meta_charset(bytes) : std::string(charset);
  const std::string text = decode_text(bytes, said);
  if (nesting(text) > kMaxNesting) {
    reading.finding(place, FindingKind::unsupported,
                    "HTML nested too deeply; read without its tags, hidden text among the rest");
    return reading.part(place, FileType::html, PartKind::salvaged, strip_markup(text),
                        bytes.size());
  }
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const std::unique_ptr<GumboOutput, FreeOutput> output(
      gumbo_parse_with_options(&options, text.data(), text.size()));
  HtmlReading html(reading, place);
  html.run(output->document);
  html.buckets.flush(reading, place, FileType::html, bytes.size());
}

}  // namespace weir::content
