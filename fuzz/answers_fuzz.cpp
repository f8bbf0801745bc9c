// answers.json of simulated worlds: any bytes in. What is read keeps to the limits and its order.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "weir/base/result.h"
#include "weir/evaluate/score.h"
#include "weir/evaluate/truth.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const evaluate::TruthLimits limits{
      .file_bytes = 1 << 20, .insiders = 8, .acts = 32, .look_alikes = 16, .text_bytes = 64};
  const auto truth = evaluate::parse_truth(text, "answers.json", limits);
  if (!truth) {
    WEIR_ASSERT(truth.error().message.starts_with("answers.json: "));
    return 0;
  }
  WEIR_ASSERT(truth->insiders.size() <= limits.insiders);
  WEIR_ASSERT(truth->from < truth->to);
  std::size_t acts = 0;
  for (const evaluate::TrueInsider& insider : truth->insiders) {
    acts += insider.acts.size();
    WEIR_ASSERT(insider.person.size() <= limits.text_bytes);
    WEIR_ASSERT(std::ranges::is_sorted(insider.acts, {}, &evaluate::TrueAct::time));
  }
  WEIR_ASSERT(acts <= limits.acts);

  evaluate::Naming naming;
  naming.insider = [](const evaluate::TrueInsider&) { return event::PersonId{7}; };
  naming.person = [](std::string_view) { return event::PersonId{8}; };
  naming.address = [](std::string_view) { return event::AddressToken{9}; };
  const evaluate::KnownTruth known = evaluate::known_truth(*truth, naming);
  // A case that cites every insider's first act is true of one of them, if it can be.
  evaluate::OpenedCase one{.person = event::PersonId{7}, .lane = 1, .opened = {}, .acts = {}};
  for (const evaluate::KnownInsider& insider : known.insiders) {
    if (!insider.acts.empty()) one.acts.push_back(insider.acts.front());
  }
  WEIR_ASSERT(evaluate::true_of(one, known).has_value() == !one.acts.empty());
  return 0;
}
