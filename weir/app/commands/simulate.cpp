#include "weir/sim/simulate.h"

#include <algorithm>
#include <array>
#include <thread>

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
  sim::Options options;
};

constexpr std::array<std::pair<std::string_view, sim::World>, 4> kWorlds = {
    {{"ordinary", sim::World::ordinary},
     {"null", sim::World::null},
     {"drip", sim::World::drip},
     {"burst", sim::World::burst}}};

Result<ExitCode> run(const Session& session, SimulateArguments arguments) {
  sim::Options& options = arguments.options;
  const auto* world =
      std::ranges::find(kWorlds, arguments.world, &decltype(kWorlds)::value_type::first);
  if (world == kWorlds.end()) {
    return fail(ErrorCode::invalid_argument, "--world {}: choose ordinary, null, drip or burst",
                printable(arguments.world));
  }
  options.world = world->second;
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
  WEIR_TRY(
      print(fmt::format("{} of {} over {} in {} ({:.1f} s); {} among them.\n"
                        "answers.json holds what nobody else may read: who, and which acts.\n",
                        counted(report.records, "record"),
                        counted(report.people, "person", "people"), counted(options.years, "year"),
                        arguments.out, seconds, counted(report.insiders, "insider"))));
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
  command->add_option("--world", arguments->world, "ordinary, null, drip or burst (default drip)");
  command->add_option("--people", arguments->options.people, "At the start (default 200)");
  command->add_option("--years", arguments->options.years, "How long (default 12)");
  command->add_option("--from", arguments->from, "First day (default 2012-01-01)");
  command->add_option("--seed", arguments->options.seed, "Another seed, another organisation");
  command->add_option("--insiders", arguments->options.insiders, "In drip and burst (default 1)");
  command->add_option("--sends-per-year", arguments->options.sends_per_year,
                      "Of a drip insider (default 4)");
  command->add_flag("--full-detail", arguments->options.full_detail,
                    "Every page and file of every day, not only what can matter");
  command->add_option("--threads", arguments->options.threads, "Default: all cores; same bytes");
  command->add_option("--out", arguments->out, "New folder, or - for records on standard output")
      ->required();
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
