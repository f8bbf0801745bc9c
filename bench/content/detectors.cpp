#include "detectors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "weir/protect/matcher.h"
#include "weir/protect/segment_builder.h"

#ifdef HAVE_SSDEEP
#include <fuzzy.h>
#endif
#ifdef HAVE_TLSH
#include <tlsh.h>
#endif

namespace weir::bench {
namespace {

using namespace protect;

class Weir : public Detector {
 public:
  void add(std::string_view text) override {
    builder_.add(Hash128{.high = 1, .low = documents_++}, features_of(text)).value();
  }
  void learn(std::string_view text) override { background_.learn(features_of(text).found); }
  void finish() override {
    segment_ = Segment::parse(std::move(builder_).finish(), key_, {}).value();
    snapshot_ = std::make_unique<Snapshot>(
        std::vector<Snapshot::Part>{{.segment = segment_, .removed = {}}},
        std::make_shared<const Background>(std::move(background_)));
  }
  Score score(std::string_view text) override {
    const MatchResult& result = matcher_.match(*snapshot_, text);
    Score best{.strength = kNothing};
    for (const Match& match : result.matches) {
      for (const Passage& passage : match.passages) {
        best.strength = std::max(best.strength, passage.bits);
      }
    }
    if (!result.matches.empty()) best.document = result.matches.front().document.low;
    return best;
  }
  std::size_t index_bytes() const override { return segment_->byte_count(); }

 private:
  const Features& features_of(std::string_view text) {
    canonicalizer_.run(text, text_);
    maker_.make(text_, features_);
    return features_;
  }

  RegistryKey key_{RegistryKey::Secret{42}};
  Canonicalizer canonicalizer_;
  FeatureMaker maker_{key_};
  Matcher matcher_{canonicalizer_, maker_};
  SegmentBuilder builder_{key_};
  Background background_;
  std::shared_ptr<const Segment> segment_;
  std::unique_ptr<Snapshot> snapshot_;
  CanonicalText text_;
  Features features_;
  std::size_t documents_ = 0;
};

class Winnowing : public Detector {
 public:
  void add(std::string_view text) override {
    for (const std::uint64_t print : prints_of(text)) index_[print].push_back(documents_);
    ++documents_;
  }
  void learn(std::string_view text) override { background_.merge(prints_of(text)); }
  Score score(std::string_view text) override {
    std::unordered_map<std::uint32_t, std::size_t> shared;
    for (const std::uint64_t print : prints_of(text)) {
      const auto at = index_.find(print);
      if (at == index_.end() || background_.contains(print)) continue;
      for (const std::uint32_t document : at->second) ++shared[document];
    }
    Score best{.strength = kNothing};
    for (const auto& [document, count] : shared) {
      const auto strength = static_cast<double>(count);
      // The first of equals, whatever order the table has.
      if (strength > best.strength || (strength == best.strength && document < best.document)) {
        best = {.strength = strength, .document = document};
      }
    }
    return best;
  }
  std::size_t index_bytes() const override {
    std::size_t entries = 0;
    for (const auto& [print, documents] : index_) entries += documents.size();
    return entries * (sizeof(std::uint64_t) + sizeof(std::uint32_t));
  }

 private:
  static constexpr std::size_t kLetters = 50;
  static constexpr std::size_t kWindow = 100;

  static std::unordered_set<std::uint64_t> prints_of(std::string_view text) {
    std::string letters;
    for (const char c : text) {
      if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) letters += c;
      if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c + 32);
    }
    constexpr std::uint64_t kBase = 0x100000001b3;
    std::uint64_t highest = 1;  // kBase to the power kLetters
    for (std::size_t i = 0; i < kLetters; ++i) highest *= kBase;
    std::vector<std::uint64_t> hashes;
    std::uint64_t rolling = 0;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      rolling = rolling * kBase + static_cast<unsigned char>(letters[i]);
      if (i >= kLetters) rolling -= highest * static_cast<unsigned char>(letters[i - kLetters]);
      if (i + 1 >= kLetters) hashes.push_back((rolling ^ (rolling >> 29)) * 0xbf58476d1ce4e5b9u);
    }
    std::unordered_set<std::uint64_t> prints;
    if (hashes.empty()) return prints;
    const std::size_t windows = std::max(hashes.size(), kWindow) - kWindow + 1;
    for (std::size_t i = 0; i < windows; ++i) {
      prints.insert(
          std::ranges::min(std::span(hashes).subspan(i, std::min(kWindow, hashes.size() - i))));
    }
    return prints;
  }

  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> index_;
  std::unordered_set<std::uint64_t> background_;
  std::uint32_t documents_ = 0;
};

#ifdef HAVE_SSDEEP
class Ssdeep : public Detector {
 public:
  void add(std::string_view text) override { prints_.push_back(print_of(text)); }
  Score score(std::string_view text) override {
    const std::string print = print_of(text);
    Score best{.strength = kNothing};
    for (std::size_t i = 0; i < prints_.size(); ++i) {
      const int likeness = ::fuzzy_compare(print.c_str(), prints_[i].c_str());
      if (likeness > 0 && likeness > best.strength)
        best = {.strength = double(likeness), .document = i};
    }
    return best;
  }

 private:
  static std::string print_of(std::string_view text) {
    std::array<char, FUZZY_MAX_RESULT> print{};
    ::fuzzy_hash_buf(reinterpret_cast<const unsigned char*>(text.data()),
                     static_cast<std::uint32_t>(text.size()), print.data());
    return print.data();
  }
  std::vector<std::string> prints_;
};
#endif

#ifdef HAVE_TLSH
class Likeness : public Detector {
 public:
  void add(std::string_view text) override { prints_.push_back(print_of(text)); }
  Score score(std::string_view text) override {
    Score best{.strength = kNothing};
    const std::unique_ptr<Tlsh> print = print_of(text);
    for (std::size_t i = 0; print && i < prints_.size(); ++i) {
      if (!prints_[i]) continue;
      const double likeness = -print->totalDiff(prints_[i].get());
      if (likeness > best.strength) best = {.strength = likeness, .document = i};
    }
    return best;
  }

 private:
  /// Null if the text is too short or too monotonous to have one.
  static std::unique_ptr<Tlsh> print_of(std::string_view text) {
    auto print = std::make_unique<Tlsh>();
    print->final(reinterpret_cast<const unsigned char*>(text.data()),
                 static_cast<unsigned>(text.size()));
    if (print->getHash()[0] == '\0') return nullptr;
    return print;
  }
  std::vector<std::unique_ptr<Tlsh>> prints_;
};
#endif

}  // namespace

std::unique_ptr<Detector> make_weir() { return std::make_unique<Weir>(); }
std::unique_ptr<Detector> make_winnowing() { return std::make_unique<Winnowing>(); }

std::unique_ptr<Detector> make_ssdeep() {
#ifdef HAVE_SSDEEP
  return std::make_unique<Ssdeep>();
#else
  return nullptr;
#endif
}

std::unique_ptr<Detector> make_tlsh() {
#ifdef HAVE_TLSH
  return std::make_unique<Likeness>();
#else
  return nullptr;
#endif
}

}  // namespace weir::bench
