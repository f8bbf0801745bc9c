#include "weir/app/analyze.h"

#include <thread>

#include "weir/app/commands/all.h"
#include "weir/app/progress.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

struct AnalyzeArguments {
  std::string through;
  bool again = false;
  int threads = 0;
};

std::string json_of(const AnalyzeReport& report, double seconds) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("days", report.days);
  if (report.from) json.member("from", to_iso8601(*report.from));
  if (report.through) json.member("through", to_iso8601(*report.through));
  json.member("records", report.records)
      .member("acts", report.acts)
      .member("seen_before", report.seen_before)
      .member("too_late", report.too_late)
      .member("late_records_wait", report.late_records_wait)
      .member("cases", report.cases)
      .member("decisions", report.decisions)
      .member("people_watched", std::uint64_t{report.people_watched})
      .member("state_bytes", std::uint64_t{report.state_bytes})
      .member("drip_threshold_nats", report.drip_threshold)
      .member("burst_threshold_nats", report.burst_threshold)
      .member("seconds", seconds)
      .end_object();
  return text + "\n";
}

std::string text_of(const AnalyzeReport& report, double seconds) {
  if (report.late_records_wait) {
    return "No new day to close. Records came since that belong to closed days: they join the "
           "next\n"
           "day that closes, and those later than analysis.allowed_lateness_days are not scored.\n"
           "`weir analyze --again` replays the whole history with all of them.\n";
  }
  if (report.days == 0) {
    return report.people_watched == 0
               ? "There are no records yet: `weir ingest` brings them.\n"
               : "No new day to close: every day with records is closed (today closes tomorrow).\n";
  }
  std::string text = fmt::format(
      "Closed {}, {} to {}: {}, {}, {} ({:.1f} s).\n", counted(report.days, "day"),
      to_iso8601(*report.from), to_iso8601(*report.through), counted(report.records, "record"),
      counted(report.acts, "act"), counted(report.people_watched, "person", "people"), seconds);
  if (report.seen_before > 0) {
    text += fmt::format("{} acts had been counted before and were not counted again.\n",
                        with_commas(report.seen_before));
  }
  if (report.too_late > 0) {
    text += fmt::format(
        "{} acts arrived too late to be scored on the day they arrived; they are stored.\n"
        "`weir analyze --again` replays the whole history with them.\n",
        with_commas(report.too_late));
  }
  if (report.decisions > 0) {
    text += fmt::format("{} on cases were taken into account.\n",
                        counted(report.decisions, "decision"));
  }
  text += report.cases == 0
              ? "No case was opened.\n"
              : fmt::format("{} {} opened: `weir cases` lists them.\n", with_commas(report.cases),
                            report.cases == 1 ? "case was" : "cases were");
  return text;
}

Result<ExitCode> run(const Session& session, const AnalyzeArguments& arguments) {
  AnalyzeOptions options;
  if (!arguments.through.empty()) {
    options.through = parse_day(arguments.through);
    if (!options.through) {
      return fail(ErrorCode::invalid_argument, "--through {}: not a day; write 2026-11-02",
                  printable(arguments.through));
    }
  }
  options.again = arguments.again;
  options.threads = arguments.threads > 0
                        ? arguments.threads
                        : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  options.clock = session.clock;
  options.stop = session.stop;
  ProgressBar bar("analyzing");
  options.progress = [&](std::uint64_t done, std::uint64_t all, std::uint64_t cases) {
    bar.show(done, all, fmt::format("{} cases", cases));
  };
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  const auto start = std::chrono::steady_clock::now();
  WEIR_ASSIGN(const AnalyzeReport report, analyze(*workspace, options));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (report.cancelled) {
    say(fmt::format("Stopped after {}, kept for good; run it again to go on.",
                    counted(report.days, "closed day")));
    return ExitCode::stopped;
  }
  WEIR_TRY(print(session.json ? json_of(report, seconds) : text_of(report, seconds)));
  return ExitCode::ok;
}

}  // namespace

void add_analyze(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  CLI::App* command = root.add_subcommand("analyze", "Close days and open cases");
  command->footer(
      "Closes every day that has not been closed yet, in order, each with only what was known "
      "before it. A day closes once; records that come later join the day they came in.\n"
      "Examples:\n  weir analyze\n  weir analyze --through 2020-12-31\n  weir analyze --again");
  command->add_option("--through", arguments->through, "Last day to close (2026-11-02)");
  command->add_flag("--again", arguments->again,
                    "Forget all cases and state and replay the whole history");
  command->add_option("--threads", arguments->threads, "Default: all cores; results are the same")
      ->check(CLI::Range(1, 256));
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
