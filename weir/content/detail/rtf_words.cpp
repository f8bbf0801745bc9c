#include "weir/content/detail/rtf_words.h"

#include <algorithm>
#include <array>

namespace weir::content {

int rtf_codepage(int charset) {
  struct Row {
    int charset;
    int page;
  };
  constexpr std::array<Row, 14> kRows = {{{0, 1252},
                                          {128, 932},
                                          {129, 949},
                                          {134, 936},
                                          {136, 950},
                                          {161, 1253},
                                          {162, 1254},
                                          {163, 1258},
                                          {177, 1255},
                                          {178, 1256},
                                          {186, 1257},
                                          {204, 1251},
                                          {222, 874},
                                          {238, 1250}}};
  const auto* row = std::ranges::find(kRows, charset, &Row::charset);
  return row == kRows.end() ? 0 : row->page;
}

std::optional<PartKind> rtf_kind(std::string_view word) {
  struct Row {
    std::string_view word;
    PartKind kind;
  };
  constexpr std::array<Row, 16> kKinds = {{{"footnote", PartKind::note},
                                           {"annotation", PartKind::comment},
                                           {"header", PartKind::header_footer},
                                           {"headerl", PartKind::header_footer},
                                           {"headerr", PartKind::header_footer},
                                           {"headerf", PartKind::header_footer},
                                           {"footer", PartKind::header_footer},
                                           {"footerl", PartKind::header_footer},
                                           {"footerr", PartKind::header_footer},
                                           {"footerf", PartKind::header_footer},
                                           {"info", PartKind::properties},
                                           {"fldinst", PartKind::script},
                                           {"userprops", PartKind::properties},
                                           {"atnauthor", PartKind::comment},
                                           {"shptxt", PartKind::body},
                                           {"doccomm", PartKind::properties}}};
  const auto* kind = std::ranges::find(kKinds, word, &Row::word);
  return kind == kKinds.end() ? std::nullopt : std::optional(kind->kind);
}

bool rtf_is_skipped(std::string_view word) {
  constexpr std::array<std::string_view, 22> kSkipped = {"fonttbl",
                                                         "colortbl",
                                                         "stylesheet",
                                                         "pict",
                                                         "listtable",
                                                         "listoverridetable",
                                                         "rsidtbl",
                                                         "generator",
                                                         "themedata",
                                                         "datastore",
                                                         "colorschememapping",
                                                         "latentstyles",
                                                         "xmlnstbl",
                                                         "objclass",
                                                         "objname",
                                                         "blipuid",
                                                         "panose",
                                                         "falt",
                                                         "revtbl",
                                                         "filetbl",
                                                         "pgdsctbl",
                                                         "mmathPr"};
  return std::ranges::find(kSkipped, word) != kSkipped.end();
}

char32_t rtf_character(std::string_view word) {
  struct Named {
    std::string_view word;
    char32_t c;
  };
  constexpr std::array<Named, 8> kNamed = {{{"emdash", 0x2014},
                                            {"endash", 0x2013},
                                            {"lquote", 0x2018},
                                            {"rquote", 0x2019},
                                            {"ldblquote", 0x201c},
                                            {"rdblquote", 0x201d},
                                            {"bullet", 0x2022},
                                            {"emspace", 0x2003}}};
  const auto* named = std::ranges::find(kNamed, word, &Named::word);
  return named == kNamed.end() ? 0 : named->c;
}

}  // namespace weir::content
