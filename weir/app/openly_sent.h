#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "weir/app/inspection.h"
#include "weir/ingest/resolver.h"
#include "weir/protect/openly_said.h"
#include "weir/protect/spread.h"

namespace weir::app {

/// Finds, in mail, the passages of protected documents that many people of the organisation send to
/// outside: disclaimers, letterheads, what is no secret however it was registered.
///
/// Counted are different senders of the organisation's own domains, of mails with a recipient
/// outside. Where the roster names anybody, those whom it names, each once, however many addresses
/// they have; else mailboxes, without what follows a plus sign. Nothing is kept of a mail but which
/// passages its sender has sent. Mails with an excluded address are left alone.
///
/// One thread.
class OpenlySent {
 public:
  /// No document loses more of its passages than this, in all runs together.
  static constexpr double kMostShare = 1.0 / 3;

  struct Report {
    std::uint64_t mails = 0;      // read
    std::uint64_t outgoing = 0;   // of these: looked into
    std::uint64_t strangers = 0;  // not looked into: the roster does not name the sender
    bool is_full = false;         // more was sent than is kept track of: less is common than is so
    std::vector<std::string> problems;
  };

  /// All must outlive this object.
  static Result<std::unique_ptr<OpenlySent>> create(Workspace& workspace,
                                                    const DocumentRegistry& registry,
                                                    Inspector& inspector,
                                                    const protect::Spread::Options& options);

  /// A file of mail, as `weir ingest --format mail` reads it. One that cannot be read is a problem
  /// in the report; `cancelled` once `stop` is set.
  Result<void> read(const std::filesystem::path& path, const std::atomic<bool>* stop);

  const Report& report() const { return report_; }
  /// Passages that enough people have sent; ascending.
  std::vector<std::uint64_t> common() { return spread_.common(); }

 private:
  class Sink;
  OpenlySent(Workspace& workspace, const DocumentRegistry& registry, Inspector& inspector,
             ingest::Resolver resolver, roster::People people,
             const protect::Spread::Options& options);
  Result<void> read_mails(const std::filesystem::path& path, Sink& sink);
  void look_into(const event::SourceRecord& said);
  bool goes_outside(const event::SourceRecord& said) const;
  bool is_internal(std::string_view canonical_address) const;
  /// 0: does not count.
  std::uint64_t sender(const event::SourceRecord& said) const;

  Workspace& workspace_;
  const DocumentRegistry& registry_;
  Inspector& inspector_;
  ingest::Resolver resolver_;
  roster::People people_;
  bool has_people_ = false;
  protect::Spread spread_;
  Report report_;
  std::vector<std::uint64_t> passages_;
};

}  // namespace weir::app
