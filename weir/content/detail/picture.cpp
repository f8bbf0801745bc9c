#include "weir/content/detail/picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "weir/base/hash.h"
#include "weir/content/detail/drawing.h"
#include "weir/content/detail/readers.h"
#include "weir/content/lettering.h"

namespace weir::content {

using namespace std::string_view_literals;

bool ScatteredLetters::add(const std::array<unsigned char, 32>& digest,
                           const PictureContent& picture) {
  if (!seen_.insert(digest).second) return false;
  // A piece may be so small that no letter in it is whole.
  letters_ += std::max<std::size_t>(picture.letters, picture.is_fragment ? 1 : 0);
  if (told_ || letters_ < kScatteredLetters) return false;
  return told_ = true;
}

void read_picture(Reading& reading, const Place& place, std::string_view bytes) {
  if (is_emf(bytes)) return read_emf(reading, place, bytes);
  if (is_wmf(bytes)) return read_wmf(reading, place, bytes);
  const PictureFile file = take_apart_picture(bytes);
  reading.part(place, FileType::picture, PartKind::properties, file.notes, bytes.size());
  if (!reading.options().picture) {
    reading.finding(place, FindingKind::unsupported, "a picture: text in it is not read");
  } else if (file.has_more_frames) {
    reading.finding(place, FindingKind::unsupported,
                    "a picture that moves: text in it is not read");
  } else if (file.frames.empty()) {
    look_at_picture(reading, place, bytes);
  } else {
    for (std::size_t i = 0; i < file.frames.size() && reading.keep_going(place); ++i) {
      look_at_picture(reading, place.within(fmt::format("frame {}", i + 1)), file.frames[i]);
    }
  }
  // Links in a chain of files behind files count as containers do.
  const std::string_view behind = bytes.substr(std::min(file.end, bytes.size()));
  if (behind.find_first_not_of("\0\r\n\t "sv) != std::string_view::npos) {
    reading.read(place.member("behind the picture"), behind);
  }
}

void look_at_picture(Reading& reading, const Place& place, std::string_view bytes) {
  PictureContent seen = reading.options().picture(bytes, [&] { return reading.keep_going(place); });
  reading.part(place, FileType::picture, PartKind::recognised, std::move(seen.text), bytes.size());
  if (!seen.error.empty()) {
    return reading.finding(place, FindingKind::unsupported,
                           fmt::format("a picture: {}; text in it is not read", seen.error));
  }
  if (seen.letters >= kPassageLetters) {
    return reading.finding(place, FindingKind::unsupported,
                           "a picture that looks like text, which is not read");
  }
  if (reading.scattered_letters().add(blake2b(bytes), seen)) {
    reading.finding(place, FindingKind::unsupported,
                    "small pictures that together may hold text, which is not read");
  }
}

}  // namespace weir::content
