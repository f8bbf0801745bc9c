#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

struct Undisguised {
  std::string_view how;  // "rot13"; a constant
  std::string text;
};

/// Other readings of a text that a person undoes at sight or with one key: letters moved by 13,
/// words or lines backwards, a blank after every letter. Told by common English words in that form,
/// which no honest text has; none, then, for nearly all texts. Linear.
std::vector<Undisguised> undisguise(std::string_view text);

}  // namespace weir::content
