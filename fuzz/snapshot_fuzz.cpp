// The snapshot of the evidence: any bytes in; what loads saves to the same bytes and can go on
// closing days. The checksum is put right first, or nothing would get past it.
#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/evidence/engine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  constexpr std::size_t kSum = 8;
  std::string snapshot(reinterpret_cast<const char*>(data), size);
  if (snapshot.size() >= kSum) {
    snapshot.resize(snapshot.size() - kSum);
    const std::uint64_t sum = checksum64(snapshot);
    ByteWriter(snapshot).fixed(sum);
  }
  const evidence::EngineOptions options{.threads = 1, .shards = 2};
  auto engine = evidence::Engine::load(snapshot, options);
  if (!engine) return 0;
  WEIR_ASSERT(engine->save() == snapshot);

  const Day day =
      engine->last_closed().value_or(Day{std::chrono::days{14'000}}) + std::chrono::days{1};
  std::vector<event::Act> acts;
  for (std::uint64_t i = 0; i < 3; ++i) {
    event::Act act;
    act.id = {3, i};
    act.records = {act.id};
    act.person = event::PersonId{1000};
    act.time = Instant{day} + std::chrono::hours{9 + static_cast<int>(i)};
    act.activity = i == 0   ? event::Activity::mail_receive
                   : i == 1 ? event::Activity::mail_send
                            : event::Activity::print;
    act.parties = {{.address = event::AddressToken{100'000 + i / 2},
                    .role = i == 0 ? event::PartyRole::from : event::PartyRole::to,
                    .recipient_class = event::RecipientClass::free_mail}};
    act.objects = {{.content = {i, 1}, .place = event::PlaceToken{9000}}};
    act.sensitivity = event::Sensitivity::secret;
    acts.push_back(act);
  }
  // A made-up state may go on to one that no longer loads; it must not crash.
  if (engine->close_day(day, acts, roster::People())) {
    static_cast<void>(evidence::Engine::load(engine->save(), options));
  }
  return 0;
}
