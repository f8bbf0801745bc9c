#pragma once

#include "weir/content/extract.h"

namespace weir::extract {

/// Text, properties and embedded files of a PDF, by poppler: pages in reading order, what is drawn
/// invisibly included. Comments that show no text on the page are not read. For one thread.
content::PdfContent read_pdf(std::string_view bytes,
                             const std::function<bool(std::uint64_t text)>& keep_going);

}  // namespace weir::extract
