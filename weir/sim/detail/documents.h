#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/random.h"
#include "weir/event/record.h"
#include "weir/sim/detail/organisation.h"

namespace weir::sim {

/// A document of the organisation, a private file, or a file from outside, by number.
struct Document {
  static constexpr std::uint32_t kPrivate = 0xfffffffe;  // as group: of no share
  static constexpr std::uint32_t kOutside = 0xfffffffd;  // came by mail
  std::uint32_t group = kPrivate;
  std::uint32_t number = 0;

  bool is_ours() const { return group < kOutside; }
  friend bool operator==(const Document&, const Document&) = default;
};

/// What there is to know of a document. The same document has the same properties for ever: who
/// sends it twice sends the same digest with the same mark.
struct DocumentFacts {
  event::Sensitivity truth = event::Sensitivity::none;
  event::Sensitivity mark = event::Sensitivity::unknown;  // what sources say; errs
  bool place_known = false;                               // by sources that only see the content
  std::uint64_t bytes = 0;
  std::uint64_t digest[2] = {};
  std::string_view ending;  // of the file's name
  bool is_archive = false;
};
/// `marking` decides only what sources say: `mark` and `place_known`.
DocumentFacts facts(std::uint64_t seed, Document document, const Marking& marking = {});
bool is_sensitive(const DocumentFacts& facts);
/// Documents of a group that exist on a day are those with a smaller number.
std::uint32_t document_count(const Organisation& organisation, Day day);

void append_document_name(std::string& out, Document document, const DocumentFacts& facts);

/// Choices among the documents that exist on a day; newer ones are used more.
class Documents {
 public:
  explicit Documents(const Organisation& organisation);

  Document any(Random& random, std::uint32_t group, Day day) const;
  /// Like `any`, but a sensitive one stands only with chance `keep_sensitive`.
  Document mostly_harmless(Random& random, std::uint32_t group, Day day,
                           double keep_sensitive) const;
  /// One that is sensitive, or one that is not.
  Document with(Random& random, std::uint32_t group, Day day, bool sensitive) const;

  /// A group of the person's department or project on that day.
  std::uint32_t own_group(Random& random, const Person& person, Day day) const;
  /// Any other group.
  std::uint32_t foreign_group(Random& random, const Person& person, Day day) const;

 private:
  const Organisation& organisation_;
};

}  // namespace weir::sim
