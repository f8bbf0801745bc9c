#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "weir/content/extract.h"

namespace weir::content {

/// What a picture file holds beside the points.
struct PictureFile {
  std::string notes;                // comments, titles, descriptions; printable runs of the rest
  std::vector<std::string> frames;  // of an animated GIF, each as a file of its own
  bool has_more_frames = false;     // that are not in `frames`
  std::size_t end = 0;              // of the picture; what is behind it is something else
};
/// Goes through the structure of PNG, JPEG, GIF, WebP; of others only printable runs. Linear.
PictureFile take_apart_picture(std::string_view bytes);

/// Letters in pictures that hold too few to matter each: a text may be cut up. A picture that
/// comes again counts once.
class ScatteredLetters {
 public:
  /// True when, with this one, there first are enough for a passage.
  bool add(const std::array<unsigned char, 32>& digest, const PictureContent& picture);

 private:
  std::set<std::array<unsigned char, 32>> seen_;
  std::size_t letters_ = 0;
  bool told_ = false;
};

}  // namespace weir::content
