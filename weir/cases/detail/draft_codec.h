#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/evidence/case_draft.h"

namespace weir::cases::detail {

/// The draft column of the ledger (docs/formats/cases.md): version, fields, checksum.
std::string encode(const evidence::CaseDraft& draft);
/// Empty for bytes that `encode` cannot have written, whatever they are, for a newer version, and
/// for times outside the years 1 to 9999.
std::optional<evidence::CaseDraft> decode(std::string_view bytes);

}  // namespace weir::cases::detail
