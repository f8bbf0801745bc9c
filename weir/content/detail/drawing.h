#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/content/detail/reading.h"

namespace weir::content {

/// What stands in a metafile of Windows (EMF, WMF): its text is read, its bitmaps are looked at as
/// pictures of their own, and lines and areas are counted, for letters can be drawn with them.
class Drawing {
 public:
  Drawing(Reading& reading, const Place& place, std::string_view bytes)
      : reading_(reading), place_(place), bytes_(bytes) {}

  /// Text that is shown at the height `y`, one piece after the other. Pieces of one height are one
  /// line.
  void text(std::string_view utf8, std::int64_t y);
  /// Points of lines and outlines, shapes, single points.
  void marks(std::size_t count) { marks_ += count; }
  /// A bitmap without the header of a file: its own header with colours, then its points.
  void bitmap(std::string_view head, std::string_view points);
  /// The same in one piece.
  void packed_bitmap(std::string_view bitmap);
  /// There is something that is not read; the first reason is told.
  void unread(std::string_view why) {
    if (unread_.empty()) unread_ = why;
  }

  /// Emits the text, and what was not read.
  void finish();

 private:
  Reading& reading_;
  const Place& place_;
  std::string_view bytes_;
  std::string text_;
  std::int64_t y_ = 0;
  bool last_is_letter_ = false;
  std::size_t marks_ = 0;
  std::string_view unread_;
};

/// Of [MS-EMF] and [MS-WMF]. What stands behind the end is read as a file of its own.
void read_emf(Reading& reading, const Place& place, std::string_view bytes);
void read_wmf(Reading& reading, const Place& place, std::string_view bytes);
bool is_emf(std::string_view bytes);
bool is_wmf(std::string_view bytes);

/// Little-endian numbers; 0 where `bytes` are too short.
std::uint32_t number_at(std::string_view bytes, std::size_t at);
std::uint16_t short_at(std::string_view bytes, std::size_t at);

}  // namespace weir::content
