#include <fmt/format.h>

#include "weir/content/detail/readers.h"
#include "weir/content/file_traits.h"
#include "weir/content/lettering.h"

namespace weir::content {

void read_pdf(Reading& reading, const Place& place, std::string_view bytes) {
  if (!reading.options().pdf) {
    return reading.finding(place, FindingKind::unsupported, "PDF is read by weir-extract alone");
  }
  const auto keep_going = [&](std::uint64_t text) {
    return reading.keep_going(place) && text <= reading.options().limits.text_bytes;
  };
  PdfContent pdf = reading.options().pdf(bytes, keep_going);
  if (pdf.encrypted) {
    reading.finding(place, FindingKind::encrypted, "a PDF with a password");
  } else if (!pdf.error.empty()) {
    reading.finding(place, FindingKind::corrupt, "PDF: " + pdf.error);
  }
  std::string text;
  std::string recognised;
  std::size_t pictured = 0;
  std::size_t unseen = 0;
  std::string why_unseen;
  for (const PdfContent::Page& page : pdf.pages) {
    text.append(page.text).append("\n");
    if (!page.picture.text.empty()) recognised.append(page.picture.text).append("\n");
    if (page.picture.letters >= kPassageLetters) ++pictured;
    if (page.picture.error.empty()) continue;
    ++unseen;
    why_unseen = page.picture.error;
  }
  if (pictured > 0) {
    reading.finding(place, FindingKind::unsupported,
                    fmt::format("{} of {} pages show what looks like text, which is not read",
                                pictured, pdf.pages.size()));
  }
  if (unseen > 0) {
    reading.finding(place, FindingKind::unsupported,
                    fmt::format("pictures on {} of {} pages are not read: {}", unseen,
                                pdf.pages.size(), why_unseen));
  }
  reading.part(place, FileType::pdf, PartKind::body, std::move(text), bytes.size());
  reading.part(place, FileType::pdf, PartKind::recognised, std::move(recognised), bytes.size());
  reading.part(place, FileType::pdf, PartKind::properties, std::move(pdf.properties), bytes.size());
  for (const PdfContent::File& file : pdf.files) {
    if (!reading.take_member(place) || !reading.take_bytes(place, file.bytes.size())) return;
    reading.read(place.member(file.name), file.bytes);
  }
}

}  // namespace weir::content
