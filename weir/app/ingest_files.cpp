#include "weir/app/ingest_files.h"

#include <chrono>
#include <memory>
#include <unordered_set>

#include "weir/app/document_registry.h"
#include "weir/app/domain_lists.h"
#include "weir/app/inspection.h"
#include "weir/app/record_store.h"
#include "weir/base/text.h"
#include "weir/ingest/parsers/all.h"

namespace weir::app {
namespace {

/// Of every stored record with documents its `event::recognition_key`.
Result<void> gather_recognised(const lake::Lake& lake, std::unordered_set<std::uint64_t>& keys) {
  const auto span = lake.span();
  if (!span) return {};
  return lake.read({.from = span->first, .to = span->second + std::chrono::days{1}},
                   [&](const event::Record& record) -> Result<void> {
                     if (!record.documents.empty()) keys.insert(event::recognition_key(record));
                     return {};
                   });
}

}  // namespace

Result<IngestOutcome> ingest_files(Workspace& workspace, const IngestSettings& settings) {
  if (!settings.format.empty() && ingest::find_format(settings.format) == nullptr) {
    std::vector<std::string_view> names;
    for (const ingest::Format& format : ingest::formats()) names.push_back(format.name);
    const std::string_view near = nearest(settings.format, names);
    return fail(
        ErrorCode::invalid_argument, "--format {}: no such format{}; `weir formats` lists them",
        printable(settings.format), near.empty() ? "" : fmt::format(", did you mean {}?", near));
  }
  const auto free_mail = free_mail_domains();
  const auto disposable = disposable_domains();
  ingest::ResolverOptions resolver_options = workspace.config.resolver_options();
  resolver_options.free_mail_domains = &free_mail;
  resolver_options.disposable_domains = &disposable;
  WEIR_ASSIGN(const auto registry, DocumentRegistry::open(workspace));
  WEIR_TRY(registry->require_index());
  const auto known_content = registry->by_digest();
  resolver_options.known_content = &known_content;
  std::unique_ptr<Inspector> inspector;
  if (settings.inspect && registry->snapshot().document_count() > 0) {
    WEIR_ASSIGN(inspector, Inspector::create(*registry, workspace.config.inspection));
  }
  WEIR_ASSIGN(lake::Lake lake, workspace.open_lake(false));
  WEIR_ASSIGN(LakeRecordStore store,
              LakeRecordStore::open(lake, workspace.manifest(), workspace.ledger(),
                                    workspace.roster(), workspace.vault()));

  std::unordered_set<std::uint64_t> recognised;
  if (settings.reinspect) {
    WEIR_TRY(gather_recognised(lake, recognised));
    resolver_options.recognised = &recognised;
  }
  WEIR_ASSIGN(ingest::Resolver resolver,
              ingest::Resolver::create(resolver_options, workspace.roster(), workspace.vault()));

  const auto start = std::chrono::steady_clock::now();
  ingest::IngestOptions options;
  options.inputs.assign(settings.inputs.begin(), settings.inputs.end());
  options.format = settings.format;
  options.limits = workspace.config.limits;
  options.internal_domains = workspace.config.domains;
  if (inspector != nullptr) options.inspect = inspect_mail(*inspector);
  options.aside_folder = workspace.aside_folder();
  options.from_start = settings.from_start || settings.reinspect;
  options.clock = settings.clock;
  options.stop = settings.stop;
  options.progress = settings.progress;

  IngestOutcome outcome;
  auto read = ingest::run_ingest(options, resolver, store);
  outcome.cancelled = !read && read.error().code == ErrorCode::cancelled;
  if (!read && !outcome.cancelled) return std::unexpected(std::move(read).error());
  if (read) outcome.read = std::move(*read);
  WEIR_ASSIGN(outcome.stored, lake.roll());
  WEIR_TRY(lake.compact());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  WEIR_TRY(workspace.note_now(
      "ingest", "",
      fmt::format(R"({{"records":{},"new":{},"bad":{},"inspected":{},"again":{}}})",
                  outcome.read.records, outcome.stored.stored, outcome.read.bad,
                  outcome.read.inspected, settings.reinspect)));
  return outcome;
}

}  // namespace weir::app
