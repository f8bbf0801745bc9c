#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::content {

/// Why `bytes` are no font with TrueType outlines (OpenType, "Organization of an OpenType font") or
/// more than one; empty if they are such a font and nothing else: known tables alone, which fill
/// the file, with the checksums the directory says, and in `glyf` nothing but glyphs that `loca`
/// names, of a size that letters have. Linear.
///
/// What it cannot tell is whether the glyphs look like the letters they stand for.
std::string_view font_problem(std::string_view bytes);

/// The font in what Office embeds as "font1.odttf": its first 32 bytes are changed by a key of 16,
/// which is found without being told (ECMA-376 part 4, 2.8.1). Empty if there is none.
std::string restored_font(std::string_view bytes);

/// Where in an Embedded OpenType file (PowerPoint's .fntdata) the font is, with what its bytes are
/// changed by; empty unless it is one that is not packed.
struct EmbeddedFont {
  std::string_view bytes;
  unsigned char change = 0;
};
EmbeddedFont embedded_font(std::string_view bytes);

}  // namespace weir::content
