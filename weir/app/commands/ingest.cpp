#include <fmt/ranges.h>

#include <set>

#include "weir/app/commands/all.h"
#include "weir/app/ingest_files.h"
#include "weir/app/progress.h"
#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::app {
namespace {

struct IngestArguments {
  std::vector<std::string> inputs;
  std::string format;
  bool from_start = false;
  bool no_inspection = false;
  bool reinspect = false;
};

std::string json_of(const IngestOutcome& outcome) {
  const ingest::IngestReport& read = outcome.read;
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .member("files", read.files)
      .member("skipped_files", read.skipped_files)
      .member("bytes", read.bytes)
      .member("records", read.records)
      .member("new", outcome.stored.stored)
      .member("known_before", outcome.stored.duplicates)
      .member("bad", read.bad)
      .member("bad_not_kept", read.bad_not_kept)
      .member("out_of_scope", read.out_of_scope)
      .member("excluded", read.excluded)
      .member("nothing_new", read.nothing_new)
      .member("future_dated", read.future_dated)
      .member("inspected", read.inspected)
      .member("not_all_read", read.not_all_read)
      .member("with_documents", read.with_documents)
      .member("seconds", outcome.seconds)
      .key("by_activity")
      .begin_object();
  for (const auto& [activity, count] : read.by_activity) json.member(activity, count);
  json.end_object().key("bad_by_reason").begin_object();
  for (const auto& [reason, count] : read.bad_by_reason) json.member(to_string(reason), count);
  json.end_object().key("samples").begin_array();
  for (const ingest::BadSample& sample : read.samples) {
    json.begin_object()
        .member("file", sample.file)
        .member("line", sample.line)
        .member("offset", sample.offset)
        .member("reason", to_string(sample.reason))
        .member("excerpt", sample.excerpt)
        .end_object();
  }
  json.end_array()
      .member("failed_files", read.failed_files)
      .member("left_out_files", read.left_out_files)
      .end_object();
  return text + "\n";
}

std::string text_of(const IngestOutcome& outcome, bool reinspected) {
  const ingest::IngestReport& read = outcome.read;
  std::string text = fmt::format("{} from {}: {} new, {} known before ({:.1f} s).\n",
                                 counted(read.records, "record"), counted(read.files, "file"),
                                 with_commas(outcome.stored.stored),
                                 with_commas(outcome.stored.duplicates), outcome.seconds);
  for (const auto& [activity, count] : read.by_activity) {
    text += fmt::format("  {:>12}  {}\n", with_commas(count), activity);
  }
  if (read.files == 0 && read.skipped_files == 0 && read.failed_files.empty() &&
      read.left_out_files.empty()) {
    text += "There is no file to read in there.\n";
  }
  if (read.skipped_files > 0) {
    text += fmt::format("{} {} read to the end before (--from-start reads them again).\n",
                        with_commas(read.skipped_files),
                        read.skipped_files == 1 ? "file was" : "files were");
  }
  if (!read.left_out_files.empty()) {
    std::set<std::string> names;
    for (const std::filesystem::path file : read.left_out_files) {
      const std::string name = file.filename().string();
      names.insert(name.ends_with(".expected.json") ? "*.expected.json"
                   : is_directory(file)             ? printable(file.string())
                                                    : printable(name));
    }
    text += fmt::format(
        "{} left out, being Weir's own and no records: {}.\n",
        counted(read.left_out_files.size(), "file or folder was", "files or folders were"),
        fmt::join(names, ", "));
  }
  if (read.out_of_scope > 0) {
    text += fmt::format(
        "{} not kept: scope in weir.yaml does not permit their source or\n"
        "people (weir config explain).\n",
        counted(read.out_of_scope, "record was", "records were"));
  }
  if (read.excluded > 0) {
    text += fmt::format("{} not kept: an excluded address or site is in it.\n",
                        counted(read.excluded, "record was", "records were"));
  }
  if (read.future_dated > 0) {
    text += fmt::format("{} a time after arrival: the arrival counts. Check the clocks.\n",
                        counted(read.future_dated, "record claims", "records claim"));
  }
  if (read.nothing_new > 0) {
    text += fmt::format("{} nothing that was not known of them.\n",
                        counted(read.nothing_new, "record says", "records say"));
  }
  if (read.with_documents > 0) {
    text += fmt::format("{} protected documents (weir query, table documents).\n",
                        counted(read.with_documents, "record has", "records have"));
  }
  if (reinspected && outcome.stored.stored > 0) {
    text += "`weir analyze --again` judges the whole history with what was recognised now.\n";
  }
  if (read.inspected > 0) {
    text += fmt::format("{} inspected for them", counted(read.inspected, "mail to the outside was",
                                                         "mails to the outside were"));
    text += read.not_all_read == 0 ? std::string(".\n")
                                   : fmt::format(", of which {} could not be read whole.\n",
                                                 with_commas(read.not_all_read));
  }
  return text;
}

constexpr std::size_t kPathBytes = 4096;

void say_problems(const ingest::IngestReport& read, const std::filesystem::path& aside) {
  for (const std::string& failed : read.failed_files) say(printable(failed, 2 * kPathBytes));
  if (read.bad == 0) return;
  say(fmt::format("{} could not be read, and kept in {}:", counted(read.bad, "record"),
                  printable(aside.string(), kPathBytes)));
  for (const auto& [reason, count] : read.bad_by_reason) {
    say(fmt::format("  {:>12}  {}", with_commas(count), to_string(reason)));
  }
  if (read.bad_not_kept > 0) {
    say(fmt::format(
        "  {:>12}  of them are not kept: the folder is full. Look at it, mend the source "
        "and delete it.",
        with_commas(read.bad_not_kept)));
  }
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < read.samples.size() && i < kShown; ++i) {
    const ingest::BadSample& sample = read.samples[i];
    say(fmt::format("  {}:{}: {}: {}", printable(sample.file, kPathBytes), sample.line,
                    to_string(sample.reason), printable(sample.excerpt, 60)));
  }
}

Result<ExitCode> run(const Session& session, const IngestArguments& arguments) {
  WEIR_ASSIGN(const auto workspace, session.open_workspace());
  ProgressBar bar("reading");
  WEIR_ASSIGN(const IngestOutcome outcome,
              ingest_files(*workspace, {.inputs = arguments.inputs,
                                        .format = arguments.format,
                                        .from_start = arguments.from_start,
                                        .inspect = !arguments.no_inspection,
                                        .reinspect = arguments.reinspect,
                                        .clock = session.clock,
                                        .stop = session.stop,
                                        .progress = [&](std::uint64_t done, std::uint64_t total) {
                                          bar.show(done, total);
                                        }}));
  if (outcome.cancelled) {
    say(fmt::format("Stopped. {} safely stored; run the same command to go on.",
                    counted(outcome.stored.stored, "new record is", "new records are")));
    return ExitCode::stopped;
  }
  WEIR_TRY(print(session.json ? json_of(outcome) : text_of(outcome, arguments.reinspect)));
  if (!session.json) say_problems(outcome.read, workspace->aside_folder());
  const bool all_read = outcome.read.bad == 0 && outcome.read.failed_files.empty();
  if (all_read) return ExitCode::ok;
  return outcome.read.files == 0 ? ExitCode::failed : ExitCode::partly;
}

}  // namespace

void add_ingest(CLI::App& root, Session& session) {
  auto arguments = std::make_shared<IngestArguments>();
  CLI::App* command = root.add_subcommand("ingest", "Read logs and mail into the workspace");
  command->footer(
      "Files, folders (all files in them), .gz and .zst, or - for standard input. The format "
      "is told by the content unless --format names it. Reading the same again adds nothing. "
      "Records that cannot be read are counted, sampled and kept aside.\n"
      "Examples:\n"
      "  weir ingest /var/log/ocsf/\n"
      "  zcat old.csv.gz | weir ingest --format cert -");
  command->add_option("PATH", arguments->inputs, "Files, folders or -")->required();
  command->add_option("--format", arguments->format, "One of `weir formats`");
  command->add_flag("--from-start", arguments->from_start,
                    "Read files again that were read to their end before");
  command
      ->add_flag("--no-inspection", arguments->no_inspection,
                 "Do not look for protected documents in mail that leaves")
      ->excludes(command->add_flag(
          "--reinspect", arguments->reinspect,
          "Read files again and store what documents registered since are in their records"));
  command->callback([arguments, &session] {
    session.action = [arguments, &session] { return run(session, *arguments); };
  });
}

}  // namespace weir::app
