#include "weir/sim/simulate.h"

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "weir/app/commands/all.h"
#include "weir/app/progress.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

struct SimulateArguments {
  std::string world = "drip";
  std::string from = "2012-01-01";
  std::string out;
  std::string shock = "none";
  std::vector<std::uint32_t> scenarios;
  bool people_given = false;
  bool length_given = false;
  bool from_given = false;
  sim::Options options;
};

/// The size of the CERT data sets, where the command line does not say otherwise.
void use_size_of_cert(SimulateArguments& arguments) {
  sim::Options& options = arguments.options;
  if (!sim::is_mixed(options.world)) return;
  if (!arguments.people_given) options.people = options.world == sim::World::cert ? 1000 : 2000;
  if (!arguments.length_given) options.months = 17;
  if (!arguments.from_given) arguments.from = "2010-01-01";
}

Result<ExitCode> run(const Session& session, SimulateArguments arguments) {
  sim::Options& options = arguments.options;
  const auto world = sim::world_from(arguments.world);
  if (!world) {
    return fail(ErrorCode::invalid_argument, "--world {}: choose one of {}",
                printable(arguments.world), sim::world_names());
  }
  options.world = *world;
  use_size_of_cert(arguments);
  const auto* const shock = std::ranges::find(sim::kShocks, arguments.shock);
  if (shock == sim::kShocks.end()) {
    return fail(ErrorCode::invalid_argument,
                "--shock {}: choose none, merger, outage, remote-work, mail-migration or "
                "provider-swap",
                printable(arguments.shock));
  }
  options.shock = static_cast<sim::Shock>(shock - sim::kShocks.begin());
  if (!arguments.scenarios.empty()) {
    std::array<std::uint32_t, 5> counts{};
    std::ranges::copy(arguments.scenarios, counts.begin());
    options.scenarios = counts;
  }
  const auto from = parse_day(arguments.from);
  if (!from) {
    return fail(ErrorCode::invalid_argument, "--from {}: not a day; write 2012-01-01",
                printable(arguments.from));
  }
  options.from = *from;
  options.to_stdout = arguments.out == "-";
  if (!options.to_stdout) options.out = arguments.out;
  if (options.threads == 0) {
    options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  }
  options.stop = session.stop;
  ProgressBar bar("simulating");
  options.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(done, all); };
  const auto start = std::chrono::steady_clock::now();
  WEIR_ASSIGN(const sim::Report report, sim::simulate(options));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (options.to_stdout) return ExitCode::ok;
  if (session.json) {
    std::string text;
    JsonWriter json(text);
    json.begin_object()
        .member("records", report.records)
        .member("bytes", report.bytes)
        .member("people", std::uint64_t{report.people})
        .member("insiders", std::uint64_t{report.insiders})
        .member("checksum", fmt::format("{:016x}", report.checksum))
        .member("seconds", seconds)
        .end_object();
    WEIR_TRY(print(text + "\n"));
    return ExitCode::ok;
  }
  const std::string length =
      options.months != 0 ? counted(options.months, "month") : counted(options.years, "year");
  WEIR_TRY(print(
      fmt::format("{} of {} over {} in {} ({:.1f} s); {} among them.\n"
                  "answers.json holds what nobody else may read: who, and which acts.\n",
                  counted(report.records, "record"), counted(report.people, "person", "people"),
                  length, arguments.out, seconds, counted(report.insiders, "insider"))));
  return ExitCode::ok;
}

}  // namespace

void add_simulate(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<SimulateArguments>();
  arguments->options.threads = 0;
  CLI::App* command = root.add_subcommand("simulate", "Make up an organisation with known answers");
  command->footer(
      "Writes roster.csv, documents.csv, records-YYYY.ocsf.jsonl.zst, answers.json and "
      "organisation.yaml (docs/simulator.md). The same options give the same bytes everywhere.\n"
      "Examples:\n"
      "  weir simulate --world drip --people 200 --years 12 --out world\n"
      "  weir simulate --world null --people 50 --years 1 --out - | head");
  command->add_option("--world", arguments->world, sim::world_names() + " (default drip)");
  const CLI::Option* people =
      command->add_option("--people", arguments->options.people,
                          "At the start (default 200; in cert 1000, cert-r5 2000)");
  CLI::Option* years =
      command->add_option("--years", arguments->options.years, "How long (default 12)");
  const CLI::Option* months =
      command->add_option("--months", arguments->options.months, "Instead (cert, cert-r5: 17)")
          ->excludes(years);
  const CLI::Option* from =
      command->add_option("--from", arguments->from, "First day (default 2012-01-01; cert 2010)");
  command->add_option("--seed", arguments->options.seed, "Another seed, another organisation");
  command->add_option("--insiders", arguments->options.insiders,
                      "How many, in pair how many pairs (default 1)");
  command
      ->add_option("--scenarios", arguments->scenarios,
                   "In cert and cert-r5: how many of cert-1 to cert-5, as in 30,30,10")
      ->delimiter(',')
      ->expected(1, 5);
  command->add_option("--sends-per-year", arguments->options.sends_per_year,
                      "Of a drip insider (default 4)");
  command->add_option("--unreported", arguments->options.unreported,
                      "In public-case: acts beside the five (default 0)");
  command->add_flag("--held-out", arguments->options.held_out,
                    "Draw what insiders do from its ranges, by the seed");
  command->add_option(
      "--shock", arguments->shock,
      "Near the middle: merger, outage, remote-work, mail-migration, provider-swap");
  command->add_option("--twins", arguments->options.twins,
                      "Benign people for each insider who send as much, as often (default 0)");
  command->add_flag("--more-logs", arguments->options.more_logs,
                    "Show accounts of web mail and logons at other people's machines");
  command->add_flag("--full-detail", arguments->options.full_detail,
                    "Every page and file of every day, not only what can matter");
  command->add_flag("--thin", arguments->options.thin,
                    "300 records a person and year: egress, and little of the rest");
  command->add_option("--threads", arguments->options.threads, "Default: all cores; same bytes");
  command->add_option("--out", arguments->out, "New folder, or - for records on standard output")
      ->required();
  command->callback([arguments, people, years, months, from, &session] {
    arguments->people_given = people->count() > 0;
    arguments->length_given = years->count() + months->count() > 0;
    arguments->from_given = from->count() > 0;
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
