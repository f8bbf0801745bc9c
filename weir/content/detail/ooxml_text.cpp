#include "weir/content/detail/ooxml_text.h"

#include "weir/base/text.h"

namespace weir::content {
namespace {

constexpr double kTinyHalfPoints = 4;

bool is_white(std::string_view color) { return equals_ignoring_case(color, "FFFFFF"); }

}  // namespace

bool is_on(std::string_view value) {
  return value != "0" && value != "false" && value != "off" && value != "none";
}

PartKind OoxmlText::kind_now() const {
  if (codes_ > 0) return PartKind::script;
  return deletions_ > 0 ? PartKind::deletion : kind_;
}

void OoxmlText::end_other() {
  // Measures and words such as "center" stand alone; what has words is somebody's.
  const std::string_view words = trim(other_);
  if (words.contains(' ') || words.size() > 20) {
    buckets.add(kind_, true, words);
    buckets.end_line(kind_, true);
  }
  other_.clear();
}

void OoxmlText::start(std::string_view name, const XmlAttributes& attributes) {
  end_other();
  if (name == "r") {
    ++runs_;
    hidden_run_ = false;
    white_ = false;
  } else if (name == "p") {
    shaded_ = false;
  } else if (name == "t" || name == "v" || name == "text") {
    ++texts_;
  } else if (name == "delText") {
    ++texts_;
    ++deletions_;
  } else if (name == "instrText" || name == "delInstrText") {
    ++texts_;
    ++codes_;
  } else if (name == "del" || name == "moveFrom") {
    ++deletions_;
  } else if (name == "tab" && runs_ > 0) {
    buckets.add(kind_now(), hidden_now(), "\t");
  } else if (name == "br" || name == "cr") {
    buckets.add(kind_now(), hidden_now(), "\n");
  } else if (name == "noBreakHyphen") {
    buckets.add(kind_now(), hidden_now(), "-");
  } else if (name == "vanish" || name == "specVanish") {
    hidden_run_ = is_on(attributes.get("val"));
  } else if (name == "sz" && runs_ > 0) {
    const auto size = parse_double(attributes.get("val"));
    hidden_run_ = hidden_run_ || (size && *size <= kTinyHalfPoints);
  } else if (name == "color" && runs_ > 0) {
    white_ = is_white(attributes.get("val"));
  } else if (name == "shd" || name == "highlight") {
    const std::string_view fill = attributes.get("fill");
    shaded_ =
        shaded_ || name == "highlight" || (!fill.empty() && fill != "auto" && !is_white(fill));
  } else if (name == "sld") {
    hidden_part_ = !attributes.get("show").empty() && !is_on(attributes.get("show"));
  } else if (name == "docPr" || name == "cNvPr") {
    for (const char* key : {"title", "descr"}) {
      buckets.add(PartKind::alternative, false, attributes.get(key));
      buckets.end_line(PartKind::alternative, false);
    }
  }
}

void OoxmlText::end(std::string_view name) {
  end_other();
  if (name == "r" && runs_ > 0) {
    --runs_;
    hidden_run_ = false;
    white_ = false;
  } else if (name == "t" || name == "v" || name == "text") {
    if (texts_ > 0) --texts_;
    if (name != "t") buckets.end_line(kind_now(), hidden_now());
  } else if (name == "delText") {
    if (texts_ > 0) --texts_;
    if (deletions_ > 0) --deletions_;
  } else if (name == "instrText" || name == "delInstrText") {
    if (texts_ > 0) --texts_;
    buckets.end_line(PartKind::script, hidden_now());
    if (codes_ > 0) --codes_;
  } else if ((name == "del" || name == "moveFrom") && deletions_ > 0) {
    --deletions_;
  } else if (name == "p") {
    for (const bool hidden : {false, true}) {
      buckets.end_line(kind_, hidden);
      buckets.end_line(PartKind::deletion, hidden);
    }
  }
}

void OoxmlText::text(std::string_view text) {
  if (texts_ > 0) {
    buckets.add(kind_now(), hidden_now() || codes_ > 0, text);
  } else {
    other_ += text;
  }
}

void OoxmlProperties::start(std::string_view name, const XmlAttributes& attributes) {
  value_.clear();
  if (name == "property") property_ = attributes.get("name");
  if (name != "label") return;
  attributes.for_each([&](std::string_view key, std::string_view value) {
    out.append("label ").append(key).append(": ").append(value).append("\n");
  });
}

void OoxmlProperties::end(std::string_view name) {
  const std::string_view value = trim(value_);
  if (!value.empty()) {
    out.append(property_.empty() ? name : property_).append(": ").append(value).append("\n");
  }
  value_.clear();
  if (name == "property") property_.clear();
}

void OoxmlCache::start(std::string_view name, const XmlAttributes& attributes) {
  const std::string_view value =
      attributes.get(name == "cacheField" || name == "definedName" ? "name"
                     : name == "sheetName"                         ? "val"
                                                                   : "v");
  if (value.empty()) return;
  buckets.add(PartKind::body, true, value);
  buckets.end_line(PartKind::body, true);
}

void OoxmlCache::end(std::string_view /*name*/) { buckets.end_line(PartKind::body, true); }

void OoxmlCache::text(std::string_view text) { buckets.add(PartKind::body, true, text); }

}  // namespace weir::content
