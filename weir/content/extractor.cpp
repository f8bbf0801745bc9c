#include "weir/content/extractor.h"

#include <algorithm>
#include <utility>

#include "weir/content/detail/lane.h"

namespace weir::content {

Extractor::Extractor(Options options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.workers; ++i) {
    idle_.push_back(std::make_unique<Lane>(options_));
  }
}

Extractor::~Extractor() = default;

Result<std::unique_ptr<Extractor>> Extractor::create(Options options) {
  if (options.workers == 0) return fail(ErrorCode::invalid_argument, "workers must be positive");
  std::unique_ptr<Extractor> extractor(new Extractor(std::move(options)));
  WEIR_ASSIGN(extractor->protection_, extractor->idle_.back()->start());
  if (extractor->protection_.empty()) {
    return fail(ErrorCode::io, "{} does not answer; run it with --check to see why",
                extractor->options_.program.string());
  }
  return extractor;
}

Extraction Extractor::extract(std::string_view bytes, std::string_view name) {
  std::unique_lock lock(mutex_);
  free_.wait(lock, [this] { return !idle_.empty(); });
  // The last one back is the one that is surely running.
  std::unique_ptr<Lane> lane = std::move(idle_.back());
  idle_.pop_back();
  lock.unlock();
  Extraction out = lane->extract(bytes, name);
  lock.lock();
  idle_.push_back(std::move(lane));
  lock.unlock();
  free_.notify_one();
  return out;
}

std::vector<int> Extractor::processes() {
  std::vector<int> out;
  const std::lock_guard lock(mutex_);
  for (const std::unique_ptr<Lane>& lane : idle_) {
    if (lane->is_running()) out.push_back(lane->process());
  }
  return out;
}

}  // namespace weir::content
