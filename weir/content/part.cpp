#include "weir/content/part.h"

#include <array>
#include <cstddef>

namespace weir::content {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(FileType::last) + 1> kTypes = {
    "unknown", "empty", "text",  "subtitles", "html",     "xml",     "rtf",    "mail", "mailbox",
    "pdf",     "word",  "sheet", "slides",    "document", "book",    "course", "zip",  "archive",
    "packed",  "ole2",  "tnef",  "cms",       "pgp",      "picture", "media",  "font", "program"};
constexpr std::array<std::string_view, static_cast<std::size_t>(PartKind::last) + 1> kKinds = {
    "body",        "header or footer", "comment", "note",    "deletion", "formula",   "properties",
    "alternative", "script",           "names",   "decoded", "salvaged", "recognised"};
constexpr std::array<std::string_view, static_cast<std::size_t>(FindingKind::last) + 1> kFindings =
    {"encrypted", "corrupt",   "too deep",    "too big",   "too many members",
     "bomb",      "timed out", "unsupported", "unreadable"};

template <class Names, class Enum>
std::string_view name_of(const Names& names, Enum value) {
  const auto at = static_cast<std::size_t>(value);
  return at < names.size() ? names[at] : "?";
}

}  // namespace

std::string_view to_string(FileType type) { return name_of(kTypes, type); }
std::string_view to_string(PartKind kind) { return name_of(kKinds, kind); }
std::string_view to_string(FindingKind kind) { return name_of(kFindings, kind); }

}  // namespace weir::content
