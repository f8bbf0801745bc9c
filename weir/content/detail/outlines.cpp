#include "weir/content/detail/outlines.h"

#include <algorithm>
#include <array>

#include "weir/base/text.h"
#include "weir/content/detail/readers.h"
#include "weir/content/lettering.h"

namespace weir::content {
namespace {

/// A letter has one or two outlines; drawn with strokes or little boxes it has more.
constexpr std::size_t kMarksOfOutline = 2;
constexpr std::size_t kMostMarks = 2 * kMarksOfOutline * kPassageLetters;
/// Letters may be joined to one outline: about as many bytes for each.
constexpr std::size_t kBytesOfMark = 128;

/// "a%20b" as "a b".
std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && append_hex_bytes(text.substr(i + 1, 2), out)) {
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void read_address(Reading& reading, const Place& place, std::string_view value) {
  const std::size_t comma = value.find(',');
  if (comma == std::string_view::npos) return;
  if (value.substr(0, comma).contains("base64")) return read_encoded_blocks(reading, place, value);
  const std::string content = percent_decoded(value.substr(comma + 1));
  if (!reading.take_member(place) || !reading.take_bytes(place, content.size())) return;
  reading.read(place.member("data"), content);
}

}  // namespace

void Outlines::element(std::string_view local_name) {
  constexpr std::array<std::string_view, 4> kShapes = {"rect", "circle", "ellipse", "line"};
  in_svg_ = in_svg_ || local_name == "svg";
  if (!in_svg_) return;
  // Letters may be drawn once and used often.
  if (local_name == "use") marks_ += kMarksOfOutline;
  if (std::ranges::find(kShapes, local_name) != kShapes.end()) ++marks_;
}

void Outlines::attribute(std::string_view local_name, std::string_view value) {
  if (value.starts_with("data:")) {
    addresses_.emplace_back(value);
  } else if (local_name == "d" && value.find_first_of("Mm") < 4) {
    const auto moves =
        static_cast<std::size_t>(std::ranges::count(value, 'M') + std::ranges::count(value, 'm'));
    marks_ += kMarksOfOutline * moves + value.size() / kBytesOfMark;
  } else if (local_name == "points" && value.find_first_of("0123456789") < 4) {
    marks_ += kMarksOfOutline + value.size() / kBytesOfMark;
  }
}

void Outlines::finish(Reading& reading, const Place& place) {
  for (const std::string& address : addresses_) {
    if (!reading.keep_going(place)) return;
    read_address(reading, place, address);
  }
  if (marks_ <= kMostMarks) return;
  reading.finding(place, FindingKind::unsupported,
                  "a drawing: lines and areas that may be letters, which are not read");
}

}  // namespace weir::content
