#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/content/detail/picture.h"
#include "weir/content/extract.h"

namespace weir::content {

/// Where in a document a reader stands.
struct Place {
  std::string path;
  unsigned depth = 0;
  bool hidden = false;  // something around it is

  /// A member of it: one container deeper. `name` is made printable.
  Place member(std::string_view name) const;
  /// A part of the same document ("notes"): no deeper.
  Place within(std::string_view name) const;
};

/// One document being read: takes what readers find, counts what they spend, and sends what stands
/// in containers to its reader.
class Reading {
 public:
  Reading(const ExtractOptions& options, ExtractSink& sink, std::uint64_t input_bytes);

  /// Detects what `bytes` are and reads them. `charset` is what something outside says of them, if
  /// they turn out to be text.
  void read(const Place& place, std::string_view bytes, std::string_view charset = {});

  /// Invalid UTF-8 in `text` becomes U+FFFD. Without any visible character there is no part.
  void part(const Place& place, FileType type, PartKind kind, std::string text, std::uint64_t bytes,
            bool hidden = false);
  /// A zip that turned out to be a document.
  void refine_type(const Place& place, FileType type);
  void finding(const Place& place, FindingKind kind, std::string reason);
  void sealed(SealedMember member) { sink_.sealed(std::move(member)); }

  /// False once nothing more may be read: time, bytes or members are used up. Cheap enough to ask
  /// per kilobyte.
  bool keep_going(const Place& place);
  /// Counts a member of a container; false if there were too many.
  bool take_member(const Place& place);
  /// Counts `more` bytes unpacked at `place`, where the member has unpacked `sofar` (with them) out
  /// of `packed`. False, with a finding, if that is too much.
  bool take_bytes(const Place& place, std::uint64_t more, std::uint64_t sofar,
                  std::uint64_t packed);
  /// For what is decoded in memory in one go.
  bool take_bytes(const Place& place, std::uint64_t more) {
    return take_bytes(place, more, more, more);
  }
  /// Most bytes that a member packed in `packed` bytes may have.
  std::uint64_t room(std::uint64_t packed) const;

  const ExtractOptions& options() const { return options_; }
  ScatteredLetters& scattered_letters() { return scattered_letters_; }

 private:
  void tell_file(const Place& place, FileType type, std::string_view bytes, bool is_whole);
  void dispatch(const Place& place, FileType type, std::string_view bytes,
                std::string_view charset);
  void stop(const Place& place, FindingKind kind, std::string reason);

  const ExtractOptions& options_;
  ExtractSink& sink_;
  std::uint64_t input_bytes_;
  std::chrono::steady_clock::time_point deadline_;
  std::uint64_t total_ = 0;
  std::uint64_t text_ = 0;
  std::size_t members_ = 0;
  std::size_t findings_ = 0;
  ScatteredLetters scattered_letters_;
  bool stopped_ = false;
  std::optional<FileType> type_;  // of the whole, as it was told
};

/// Text gathered by kind, so that a deleted word does not stand in the middle of the body.
class TextBuckets {
 public:
  void add(PartKind kind, bool hidden, std::string_view text) { at(kind, hidden) += text; }
  /// A line end, unless there is nothing or one already.
  void end_line(PartKind kind, bool hidden);
  /// Everything gathered becomes parts at `place`.
  void flush(Reading& reading, const Place& place, FileType type, std::uint64_t bytes);

 private:
  static constexpr std::size_t kKinds = static_cast<std::size_t>(PartKind::last) + 1;
  std::string& at(PartKind kind, bool hidden) {
    return text_[static_cast<std::size_t>(kind)][hidden ? 1 : 0];
  }
  std::string text_[kKinds][2];
};

/// Runs of at least six printable characters, ASCII or UTF-16, one a line: what is left to look at
/// where no reader knows the format.
std::string printable_runs(std::string_view bytes, std::size_t limit);

}  // namespace weir::content
