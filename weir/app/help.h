#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace weir::app {

/// CLI11's help with every line kept within 80 columns. Lines of a footer that begin with a space
/// (examples) stay as they are; the others are paragraphs.
std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace weir::app
