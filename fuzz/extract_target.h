#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/result.h"
#include "weir/base/text.h"
#include "weir/content/extract.h"
#include "weir/content/lettering.h"
#include "weir/content/lowest_bits.h"

/// Extracts `bytes` within small limits and holds the result to what is promised of any.
inline void fuzz_extract(std::string_view bytes) {
  using namespace weir::content;
  ExtractOptions options;
  options.name = "f";
  options.limits = {.ratio_from = 1u << 20,
                    .total_bytes = 8u << 20,
                    .text_bytes = 1u << 20,
                    .depth = 4,
                    .members = 200,
                    .findings = 50,
                    .time = std::chrono::seconds{20}};
  // As if what stands in a picture file were its points.
  options.picture = [](std::string_view file, const auto& /*keep_going*/) {
    Plane plane{.width = 64, .height = std::min<std::size_t>(file.size() / 64, 512), .points = {}};
    plane.points.assign(file.begin(),
                        file.begin() + static_cast<std::ptrdiff_t>(plane.width * plane.height));
    PictureContent seen;
    seen.letters = count_letters(plane);
    if (hides_data(plane)) seen.error = "its lowest bits look like packed data";
    return seen;
  };
  const Extraction out = extract(bytes, options);
  std::size_t text = 0;
  for (const Part& part : out.parts) {
    WEIR_ASSERT(weir::is_utf8(part.text) && weir::is_utf8(part.path));
    WEIR_ASSERT(!part.text.empty());
    text += part.text.size();
  }
  WEIR_ASSERT(text <= options.limits.text_bytes);
  WEIR_ASSERT(out.findings.size() <= options.limits.findings + 1);
  for (const Finding& finding : out.findings) WEIR_ASSERT(weir::is_utf8(finding.reason));
  for (const FileDigest& file : out.files) WEIR_ASSERT(weir::is_utf8(file.path));
}

/// A zip file of members as they stand, so that what the fuzzer makes is what a reader sees.
inline std::string stored_zip(const std::vector<std::pair<std::string, std::string_view>>& files) {
  std::string out;
  std::string central;
  const auto head = [](std::string& to, const std::string& name, std::string_view content) {
    weir::ByteWriter writer(to);
    writer.fixed(std::uint16_t{20});
    for (int i = 0; i < 4; ++i) writer.fixed(std::uint16_t{0});
    writer.fixed(weir::crc32(content));
    writer.fixed(static_cast<std::uint32_t>(content.size()));
    writer.fixed(static_cast<std::uint32_t>(content.size()));
    writer.fixed(static_cast<std::uint16_t>(name.size()));
    writer.fixed(std::uint16_t{0});
  };
  for (const auto& [name, content] : files) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    out += "PK\3\4";
    head(out, name, content);
    out.append(name).append(content);
    central += "PK\1\2";
    weir::ByteWriter(central).fixed(std::uint16_t{20});
    head(central, name, content);
    for (int i = 0; i < 5; ++i) weir::ByteWriter(central).fixed(std::uint16_t{0});
    weir::ByteWriter(central).fixed(offset);
    central += name;
  }
  const auto offset = static_cast<std::uint32_t>(out.size());
  const auto count = static_cast<std::uint16_t>(files.size());
  out += central + "PK\5\6";
  weir::ByteWriter writer(out);
  writer.fixed(std::uint32_t{0});
  writer.fixed(count);
  writer.fixed(count);
  writer.fixed(static_cast<std::uint32_t>(central.size()));
  writer.fixed(offset);
  writer.fixed(std::uint16_t{0});
  return out;
}
