#include "weir/cases/detail/draft_codec.h"

#include <cmath>
#include <type_traits>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

namespace weir::cases::detail {
namespace {

using evidence::CaseDraft;
using evidence::Contribution;
using evidence::InnocentExplanation;
using evidence::MarkNote;

constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kWithoutBasis = 2;      // a version
constexpr std::uint8_t kWithoutDocuments = 1;  // a version
constexpr std::uint8_t kLastSensitivity = 4;

// Smallest encodings, so that a count cannot ask for more memory than its bytes could hold.
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kMarkBytes = 11;
constexpr std::size_t kContributionBytes = 44;
constexpr std::size_t kInnocentBytes = 10;

void put(ByteWriter& out, const Hash128& hash) {
  out.fixed(hash.high);
  out.fixed(hash.low);
}

void put(ByteWriter& out, Instant when) {
  out.fixed(static_cast<std::int64_t>(when.time_since_epoch().count()));
}

void put(ByteWriter& out, const Contribution& one) {
  put(out, one.act);
  out.varint(one.records.size());
  for (const event::RecordId& record : one.records) put(out, record);
  put(out, one.time);
  out.fixed(one.activity);
  out.fixed(one.address);
  out.fixed(one.sensitivity);
  out.varint(one.documents.size());
  for (const std::uint32_t document : one.documents) out.fixed(document);
  out.fixed(one.nats);
  out.varint(one.marks.size());
  for (const MarkNote& note : one.marks) {
    out.text(note.mark);
    out.text(note.observed);
    out.text(note.expected);
    out.fixed(note.nats);
  }
}

void put(ByteWriter& out, const std::vector<std::string>& texts) {
  out.varint(texts.size());
  for (const std::string& text : texts) out.text(text);
}

/// A ByteReader that also notices values which no writer writes.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : in_(bytes) {}

  template <class T>
  T number() {
    const T value = in_.fixed<T>();
    if constexpr (std::is_floating_point_v<T>) sound_ = sound_ && std::isfinite(value);
    return value;
  }
  std::string text() { return std::string(in_.text()); }

  /// An enum with the values 0 to `last`.
  template <class Enum>
  Enum choice(std::uint8_t last) {
    const auto value = in_.fixed<std::uint8_t>();
    sound_ = sound_ && value <= last;
    return static_cast<Enum>(value);
  }

  Hash128 hash() {
    const auto high = in_.fixed<std::uint64_t>();
    const auto low = in_.fixed<std::uint64_t>();
    return {high, low};
  }

  Instant instant() {
    constexpr std::int64_t kDayMs = 86'400'000;
    const auto count = in_.fixed<std::int64_t>();
    sound_ = sound_ && count >= kFirstDay * kDayMs && count < (kLastDay + 1) * kDayMs;
    return Instant{std::chrono::milliseconds{sound_ ? count : 0}};
  }

  Day day() {
    const auto count = in_.fixed<std::int64_t>();
    sound_ = sound_ && count >= kFirstDay && count <= kLastDay;
    return Day{std::chrono::days{static_cast<int>(sound_ ? count : 0)}};
  }

  std::size_t count(std::size_t smallest) {
    const std::uint64_t value = in_.varint();
    sound_ = sound_ && value <= in_.remaining() / smallest;
    return sound_ ? value : 0;
  }

  std::uint64_t varint() { return in_.varint(); }

  bool ended_well() const { return sound_ && in_.ok() && in_.at_end(); }

 private:
  static constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
  static constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31

  ByteReader in_;
  bool sound_ = true;
};

void take(Taker& in, std::uint8_t version, Contribution& one) {
  one.act = in.hash();
  one.records.resize(in.count(kHashBytes));
  for (event::RecordId& record : one.records) record = in.hash();
  one.time = in.instant();
  one.activity = in.choice<event::Activity>(event::kActivityCount - 1);
  one.address = in.number<event::AddressToken>();
  one.sensitivity = in.choice<event::Sensitivity>(kLastSensitivity);
  one.documents.resize(version == kWithoutDocuments ? 0 : in.count(sizeof(std::uint32_t)));
  for (std::uint32_t& document : one.documents) document = in.number<std::uint32_t>();
  one.nats = in.number<double>();
  one.marks.resize(in.count(kMarkBytes));
  for (MarkNote& note : one.marks) {
    note.mark = in.text();
    note.observed = in.text();
    note.expected = in.text();
    note.nats = in.number<double>();
  }
}

void take(Taker& in, std::vector<std::string>& texts) {
  texts.resize(in.count(1));
  for (std::string& text : texts) text = in.text();
}

}  // namespace

std::string encode(const CaseDraft& draft) {
  std::string bytes;
  ByteWriter out(bytes);
  out.fixed(kVersion);
  out.fixed(draft.person);
  out.fixed(draft.hypothesis);
  out.fixed(static_cast<std::int32_t>(draft.lane));
  out.fixed(static_cast<std::int64_t>(draft.opened.time_since_epoch().count()));
  out.fixed(draft.nats);
  out.fixed(draft.threshold);
  out.fixed(draft.basis);
  put(out, draft.first);
  put(out, draft.last);
  out.varint(draft.contributions.size());
  for (const Contribution& one : draft.contributions) put(out, one);
  out.varint(draft.smaller_acts);
  out.fixed(draft.smaller_nats);
  out.fixed(draft.faded_nats);
  out.varint(draft.innocent.size());
  for (const InnocentExplanation& one : draft.innocent) {
    out.fixed(one.archetype);
    out.fixed(one.nats_against);
    out.text(one.why_not);
  }
  put(out, draft.would_clear);
  put(out, draft.unseen);
  out.fixed(checksum64(bytes));
  return bytes;
}

std::optional<CaseDraft> decode(std::string_view bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return {};
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
  if (ByteReader(bytes.substr(body.size())).fixed<std::uint64_t>() != checksum64(body)) return {};

  Taker in(body);
  const auto version = in.number<std::uint8_t>();
  if (version < kWithoutDocuments || version > kVersion) return {};
  CaseDraft draft;
  draft.person = in.number<event::PersonId>();
  draft.hypothesis = in.choice<evidence::Hypothesis>(evidence::kHypothesisCount - 1);
  draft.lane = in.number<std::int32_t>();
  draft.opened = in.day();
  draft.nats = in.number<double>();
  draft.threshold = in.number<double>();
  if (version > kWithoutBasis) draft.basis = in.choice<evidence::Basis>(1);
  draft.first = in.instant();
  draft.last = in.instant();
  draft.contributions.resize(in.count(kContributionBytes));
  for (Contribution& one : draft.contributions) take(in, version, one);
  draft.smaller_acts = in.varint();
  draft.smaller_nats = in.number<double>();
  draft.faded_nats = in.number<double>();
  draft.innocent.resize(in.count(kInnocentBytes));
  for (InnocentExplanation& one : draft.innocent) {
    one.archetype = in.choice<evidence::Archetype>(evidence::kArchetypeCount - 1);
    one.nats_against = in.number<double>();
    one.why_not = in.text();
  }
  take(in, draft.would_clear);
  take(in, draft.unseen);
  if (!in.ended_well()) return {};
  return draft;
}

}  // namespace weir::cases::detail
