#pragma once

#include <CLI/CLI.hpp>

#include "weir/app/session.h"

namespace weir::app {

// One function a command: describes it to the parser and sets `session.action` when it is chosen.
void add_init(CLI::App& root, Session& session);
void add_roster(CLI::App& root, Session& session);
void add_ingest(CLI::App& root, Session& session);
void add_analyze(CLI::App& root, Session& session);
void add_cases(CLI::App& root, Session& session);
void add_case(CLI::App& root, Session& session);
void add_budget(CLI::App& root, Session& session);
void add_report(CLI::App& root, Session& session);
void add_query(CLI::App& root, Session& session);
void add_survey(CLI::App& root, Session& session);
void add_status(CLI::App& root, Session& session);
void add_coverage(CLI::App& root, Session& session);
void add_simulate(CLI::App& root, Session& session);
void add_evaluate(CLI::App& root, Session& session);
void add_formats(CLI::App& root, Session& session);
void add_config(CLI::App& root, Session& session);
void add_protect(CLI::App& root, Session& session);
/// `weir protect background learn`
void add_learn(CLI::App& background, Session& session);
void add_inspect(CLI::App& root, Session& session);
void add_lake(CLI::App& root, Session& session);
void add_audit(CLI::App& root, Session& session);
void add_backup(CLI::App& root, Session& session);
void add_restore(CLI::App& root, Session& session);
void add_completion(CLI::App& root, Session& session);

}  // namespace weir::app
