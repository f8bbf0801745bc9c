#pragma once

#include <string_view>

#include "weir/content/detail/xml.h"

namespace weir::content {

/// Text of a part in WordprocessingML or DrawingML: documents, notes, comments, slides, charts,
/// diagrams. Both keep it in <t> within runs within <p>.
class OoxmlText : public XmlHandler {
 public:
  explicit OoxmlText(PartKind kind) : kind_(kind) {}
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;
  TextBuckets buckets;

 private:
  PartKind kind_now() const;
  bool hidden_now() const { return hidden_part_ || hidden_run_ || (white_ && !shaded_); }

  void end_other();

  PartKind kind_;
  std::string other_;  // text where no reader shows any
  bool hidden_part_ = false;
  bool hidden_run_ = false;
  bool white_ = false;
  bool shaded_ = false;
  unsigned runs_ = 0;
  unsigned deletions_ = 0;
  unsigned texts_ = 0;
  unsigned codes_ = 0;
};

/// "title: …" lines of docProps and labels: every text with the name of its element, or of the
/// custom property it belongs to, and every attribute of a <label>.
class OoxmlProperties : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override { value_ += text; }
  std::string out;

 private:
  std::string property_;
  std::string value_;
};

/// Values that a spreadsheet keeps of other tables: pivot caches, external links. Shown nowhere.
class OoxmlCache : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;
  TextBuckets buckets;
};

bool is_on(std::string_view value);

}  // namespace weir::content
