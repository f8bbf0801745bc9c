#include "weir/app/commands/all.h"

namespace weir::app {
namespace {

/// Commands and options below `app`, as "path: words" lines of a bash case statement.
void add_cases(const CLI::App& app, const std::string& path, std::string& out) {
  std::string words;
  for (const CLI::App* child : app.get_subcommands({})) words += child->get_name() + " ";
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  out += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, words);
  for (const CLI::App* child : app.get_subcommands({})) {
    add_cases(*child, path + " " + child->get_name(), out);
  }
}

Result<ExitCode> completion(const CLI::App& root) {
  std::string text =
      "# bash completion for weir; install: weir completion > "
      "/usr/share/bash-completion/completions/weir\n"
      "_weir() {\n"
      "  local path=weir word words=\"\" i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${COMP_WORDS[i]}\n"
      "    case $word in\n"
      "      -w | --workspace) ((i++)) ;;\n"
      "      -*) ;;\n"
      "      *) [[ \" $(_weir_words \"$path\") \" == *\" $word \"* ]] && path=\"$path $word\" ;;\n"
      "    esac\n"
      "  done\n"
      "  words=$(_weir_words \"$path\")\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
      "}\n"
      "_weir_words() {\n"
      "  local words=\"\"\n"
      "  case $1 in\n";
  add_cases(root, "weir", text);
  text +=
      "  esac\n"
      "  printf '%s' \"$words\"\n"
      "}\n"
      "complete -o default -F _weir weir\n";
  WEIR_TRY(print(text));
  return ExitCode::ok;
}

}  // namespace

void add_completion(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("completion", "Print the completion script for bash");
  command->footer("Example:\n  source <(weir completion)");
  command->callback([&root, &session] { session.action = [&root] { return completion(root); }; });
}

}  // namespace weir::app
