#include "weir/app/detail/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "weir/base/text.h"

namespace weir::app::detail {
namespace {

/// Builds the tree from the parser's events. The parser cannot be told to stop without throwing, so
/// after the first problem the rest is ignored; the size limit bounds what that costs.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor != 0) refuse_anchor(mark);
    add({.kind = YamlNode::Kind::null, .line = mark.line + 1});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    const bool quoted = tag == "!";
    const bool null = !quoted && (value.empty() || value == "~" || value == "null");
    add({.kind = null ? YamlNode::Kind::null : YamlNode::Kind::scalar,
         .text = value,
         .quoted = quoted,
         .line = mark.line + 1});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open({.kind = YamlNode::Kind::sequence, .line = mark.line + 1});
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open({.kind = YamlNode::Kind::map, .line = mark.line + 1});
  }
  void OnMapEnd() override { close(); }

  bool failed() const { return !problem_.empty(); }
  const std::string& problem() const { return problem_; }
  int problem_line() const { return problem_line_; }
  YamlNode take() { return std::move(root_); }

 private:
  struct Level {
    YamlNode node;
    std::optional<YamlNode> key;  // read, its value not yet
  };

  void refuse(int line, std::string what) {
    if (failed()) return;
    problem_ = std::move(what);
    problem_line_ = line;
  }

  void refuse_anchor(const YAML::Mark& mark) {
    refuse(mark.line + 1,
           "anchors (&) and aliases (*) are not read here; write the value out in full, or put it "
           "in quotes if it begins with & or *");
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse_anchor(mark);
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(mark.line + 1, fmt::format("tags such as {} are not read here; leave the tag out",
                                        printable(tag, 40)));
    }
  }

  void open(YamlNode node) {
    if (failed()) return;
    if (levels_.size() >= limits_.depth) {
      return refuse(node.line, fmt::format("nested more than {} levels deep", limits_.depth));
    }
    levels_.push_back({.node = std::move(node), .key = {}});
  }

  void close() {
    if (failed() || levels_.empty()) return;
    YamlNode done = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(done));
  }

  void add(YamlNode node) {
    if (failed()) return;
    if (++nodes_ > limits_.nodes) {
      return refuse(node.line, fmt::format("more than {} values in one file", limits_.nodes));
    }
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == YamlNode::Kind::sequence) {
      level.node.items.push_back(std::move(node));
    } else if (!level.key) {
      level.key = std::move(node);
    } else {
      add_member(level, std::move(node));
    }
  }

  void add_member(Level& level, YamlNode value) {
    YamlNode key = std::move(*level.key);
    level.key.reset();
    if (key.kind != YamlNode::Kind::scalar) {
      return refuse(key.line, fmt::format("a key must be a word, and this is {}", key.kind_name()));
    }
    const auto same = std::ranges::find(level.node.items, key.text, &YamlNode::key);
    if (same != level.node.items.end()) {
      return refuse(key.line,
                    fmt::format("'{}' is here for the second time, after line {}; keep one",
                                printable(key.text, 60), same->key_line));
    }
    value.key = std::move(key.text);
    value.key_line = key.line;
    level.node.items.push_back(std::move(value));
  }

  const YamlLimits& limits_;
  std::vector<Level> levels_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  std::string problem_;
  int problem_line_ = 0;
};

std::unexpected<Error> fail_at(std::string_view file, int line, std::string_view what) {
  return fail(ErrorCode::parse, "{}:{}: {}", file, line, what);
}

/// What yaml-cpp would report in its own words or not at all.
Result<void> check_bytes(std::string_view text, std::string_view file) {
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (!is_utf8(line))
      return fail_at(file, number, "this line is not UTF-8; save the file as UTF-8");
    if (line.find('\0') != std::string_view::npos) {
      return fail_at(file, number, "a NUL byte; this is not a text file");
    }
    const std::size_t first = line.find_first_not_of(" \t\r");
    const std::size_t tab = line.find('\t');
    if (first != std::string_view::npos && tab < first) {
      return fail_at(file, number, "a tab in the indentation; YAML wants spaces");
    }
  }
  return {};
}

}  // namespace

std::string_view YamlNode::kind_name() const {
  switch (kind) {
    case Kind::null:
      return "empty";
    case Kind::scalar:
      return "a single value";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a block of settings";
  }
  return "";
}

Result<YamlNode> parse_yaml(std::string_view text, std::string_view file_name,
                            const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorCode::limit_exceeded, "{}: {} bytes; a configuration has at most {}",
                file_name, with_commas(text.size()), with_commas(limits.bytes));
  }
  WEIR_TRY(check_bytes(text, file_name));
  TreeBuilder builder(limits);
  try {
    // yaml-cpp lets the end of the file close a quote; it does not let the end of a document.
    std::istringstream stream{std::string(text) + "\n...\n"};
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) {
      TreeBuilder second(limits);
      if (parser.HandleNextDocument(second) && !builder.failed()) {
        return fail(ErrorCode::parse, "{}: more than one document; take the lines '---' out",
                    file_name);
      }
    }
  } catch (const YAML::Exception& exception) {
    // Where our own reading stopped first, its reason is the better one.
    if (!builder.failed()) {
      return fail_at(file_name, exception.mark.line + 1,
                     fmt::format("not YAML: {}", printable(exception.msg)));
    }
  } catch (const std::exception& exception) {
    return fail(ErrorCode::parse, "{}: not YAML: {}", file_name, printable(exception.what()));
  }
  if (builder.failed()) return fail_at(file_name, builder.problem_line(), builder.problem());
  return builder.take();
}

}  // namespace weir::app::detail
