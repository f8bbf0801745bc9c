#pragma once

#include <string>
#include <string_view>

#include "weir/evidence/case_draft.h"

namespace weir::cases::detail {

/// The acts listed over the years, as SVG to be put into HTML: a bar for each by what it weighs,
/// darker the higher its mark; the line is their sum so far, a dotted rise at its end the rest of
/// the evidence, the dashed line where a case opens. Empty if there is nothing to draw. Nothing in
/// it comes from a source as text but names, escaped.
std::string chart(const evidence::CaseDraft& draft);

/// `text` inside HTML, also inside attributes in double quotes; control characters are gone.
std::string html(std::string_view text);

}  // namespace weir::cases::detail
