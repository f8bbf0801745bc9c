#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weir::evidence::detail {

/// Runs a task for each shard, on the calling thread and `threads` − 1 others. The others sleep
/// between tasks. `run` is called from one thread only.
class Workers {
 public:
  explicit Workers(int threads) {
    for (int i = 1; i < threads; ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { loop(stop); });
    }
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() {
    for (std::jthread& thread : threads_) thread.request_stop();
    wake_.notify_all();
  }

  /// Calls `task(0)` … `task(count − 1)`, each once, in any order; returns when all are done.
  /// `inline_only`: not worth waking anybody.
  void run(std::size_t count, bool inline_only, const std::function<void(std::size_t)>& task) {
    if (inline_only || threads_.empty()) {
      for (std::size_t i = 0; i < count; ++i) task(i);
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      task_ = &task;
      count_ = count;
      next_.store(0);
      busy_ = threads_.size();
      ++generation_;
    }
    wake_.notify_all();
    work(task, count);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return busy_ == 0; });
  }

 private:
  void work(const std::function<void(std::size_t)>& task, std::size_t count) {
    for (std::size_t i = next_.fetch_add(1); i < count; i = next_.fetch_add(1)) task(i);
  }

  void loop(const std::stop_token& stop) {
    std::uint64_t seen = 0;
    for (;;) {
      const std::function<void(std::size_t)>* task = nullptr;
      std::size_t count = 0;
      {
        std::unique_lock lock(mutex_);
        if (!wake_.wait(lock, stop, [&] { return generation_ != seen; })) return;
        seen = generation_;
        task = task_;
        count = count_;
      }
      work(*task, count);
      const std::lock_guard lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable_any done_;
  std::uint64_t generation_ = 0;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::size_t busy_ = 0;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace weir::evidence::detail
