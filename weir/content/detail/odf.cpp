#include <set>

#include "weir/base/text.h"
#include "weir/content/detail/package.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/xml.h"

namespace weir::content {
namespace {

/// Text of content.xml and styles.xml (OpenDocument 1.2, parts 1 and 3). Styles come before what
/// they style, so one pass does.
class OdfText : public XmlHandler {
 public:
  explicit OdfText(PartKind kind) : kind_(kind) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    end_other();
    stack_.push_back({.kind = kind_now(), .hidden = hidden_now()});
    Frame& frame = stack_.back();
    if (name == "style") {
      style_ = attributes.get("name");
    } else if (name == "table-properties" || name == "text-properties" ||
               name == "drawing-page-properties") {
      const std::string_view display = attributes.get("display");
      if (display == "false" || display == "none" || attributes.get("visibility") == "hidden" ||
          attributes.get("color") == "#ffffff") {
        // White letters on a coloured ground are ordinary.
        const std::string_view ground = attributes.get("background-color");
        const bool on_colour = !ground.empty() && ground != "transparent" && ground != "#ffffff";
        if (!on_colour || display == "false" || display == "none") hidden_styles_.insert(style_);
      }
    } else if (name == "annotation") {
      frame.kind = PartKind::comment;
    } else if (name == "deletion" || name == "tracked-changes") {
      frame.kind = PartKind::deletion;
    } else if (name == "note" || name == "notes") {
      frame.kind = PartKind::note;
    } else if (name == "header" || name == "footer" || name == "header-left" ||
               name == "footer-left") {
      frame.kind = PartKind::header_footer;
    } else if (name == "title" || name == "desc") {
      frame.kind = PartKind::alternative;
    } else if (name == "script" || name == "event-listener") {
      frame.kind = PartKind::script;
    } else if (name == "hidden-text" || name == "hidden-paragraph") {
      frame.hidden = true;
      buckets.add(frame.kind, true, attributes.get("string-value"));
    } else if (name == "tab") {
      add("\t");
    } else if (name == "line-break") {
      add("\n");
    } else if (name == "s") {
      add(" ");
    }
    const std::string_view style = attributes.get("style-name");
    const std::string_view visibility = attributes.get("visibility");
    if ((!style.empty() && name != "style" && hidden_styles_.contains(style)) ||
        visibility == "collapse" || visibility == "filter") {
      frame.hidden = true;
    }
    if (const std::string_view formula = attributes.get("formula"); !formula.empty()) {
      buckets.add(PartKind::formula, frame.hidden, formula);
      buckets.end_line(PartKind::formula, frame.hidden);
    }
    if (name == "p" || name == "h") ++paragraphs_;
  }

  void end(std::string_view name) override {
    end_other();
    if (name == "p" || name == "h") {
      if (paragraphs_ > 0) --paragraphs_;
      add("\n");
    } else if (name == "table-cell") {
      add("\t");
    } else if (name == "table-row" || name == "title" || name == "desc") {
      buckets.end_line(kind_now(), hidden_now());
    }
    if (!stack_.empty()) stack_.pop_back();
  }

  void text(std::string_view text) override {
    if (paragraphs_ > 0 || kind_now() != kind_) {
      add(text);
    } else {
      other_ += text;
    }
  }
  TextBuckets buckets;

 private:
  struct Frame {
    PartKind kind;
    bool hidden;
  };
  PartKind kind_now() const { return stack_.empty() ? kind_ : stack_.back().kind; }
  bool hidden_now() const { return !stack_.empty() && stack_.back().hidden; }
  void add(std::string_view text) { buckets.add(kind_now(), hidden_now(), text); }

  /// Text where no program shows any.
  void end_other() {
    if (const std::string_view words = trim(other_); !words.empty()) {
      buckets.add(kind_, true, words);
      buckets.end_line(kind_, true);
    }
    other_.clear();
  }

  PartKind kind_;
  std::string other_;
  std::vector<Frame> stack_;
  std::string style_;
  std::set<std::string, std::less<>> hidden_styles_;
  unsigned paragraphs_ = 0;
};

/// "creator: …" lines of meta.xml.
class OdfMeta : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    name_ = name == "user-defined" ? attributes.get("name") : name;
    value_.clear();
  }
  void end(std::string_view /*name*/) override {
    const std::string_view value = trim(value_);
    if (!value.empty()) out.append(name_).append(": ").append(value).append("\n");
    value_.clear();
  }
  void text(std::string_view text) override { value_ += text; }
  std::string out;

 private:
  std::string name_;
  std::string value_;
};

class OdfManifest : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& /*attributes*/) override {
    encrypted = encrypted || name == "encryption-data";
  }
  void end(std::string_view /*name*/) override {}
  void text(std::string_view /*text*/) override {}
  bool encrypted = false;
};

}  // namespace

bool OdfReader::read(const Place& place, std::string_view name, std::string_view bytes) {
  const std::string_view file = name.substr(name.rfind('/') + 1);
  if (file == "mimetype" && bytes.size() < 100) return true;
  const FileType type = detect_type(bytes);
  // Told once, for all of it. What can be read is, whatever the manifest says.
  if (encrypted_ && type == FileType::unknown) return true;
  if (type != FileType::xml) return false;
  if (file == "manifest.xml") {
    OdfManifest manifest;
    parse_xml(reading_, place, bytes, manifest);
    if (manifest.encrypted && !encrypted_) {
      encrypted_ = true;
      reading_.finding(place, FindingKind::encrypted, "a document with a password");
    }
  } else if (file == "meta.xml") {
    OdfMeta meta;
    parse_xml(reading_, place, bytes, meta);
    reading_.part(place, FileType::document, PartKind::properties, std::move(meta.out),
                  bytes.size());
  } else if (file == "content.xml" || file == "styles.xml") {
    OdfText text(file == "styles.xml" ? PartKind::header_footer : PartKind::body);
    parse_xml(reading_, place, bytes, text);
    text.buckets.flush(reading_, place, FileType::document, bytes.size());
  } else if (file == "settings.xml" || name.starts_with("Configurations2/")) {
    Place hidden = place;
    hidden.hidden = true;
    read_xml(reading_, hidden, bytes);
  } else {
    return false;
  }
  return true;
}

}  // namespace weir::content
