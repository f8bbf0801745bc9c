#pragma once

#include <optional>
#include <string_view>

#include "weir/content/part.h"

namespace weir::content {

/// Control words of RTF 1.9, looked up.

/// Windows code page of a font's \fcharset; 0: unknown.
int rtf_codepage(int charset);
/// The kind of text in a destination; empty if the word begins none.
std::optional<PartKind> rtf_kind(std::string_view word);
/// A destination without text: tables, pictures.
bool rtf_is_skipped(std::string_view word);
/// The character a word stands for (\emdash); 0: none.
char32_t rtf_character(std::string_view word);

}  // namespace weir::content
