#include "weir/app/openly_sent.h"

#include <algorithm>
#include <utility>

#include "weir/base/text.h"
#include "weir/ingest/parsers/mail.h"
#include "weir/ingest/pipeline.h"

namespace weir::app {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHeadBytes = 64u << 10;

Result<std::string> head_of(const fs::path& path) {
  WEIR_ASSIGN(const std::unique_ptr<ingest::ByteSource> source, ingest::open_source(path));
  std::string head(kHeadBytes, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    WEIR_ASSIGN(const std::size_t n, source->read(head.data() + size, head.size() - size));
    if (n == 0) break;
    size += n;
  }
  head.resize(size);
  return head;
}

/// Without the part that everybody may make up for a mailbox of theirs: "ann+news@" is ann's.
std::string mailbox_of(std::string_view canonical_address) {
  const std::size_t at = canonical_address.rfind('@');
  const std::size_t plus = canonical_address.substr(0, at).find('+');
  std::string mailbox(canonical_address.substr(0, std::min(plus, at)));
  return mailbox.append(canonical_address.substr(at));
}

}  // namespace

/// Takes the mails of one file.
class OpenlySent::Sink final : public ingest::RecordSink {
 public:
  Sink(OpenlySent& mail, const std::atomic<bool>* stop) : mail_(mail), stop_(stop) {}

  Result<void> record(const event::SourceRecord& said, std::uint64_t /*offset*/) override {
    WEIR_TRY(check_stop());
    mail_.look_into(said);
    return {};
  }
  Result<void> bad(ingest::ParseError /*error*/, std::uint64_t /*line*/, std::uint64_t /*offset*/,
                   std::string_view /*raw*/) override {
    ++bad_;
    return check_stop();
  }
  Result<void> progress(std::uint64_t /*offset*/) override { return check_stop(); }

  std::uint64_t bad_count() const { return bad_; }

 private:
  Result<void> check_stop() const {
    if (stop_ == nullptr || !*stop_) return {};
    return fail(ErrorCode::cancelled, "stopped; nothing was learnt");
  }

  OpenlySent& mail_;
  const std::atomic<bool>* stop_;
  std::uint64_t bad_ = 0;
};

OpenlySent::OpenlySent(Workspace& workspace, const DocumentRegistry& registry, Inspector& inspector,
                       ingest::Resolver resolver, roster::People people,
                       const protect::Spread::Options& options)
    : workspace_(workspace),
      registry_(registry),
      inspector_(inspector),
      resolver_(std::move(resolver)),
      people_(std::move(people)),
      has_people_(!std::ranges::all_of(people_.all(), &roster::Person::provisional)),
      spread_(options) {}

Result<std::unique_ptr<OpenlySent>> OpenlySent::create(Workspace& workspace,
                                                       const DocumentRegistry& registry,
                                                       Inspector& inspector,
                                                       const protect::Spread::Options& options) {
  if (workspace.config.domains.empty()) {
    return fail(ErrorCode::invalid_argument,
                "weir.yaml names no domains of the organisation, so that nobody's mail is its own; "
                "set organisation.domains");
  }
  WEIR_ASSIGN(ingest::Resolver resolver,
              ingest::Resolver::create(workspace.config.resolver_options(), workspace.roster(),
                                       workspace.vault()));
  WEIR_ASSIGN(roster::People people, workspace.roster().people());
  return std::unique_ptr<OpenlySent>(new OpenlySent(
      workspace, registry, inspector, std::move(resolver), std::move(people), options));
}

Result<void> OpenlySent::read(const fs::path& path, const std::atomic<bool>* stop) {
  Sink sink(*this, stop);
  if (Result<void> done = read_mails(path, sink); !done) {
    if (done.error().code == ErrorCode::cancelled) return done;
    const std::string& reason = done.error().message;
    report_.problems.push_back(
        reason.starts_with(path.string()) ? reason : fmt::format("{}: {}", path.string(), reason));
  }
  if (sink.bad_count() > 0) {
    report_.problems.push_back(fmt::format("{}: {} could not be read", path.string(),
                                           counted(sink.bad_count(), "message")));
  }
  return {};
}

Result<void> OpenlySent::read_mails(const fs::path& path, Sink& sink) {
  ingest::ReaderOptions options;
  options.limits = workspace_.config.limits;
  options.internal_domains = workspace_.config.domains;
  WEIR_ASSIGN(options.head, head_of(path));
  const ingest::Format format = ingest::mail_format();
  if (format.match(options.head, path.filename().string()) == ingest::Match::no) {
    return fail(ErrorCode::parse, "not mail");
  }
  WEIR_ASSIGN(const std::unique_ptr<ingest::ByteSource> source, ingest::open_source(path));
  WEIR_ASSIGN(const std::unique_ptr<ingest::Reader> reader, format.open(options));
  return reader->read(*source, sink);
}

bool OpenlySent::is_internal(std::string_view canonical_address) const {
  const std::size_t at = canonical_address.rfind('@');
  return at != std::string_view::npos &&
         resolver_.recipient_class(canonical_address.substr(at + 1)) ==
             event::RecipientClass::internal;
}

bool OpenlySent::goes_outside(const event::SourceRecord& said) const {
  return std::ranges::any_of(said.parties, [&](const event::SourceRecord::Party& party) {
    return party.role != event::PartyRole::from && party.address.contains('@') &&
           !is_internal(vault::canonical(party.address));
  });
}

std::uint64_t OpenlySent::sender(const event::SourceRecord& said) const {
  const std::string address = vault::canonical(said.user_address);
  if (!is_internal(address)) return 0;
  if (!has_people_) {
    return static_cast<std::uint64_t>(workspace_.vault().address_token(mailbox_of(address)));
  }
  const event::PersonId person = people_.survivor(
      workspace_.roster().resolve(roster::IdentityKind::mail_address, address, said.time));
  const roster::Person* known = people_.find(person);
  return known == nullptr || known->provisional ? 0 : static_cast<std::uint64_t>(person);
}

void OpenlySent::look_into(const event::SourceRecord& said) {
  ++report_.mails;
  if (said.activity != event::Activity::mail_send || !goes_outside(said) ||
      resolver_.is_excluded(said)) {
    return;
  }
  const std::uint64_t who = sender(said);
  if (who == 0) {
    ++report_.strangers;
    return;
  }
  ++report_.outgoing;
  const content::Extraction extraction = inspector_.extract(said.raw, "message");
  const Inspector::Reading reading = inspector_.read(extraction, "message");
  const protect::Features& features = reading.features;
  const std::size_t text_words = features.words.size() - features.pieces;
  passages_.clear();
  for (const protect::Feature& feature : features.found) {
    if (feature.word < text_words && protect::is_protected(registry_.snapshot(), feature.hash)) {
      passages_.push_back(feature.hash);
    }
  }
  spread_.add(who, passages_);
  report_.is_full = report_.is_full || spread_.is_full();
}

}  // namespace weir::app
