#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/text.h"
#include "weir/content/extract.h"

namespace weir::content {

/// "path|kind|hidden" and the text, for every part that contains `needle`.
inline std::vector<std::string> where(const Extraction& extraction, std::string_view needle) {
  std::vector<std::string> out;
  for (const Part& part : extraction.parts) {
    if (!part.text.contains(needle)) continue;
    out.push_back(part.path + "|" + std::string(to_string(part.kind)) +
                  (part.hidden ? "|hidden" : ""));
  }
  return out;
}

inline std::vector<FindingKind> kinds(const Extraction& extraction) {
  std::vector<FindingKind> out;
  for (const Finding& finding : extraction.findings) out.push_back(finding.kind);
  return out;
}

inline Extraction read(std::string_view bytes, ExtractLimits limits = {}) {
  Extraction extraction = extract(bytes, {.limits = limits, .name = "f"});
  for (const Part& part : extraction.parts) EXPECT_TRUE(is_utf8(part.text)) << part.path;
  return extraction;
}

}  // namespace weir::content
