#include "weir/sim/detail/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "weir/sim/detail/purpose.h"

namespace weir::sim {

namespace {

using namespace parameters;

constexpr std::array<std::string_view, 10> kEndings = {"docx", "docx", "docx", "xlsx", "xlsx",
                                                       "pptx", "pdf",  "pdf",  "txt",  "zip"};
double unit(std::uint32_t bits) { return bits * 0x1.0p-32; }

}  // namespace

bool is_sensitive(const DocumentFacts& facts) {
  return facts.truth >= event::Sensitivity::confidential;
}

DocumentFacts facts(std::uint64_t seed, Document document, const Marking& marking) {
  Random random = draw(seed, document.number, document.group, Purpose::document);
  DocumentFacts f;
  const double level = unit(random.bits32());
  const double mark = unit(random.bits32());
  const double place = unit(random.bits32());
  const std::uint32_t size = random.bits32();
  f.digest[0] = random.bits64();
  f.digest[1] = random.bits64();
  // 8 kB to 4 MB, evenly over the octaves: no logarithm needed.
  f.bytes = (std::uint64_t{8192} << (size >> 8) % 9) + (size & 0xfff);
  f.ending = kEndings[(size >> 24) % kEndings.size()];
  f.is_archive = f.ending == "zip";
  if (!document.is_ours()) return f;

  double sum = 0;
  for (std::size_t i = 0; i < kSensitivity.size(); ++i) {
    f.truth = static_cast<event::Sensitivity>(i + 1);
    sum += kSensitivity[i];
    if (level < sum) break;
  }
  if (is_sensitive(f)) {
    f.mark = mark < marking.recall ? f.truth : event::Sensitivity::none;
    f.place_known = place < marking.place_known;
  } else {
    f.mark = mark < marking.false_marks ? event::Sensitivity::confidential : f.truth;
    f.place_known = place < kPlaceKnownOther;
  }
  return f;
}

void append_document_name(std::string& out, Document document, const DocumentFacts& facts) {
  const std::string_view stem = document.is_ours()                     ? "document"
                                : document.group == Document::kPrivate ? "private"
                                                                       : "attachment";
  fmt::format_to(std::back_inserter(out), "{}-{}.{}", stem, document.number, facts.ending);
}

std::uint32_t document_count(const Organisation& organisation, Day day) {
  const auto age = static_cast<double>((day - organisation.from).count());
  return kDocumentsAtStart + static_cast<std::uint32_t>(std::max(age, 0.0) * kNewDocumentsPerDay);
}

Documents::Documents(const Organisation& organisation) : organisation_(organisation) {}

Document Documents::any(Random& random, std::uint32_t group, Day day) const {
  const std::uint32_t count = document_count(organisation_, day);
  const double u = random.uniform();
  const auto back = static_cast<std::uint32_t>(u * u * count);
  return {group, count - 1 - std::min(back, count - 1)};
}

Document Documents::mostly_harmless(Random& random, std::uint32_t group, Day day,
                                    double keep_sensitive) const {
  Document document = any(random, group, day);
  for (int i = 0; i < 8 && is_sensitive(facts(organisation_.seed, document)); ++i) {
    if (random.chance(keep_sensitive)) break;
    document = any(random, group, day);
  }
  return document;
}

Document Documents::with(Random& random, std::uint32_t group, Day day, bool sensitive) const {
  Document document = any(random, group, day);
  // With 300 documents of which 13 % are sensitive, 200 tries always find one.
  for (int i = 0; i < 200 && is_sensitive(facts(organisation_.seed, document)) != sensitive; ++i) {
    document = any(random, group, day);
  }
  return document;
}

std::uint32_t Documents::own_group(Random& random, const Person& person, Day day) const {
  std::uint32_t department = person.position(day).department;
  const double which = random.uniform();
  if (person.traits.project != kNone && which < 0.3) department = person.traits.project;
  return department * kGroupsPerDepartment + random.below(kGroupsPerDepartment);
}

std::uint32_t Documents::foreign_group(Random& random, const Person& person, Day day) const {
  const std::uint32_t own = person.position(day).department;
  const std::uint32_t departments = organisation_.departments_on(day);
  const std::uint32_t first = random.below(departments);
  const std::uint32_t group = random.below(kGroupsPerDepartment);
  for (std::uint32_t i = 0; i < departments; ++i) {
    const std::uint32_t department = (first + i) % departments;
    if (department != own && department != person.traits.project) {
      return department * kGroupsPerDepartment + group;
    }
  }
  return own * kGroupsPerDepartment + group;
}

}  // namespace weir::sim
