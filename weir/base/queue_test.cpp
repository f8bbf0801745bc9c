#include "weir/base/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace weir {
namespace {

TEST(BoundedQueue, GivesValuesInOrderAndThenNothingOnceClosed) {
  BoundedQueue<int> queue(3);
  EXPECT_FALSE(queue.try_pop());
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  EXPECT_TRUE(queue.push(3));
  queue.close();
  EXPECT_FALSE(queue.push(4));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.try_pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_FALSE(queue.pop());
  EXPECT_FALSE(queue.try_pop());
}

TEST(BoundedQueue, LosesAndDoublesNothingBetweenThreads) {
  BoundedQueue<int> queue(4);
  constexpr int kEach = 2000;
  std::atomic<long> sum = 0;
  std::atomic<int> count = 0;
  std::vector<std::thread> consumers;
  for (int i = 0; i < 3; ++i) {
    consumers.emplace_back([&] {
      while (const std::optional<int> value = queue.pop()) {
        sum += *value;
        ++count;
      }
    });
  }
  std::vector<std::thread> producers;
  for (int i = 0; i < 3; ++i) {
    producers.emplace_back([&] {
      for (int value = 1; value <= kEach; ++value) queue.push(value);
    });
  }
  for (std::thread& thread : producers) thread.join();
  queue.close();
  for (std::thread& thread : consumers) thread.join();
  EXPECT_EQ(count, 3 * kEach);
  EXPECT_EQ(sum, 3L * kEach * (kEach + 1) / 2);
}

TEST(BoundedQueue, ClosingWakesAProducerThatWaitsForRoom) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.push(1));
  bool pushed = true;
  std::thread producer([&] { pushed = queue.push(2); });
  queue.close();
  producer.join();
  EXPECT_FALSE(pushed);
  EXPECT_EQ(queue.pop(), 1);
}

TEST(BoundedQueue, CarriesValuesThatOnlyMove) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.push(std::make_unique<int>(7)));
  EXPECT_EQ(**queue.pop(), 7);
}

}  // namespace
}  // namespace weir
