#pragma once

#include "extract/picture.h"
#include "weir/content/extract.h"

namespace weir::extract {

/// Text, properties and embedded files of a PDF, by poppler: pages in reading order, what is drawn
/// invisibly included, and what its pages show beside text. Comments that show no text on the page
/// are not read. For one thread.
content::PdfContent read_pdf(std::string_view bytes, Pictures& pictures,
                             const std::function<bool(std::uint64_t text)>& keep_going);

/// No fonts of this machine: text drawn in them is read as text, and their folders are closed to
/// workers. Once, before they are.
void forget_fonts();

}  // namespace weir::extract
