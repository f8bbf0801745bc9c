#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "weir/protect/features.h"

namespace weir::protect {

/// Copies and versions of one document are a family: boilerplate is what many families say, so that
/// forty versions of a plan do not make it one.
///
/// Two documents are taken for versions if at least half of their passages of four words are the
/// same, which is estimated from the 32 smallest hashes of each (Broder 1997, bottom-k sketch; the
/// standard error is 0.09). A new document joins the family of the most similar one.
///
/// One thread.
class Families {
 public:
  static constexpr double kLeastResemblance = 0.5;

  /// The family of the document most like this one, or `own`; the document is remembered.
  std::uint32_t join(std::span<const WordId> words, std::uint32_t own);
  /// A document whose family is known.
  void note(std::span<const WordId> words, std::uint32_t family);

 private:
  static constexpr std::size_t kSketch = 32;
  static constexpr std::size_t kLookedUp = 8;  // the smallest: one of them is in any version
  using Sketch = std::vector<std::uint32_t>;   // ascending, at most `kSketch`
  struct Member {
    Sketch sketch;
    std::uint32_t family = 0;
  };
  static Sketch sketch_of(std::span<const WordId> words);
  static double resemblance(const Sketch& a, const Sketch& b);
  void remember(Sketch sketch, std::uint32_t family);

  std::vector<Member> members_;
  std::unordered_map<std::uint32_t, std::uint32_t> latest_;  // member with a hash, by the hash
};

/// Counts the documents of each family that has one feature; past `kBoilerplateDocuments` families
/// only that there are more.
class FamilyTally {
 public:
  void clear() { counts_.clear(); }
  /// One more document of `family`: how many there are now.
  std::uint32_t add(std::uint32_t family);
  std::uint32_t families() const { return static_cast<std::uint32_t>(counts_.size()); }

 private:
  struct Count {
    std::uint32_t family = 0;
    std::uint32_t documents = 0;
  };
  std::vector<Count> counts_;
};

}  // namespace weir::protect
