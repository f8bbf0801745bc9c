#include <fmt/format.h>

#include "weir/content/detail/readers.h"
#include "weir/content/file_traits.h"

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
  std::size_t silent = 0;
  for (std::string& page : pdf.pages) {
    if (page.find_first_not_of(" \n\r\t\f") == std::string::npos) ++silent;
    text.append(page).append("\n");
  }
  if (silent > 0) {
    reading.finding(place, FindingKind::unsupported,
                    fmt::format("{} of {} pages have no text: pictures of it are not read", silent,
                                pdf.pages.size()));
  }
  reading.part(place, FileType::pdf, PartKind::body, std::move(text), bytes.size());
  reading.part(place, FileType::pdf, PartKind::properties, std::move(pdf.properties), bytes.size());
  for (const PdfContent::File& file : pdf.files) {
    if (!reading.take_member(place) || !reading.take_bytes(place, file.bytes.size())) return;
    reading.read(place.member(file.name), file.bytes);
  }
}

}  // namespace weir::content
