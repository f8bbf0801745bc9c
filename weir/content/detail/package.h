#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// What a zip file is, told by the names of its members: OOXML, OpenDocument, EPUB, SCORM … or
/// `zip`.
FileType package_type(const std::vector<std::string_view>& names);

/// The members of an Office Open XML file, one after the other (ECMA-376).
class OoxmlReader {
 public:
  OoxmlReader(Reading& reading, FileType type) : reading_(reading), type_(type) {}

  /// Must be read before the others: what says how those are to be shown.
  static bool is_first(std::string_view name);
  /// False if it is no part with text: a picture, an embedded file.
  bool read(const Place& place, std::string_view name, std::string_view bytes);
  /// Strings of a spreadsheet that no cell shows.
  void finish(const Place& place);

 private:
  void read_hidden(Place place, std::string_view bytes);
  void workbook(const Place& place, std::string_view bytes);
  void relations(const Place& place, std::string_view bytes);
  void strings(const Place& place, std::string_view bytes);
  void sheet(const Place& place, std::string_view name, std::string_view bytes);

  Reading& reading_;
  FileType type_;
  std::vector<std::string> strings_;
  std::vector<bool> shown_;
  std::set<std::string, std::less<>> hidden_ids_;     // relation ids of hidden sheets
  std::set<std::string, std::less<>> hidden_sheets_;  // "sheet3.xml"
};

/// The same for OpenDocument (content.xml, styles.xml, meta.xml …).
class OdfReader {
 public:
  explicit OdfReader(Reading& reading) : reading_(reading) {}

  /// The manifest, which says whether the others are encrypted.
  static bool is_first(std::string_view name) { return name == "META-INF/manifest.xml"; }
  bool read(const Place& place, std::string_view name, std::string_view bytes);

 private:
  Reading& reading_;
  bool encrypted_ = false;
};

}  // namespace weir::content
