#include "weir/content/detail/xml.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/outlines.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

// Expat itself does not mind, but handlers keep a stack.
constexpr unsigned kMaxDepth = 2'000;
constexpr std::size_t kPiece = 64u << 10;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

struct Run {
  XmlHandler& handler;
  XML_Parser parser = nullptr;
  unsigned depth = 0;
  std::string_view why;  // we stopped it
  Outlines outlines = {};
};

Run& run_of(void* data) { return *static_cast<Run*>(data); }

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  Run& run = run_of(data);
  if (++run.depth > kMaxDepth) {
    run.why = "elements are nested too deeply";
    XML_StopParser(run.parser, XML_FALSE);
    return;
  }
  run.outlines.element(local_name(name));
  for (const XML_Char** pair = attributes; *pair != nullptr; pair += 2) {
    run.outlines.attribute(local_name(pair[0]), pair[1]);
  }
  run.handler.start(local_name(name), XmlAttributes(attributes));
}

void on_end(void* data, const XML_Char* name) {
  Run& run = run_of(data);
  --run.depth;
  run.handler.end(local_name(name));
}

void on_text(void* data, const XML_Char* text, int size) {
  run_of(data).handler.text({text, static_cast<std::size_t>(size)});
}

void on_entity(void* data, const XML_Char* /*name*/, int is_parameter, const XML_Char* value,
               int /*size*/, const XML_Char* /*base*/, const XML_Char* /*system*/,
               const XML_Char* /*id*/, const XML_Char* /*notation*/) {
  if (is_parameter != 0 && value == nullptr) return;  // outside: never opened
  Run& run = run_of(data);
  run.why = "it declares entities, which are not expanded";
  XML_StopParser(run.parser, XML_FALSE);
}

/// The name in <?xml encoding="…"?>.
std::string declared_encoding(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.find("?>"), 200));
  const std::size_t at = head.find("encoding=");
  if (at == std::string_view::npos || at + 11 > head.size()) return {};
  const std::string_view value = head.substr(at + 10);
  return to_lower_ascii(value.substr(0, value.find_first_of("\"'")));
}

bool expat_knows(std::string_view encoding) {
  constexpr std::array<std::string_view, 5> kKnown = {"", "utf-8", "utf-16", "iso-8859-1",
                                                      "us-ascii"};
  return std::ranges::find(kKnown, encoding) != kKnown.end();
}

}  // namespace

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view XmlAttributes::get(std::string_view wanted) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (local_name(pair[0]) == wanted) return pair[1];
  }
  return {};
}

bool parse_xml(Reading& reading, const Place& place, std::string_view bytes, XmlHandler& handler) {
  std::string converted;
  const char* force = nullptr;
  if (const std::string encoding = declared_encoding(bytes); !expat_knows(encoding)) {
    if (auto text = to_utf8(bytes, encoding.c_str())) {
      converted = std::move(*text);
      bytes = converted;
    }
    force = "UTF-8";
  }
  // A blank in front of <?xml is an error to expat, and ordinary in files.
  while (!bytes.empty() &&
         (bytes.front() == '\n' || bytes.front() == '\r' || bytes.front() == ' ')) {
    bytes.remove_prefix(1);
  }
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser(
      XML_ParserCreate(force));
  if (parser == nullptr) {
    reading.finding(place, FindingKind::unreadable, "no memory for an XML parser");
    return false;
  }
  Run run{.handler = handler, .parser = parser.get(), .depth = 0, .why = {}};
  XML_SetUserData(parser.get(), &run);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetEntityDeclHandler(parser.get(), on_entity);

  for (std::size_t at = 0;; at += kPiece) {
    if (!reading.keep_going(place)) return false;
    const std::string_view piece = bytes.substr(std::min(at, bytes.size()), kPiece);
    const bool last = at + kPiece >= bytes.size();
    const XML_Status status =
        XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
    if (status == XML_STATUS_OK) {
      if (!last) continue;
      run.outlines.finish(reading, place);
      return true;
    }
    const auto offset =
        static_cast<std::uint64_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser.get()), 0));
    const bool ours = XML_GetErrorCode(parser.get()) == XML_ERROR_ABORTED && !run.why.empty();
    reading.finding(
        place, ours ? FindingKind::unsupported : FindingKind::corrupt,
        fmt::format(
            "XML, byte {}: {}; the rest was read without its tags", offset,
            ours ? run.why : std::string_view(XML_ErrorString(XML_GetErrorCode(parser.get())))));
    const std::string_view rest = bytes.substr(std::min<std::uint64_t>(offset, bytes.size()));
    reading.part(place, FileType::xml, PartKind::salvaged,
                 strip_markup(rest.contains('\0') ? decode_text(rest, "") : std::string(rest)),
                 bytes.size());
    return false;
  }
}

std::string strip_markup(std::string_view bytes) {
  struct Named {
    std::string_view name;
    char32_t c;
  };
  constexpr std::array<Named, 6> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xa0}}};
  std::string out;
  out.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '<') {
      const std::size_t end = bytes.find('>', i);
      if (end == std::string_view::npos) break;
      if (!out.empty() && out.back() != ' ' && out.back() != '\n') out += ' ';
      i = end;
      continue;
    }
    if (bytes[i] == '&') {
      const std::string_view name = bytes.substr(i + 1, 10);
      const std::size_t end = name.find(';');
      if (end != std::string_view::npos) {
        const std::string_view entity = name.substr(0, end);
        const auto named = std::ranges::find(kNamed, entity, &Named::name);
        if (named != kNamed.end()) {
          append_utf8(named->c, out);
          i += end + 1;
          continue;
        }
        if (const auto number = parse_u64(entity.substr(std::min<std::size_t>(1, entity.size())));
            entity.starts_with('#') && number) {
          append_utf8(static_cast<char32_t>(std::min<std::uint64_t>(*number, 0x110000)), out);
          i += end + 1;
          continue;
        }
      }
    }
    out += bytes[i];
  }
  return out;
}

namespace {

/// All text and all attribute values that hold words, for XML of no known kind.
class AnyXml : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    end_word();
    hidden_ = name == "script" || name == "style";
    attributes.for_each([&](std::string_view key, std::string_view value) {
      if (key.starts_with("xmlns") || !value.contains(' ')) return;
      buckets.add(PartKind::alternative, false, value);
      buckets.end_line(PartKind::alternative, false);
    });
  }
  void end(std::string_view /*name*/) override {
    end_word();
    hidden_ = false;
  }
  void text(std::string_view text) override {
    buckets.add(hidden_ ? PartKind::script : PartKind::body, hidden_, text);
    open_ = true;
  }
  TextBuckets buckets;

 private:
  void end_word() {
    if (open_) buckets.end_line(PartKind::body, false);
    open_ = false;
  }
  bool hidden_ = false;
  bool open_ = false;
};

}  // namespace

void read_xml(Reading& reading, const Place& place, std::string_view bytes) {
  AnyXml any;
  parse_xml(reading, place, bytes, any);
  any.buckets.flush(reading, place, FileType::xml, bytes.size());
}

}  // namespace weir::content
