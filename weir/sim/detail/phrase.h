#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weir/event/source_record.h"
#include "weir/sim/detail/event.h"

namespace weir::sim {

/// Puts events into words: OCSF lines. Keeps its buffers; one per thread.
class Phraser {
 public:
  /// `groups` are the names of the document groups, by number.
  Phraser(const Organisation& organisation, const std::vector<std::string>& groups)
      : organisation_(organisation), groups_(groups) {}

  /// Appends one line.
  void append(const EventBuffer& buffer, const Event& event, const WindowClock& clock,
              std::string& out);

 private:
  struct Piece {
    std::size_t offset, length;
  };
  template <class Append>
  Piece put(Append append);
  std::string_view view(Piece piece) const {
    return std::string_view(text_).substr(piece.offset, piece.length);
  }
  Piece put_digest(const std::uint64_t (&digest)[2]);

  const Organisation& organisation_;
  const std::vector<std::string>& groups_;
  event::SourceRecord record_;
  std::string text_;
  std::vector<Piece> addresses_;
  std::vector<std::array<Piece, 2>> names_;
};

}  // namespace weir::sim
