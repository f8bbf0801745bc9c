#include <algorithm>

#include "weir/base/text.h"
#include "weir/content/detail/ooxml_text.h"
#include "weir/content/detail/package.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

PartKind kind_of(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  if (lower.contains("comment")) return PartKind::comment;
  if (lower.contains("footnotes") || lower.contains("endnotes") || lower.contains("notesslide")) {
    return PartKind::note;
  }
  const std::string_view file = file_name(lower);
  if (file.starts_with("header") || file.starts_with("footer") || lower.contains("master") ||
      lower.contains("layout")) {
    return PartKind::header_footer;
  }
  return PartKind::body;
}

/// Targets outside the file: links.
class Links : public XmlHandler {
 public:
  void start(std::string_view /*name*/, const XmlAttributes& attributes) override {
    if (attributes.get("TargetMode") == "External") {
      out.append(attributes.get("Target")).append("\n");
    }
  }
  void end(std::string_view /*name*/) override {}
  void text(std::string_view /*text*/) override {}
  std::string out;
};

/// Runs `each` over the elements; their text does not matter.
template <class Each>
class Elements : public XmlHandler {
 public:
  explicit Elements(Each each) : each_(std::move(each)) {}
  void start(std::string_view name, const XmlAttributes& attributes) override {
    each_(name, attributes);
  }
  void end(std::string_view /*name*/) override {}
  void text(std::string_view /*text*/) override {}

 private:
  Each each_;
};

class SharedStrings : public XmlHandler {
 public:
  explicit SharedStrings(std::vector<std::string>& out) : out_(out) {}
  void start(std::string_view name, const XmlAttributes& /*attributes*/) override {
    if (name == "si") out_.emplace_back();
    in_text_ = name == "t" && !phonetic_;
    if (name == "rPh") phonetic_ = true;
  }
  void end(std::string_view name) override {
    in_text_ = false;
    if (name == "rPh") phonetic_ = false;
  }
  void text(std::string_view text) override {
    if (in_text_ && !out_.empty()) out_.back() += text;
  }

 private:
  std::vector<std::string>& out_;
  bool in_text_ = false;
  bool phonetic_ = false;
};

/// 1 for A, 28 for AB; 0 if the reference has no letters.
unsigned column_of(std::string_view reference) {
  unsigned column = 0;
  for (const char c : reference.substr(0, 3)) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<unsigned>(c - 'A') + 1;
  }
  return column;
}

class Sheet : public XmlHandler {
 public:
  Sheet(Reading& reading, const Place& place, const std::vector<std::string>& strings,
        std::vector<bool>& shown, bool hidden)
      : reading_(reading), place_(place), strings_(strings), shown_(shown), hidden_(hidden) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    value_.clear();
    if (name == "col") {
      const auto first = parse_u64(attributes.get("min"));
      const auto last = parse_u64(attributes.get("max"));
      if (first && last && is_set(attributes.get("hidden")) && hidden_columns_.size() < 20'000) {
        hidden_columns_.push_back({*first, *last});
      }
    } else if (name == "row") {
      hidden_row_ = is_set(attributes.get("hidden"));
    } else if (name == "c") {
      type_ = attributes.get("t");
      const unsigned column = column_of(attributes.get("r"));
      hidden_cell_ = std::ranges::any_of(hidden_columns_, [&](const Range& range) {
        return column >= range.first && column <= range.last;
      });
    }
  }

  void end(std::string_view name) override {
    if (name == "v") {
      if (type_ == "s") {
        const auto at = parse_u64(trim(value_));
        if (at && *at < strings_.size()) {
          shown_[*at] = true;
          cell(strings_[*at]);
        }
      } else {
        cell(value_);
      }
    } else if (name == "t") {
      cell(value_);
    } else if (name == "f") {
      if (!value_.empty()) buckets.add(PartKind::formula, is_hidden(), value_ + "\n");
    } else if (name == "row") {
      for (const bool hidden : {false, true}) buckets.end_line(PartKind::body, hidden);
    } else if (name.ends_with("Header") || name.ends_with("Footer")) {
      buckets.add(PartKind::header_footer, hidden_, value_ + "\n");
    } else if (value_.contains(' ') && !trim(value_).empty()) {
      buckets.add(PartKind::body, true, value_ + "\n");
    }
    value_.clear();
  }

  void text(std::string_view text) override { value_ += text; }
  TextBuckets buckets;

 private:
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  static bool is_set(std::string_view value) { return !value.empty() && is_on(value); }
  bool is_hidden() const { return hidden_ || hidden_row_ || hidden_cell_; }
  void cell(std::string_view text) {
    // A long string may be shown by a million cells.
    if (!reading_.take_bytes(place_, text.size())) return;
    buckets.add(PartKind::body, is_hidden(), text);
    buckets.add(PartKind::body, is_hidden(), "\t");
  }

  Reading& reading_;
  const Place& place_;
  const std::vector<std::string>& strings_;
  std::vector<bool>& shown_;
  bool hidden_;
  bool hidden_row_ = false;
  bool hidden_cell_ = false;
  std::string type_;
  std::string value_;
  std::vector<Range> hidden_columns_;
};

}  // namespace

bool OoxmlReader::is_first(std::string_view name) {
  const std::string_view file = file_name(name);
  return file == "workbook.xml" || file == "workbook.xml.rels" || file == "sharedStrings.xml";
}

void OoxmlReader::workbook(const Place& place, std::string_view bytes) {
  std::string names;
  Elements elements([&](std::string_view name, const XmlAttributes& attributes) {
    if (name != "sheet") return;
    names.append(attributes.get("name")).append("\n");
    const std::string_view state = attributes.get("state");
    if (state == "hidden" || state == "veryHidden") hidden_ids_.emplace(attributes.get("id"));
  });
  parse_xml(reading_, place, bytes, elements);
  reading_.part(place, type_, PartKind::names, std::move(names), bytes.size());
  read_hidden(place, bytes);
}

/// What programs do not show, but a file may carry.
void OoxmlReader::read_hidden(Place place, std::string_view bytes) {
  place.hidden = true;
  read_xml(reading_, place, bytes);
}

void OoxmlReader::relations(const Place& place, std::string_view bytes) {
  // Relations may come before the workbook: all are kept.
  Elements elements([&](std::string_view /*name*/, const XmlAttributes& attributes) {
    if (hidden_ids_.contains(attributes.get("Id"))) {
      hidden_sheets_.emplace(file_name(attributes.get("Target")));
    }
  });
  parse_xml(reading_, place, bytes, elements);
}

void OoxmlReader::strings(const Place& place, std::string_view bytes) {
  SharedStrings handler(strings_);
  parse_xml(reading_, place, bytes, handler);
  shown_.resize(strings_.size());
}

void OoxmlReader::sheet(const Place& place, std::string_view name, std::string_view bytes) {
  Sheet handler(reading_, place, strings_, shown_, hidden_sheets_.contains(file_name(name)));
  parse_xml(reading_, place, bytes, handler);
  handler.buckets.flush(reading_, place, type_, bytes.size());
}

bool OoxmlReader::read(const Place& place, std::string_view name, std::string_view bytes) {
  if (detect_type(bytes) != FileType::xml) return false;  // HTML may be a part, too
  const std::string_view file = file_name(name);
  if (file == "workbook.xml") {
    workbook(place, bytes);
  } else if (file == "sharedStrings.xml") {
    strings(place, bytes);
  } else if (file.ends_with(".rels")) {
    if (file == "workbook.xml.rels") relations(place, bytes);
    Links links;
    parse_xml(reading_, place, bytes, links);
    reading_.part(place, type_, PartKind::alternative, std::move(links.out), bytes.size());
    read_hidden(place, bytes);
  } else if (name.starts_with("docProps/") || file == "LabelInfo.xml") {
    OoxmlProperties properties;
    parse_xml(reading_, place, bytes, properties);
    reading_.part(place, type_, PartKind::properties, std::move(properties.out), bytes.size());
  } else if (name.starts_with("xl/worksheets/")) {
    sheet(place, name, bytes);
  } else if (name.contains("pivotCache") || name.contains("externalLink")) {
    OoxmlCache cache;
    parse_xml(reading_, place, bytes, cache);
    cache.buckets.flush(reading_, place, type_, bytes.size());
  } else if (name.starts_with("customXml/") || file.ends_with(".vml") ||
             file == "[Content_Types].xml") {
    read_hidden(place, bytes);
  } else {
    OoxmlText text(kind_of(name));
    parse_xml(reading_, place, bytes, text);
    text.buckets.flush(reading_, place, type_, bytes.size());
  }
  return true;
}

void OoxmlReader::finish(const Place& place) {
  std::string unshown;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    bytes += strings_[i].size();
    if (!shown_[i]) unshown.append(strings_[i]).append("\n");
  }
  reading_.part(place.within("strings in no cell"), type_, PartKind::body, std::move(unshown),
                bytes, true);
}

}  // namespace weir::content
