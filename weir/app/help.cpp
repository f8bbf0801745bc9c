#include "weir/app/help.h"

#include <fmt/ranges.h>

#include "weir/base/columns.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNames = 30;  // columns of the options' and commands' names

class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kNames); }

  // What follows a line break is put under the first line of the description by CLI11.
  std::string make_option_desc(const CLI::Option* option) const override {
    return described(CLI::Formatter::make_option_desc(option));
  }
  std::string make_subcommand(const CLI::App* command) const override {
    std::string name = "  " + command->get_display_name();
    name.resize(std::max(name.size() + 1, kNames), ' ');
    return paragraph(name, std::string(kNames, ' '), command->get_description(), kWidth);
  }
  std::string make_footer(const CLI::App* command) const override {
    const std::string footer = command->get_footer();
    if (footer.empty()) return {};
    std::string text;
    for (const std::string_view line : split(footer, '\n')) {
      const bool as_it_is = line.empty() || line.starts_with(' ');
      text += as_it_is ? std::string(line) + "\n" : paragraph("", "", line, kWidth);
    }
    return text;
  }

 private:
  static std::string described(const std::string& text) {
    return fmt::format("{}", fmt::join(wrap(text, kWidth - kNames), "\n"));
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() { return std::make_shared<HelpFormatter>(); }

}  // namespace weir::app
