#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Code points of UTF-8 text: its width in a terminal, as long as nobody writes double-width
/// letters. A byte that belongs to no code point counts as one.
std::size_t columns(std::string_view text);

/// `text` cut to `width` columns, the last one "…" if something was cut off.
std::string fit(std::string_view text, std::size_t width);
/// `fit`, then filled with spaces to exactly `width` columns.
std::string fit_left(std::string_view text, std::size_t width);
std::string fit_right(std::string_view text, std::size_t width);

/// Lines of at most `width` columns (at least 1), broken at spaces; a longer word is broken where
/// it must be. Runs of white space count as one space. "" gives no line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// A paragraph for a page `width` columns wide: the first line after `first`, the others after
/// `rest`, each with its line end. An empty `text` gives `first` alone.
std::string paragraph(std::string_view first, std::string_view rest, std::string_view text,
                      std::size_t width);

}  // namespace weir
