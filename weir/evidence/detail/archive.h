#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"
#include "weir/base/time.h"

namespace weir::evidence::detail {

/// The two directions of the snapshot share one description of each state: a function template
/// `transfer(archive, state)` that names its fields once. `Saver` writes them, `Loader` reads them.
class Saver {
 public:
  static constexpr bool kLoads = false;
  explicit Saver(std::string& out) : out_(out) {}

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void value(const T& number) {
    out_.fixed(number);
  }
  template <class T, std::size_t n>
  void value(const std::array<T, n>& numbers) {
    for (const T& number : numbers) value(number);
  }
  void value(const Hash128& hash) {
    out_.fixed(hash.high);
    out_.fixed(hash.low);
  }
  void value(const Instant& when) {
    out_.fixed(static_cast<std::int64_t>(when.time_since_epoch().count()));
  }
  template <class T, class Each>
  void list(std::vector<T>& items, std::size_t, std::size_t, Each each) {
    out_.varint(items.size());
    for (T& item : items) each(item);
  }
  void check(bool) {}
  bool ok() const { return true; }

 private:
  ByteWriter out_;
};

/// Never trusts a byte: counts are bounded by what is left and by the state's own limits, numbers
/// must be finite, and `check` is for what a state demands of its fields.
class Loader {
 public:
  static constexpr bool kLoads = true;
  explicit Loader(std::string_view bytes) : in_(bytes) {}

  template <class T>
    requires(std::is_arithmetic_v<T> || std::is_enum_v<T>)
  void value(T& number) {
    number = in_.fixed<T>();
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(number)) {
        number = 0;
        ok_ = false;
      }
    }
  }
  template <class T, std::size_t n>
  void value(std::array<T, n>& numbers) {
    for (T& number : numbers) value(number);
  }
  void value(Hash128& hash) {
    hash.high = in_.fixed<std::uint64_t>();
    hash.low = in_.fixed<std::uint64_t>();
  }
  void value(Instant& when) {
    when = Instant{std::chrono::milliseconds{in_.fixed<std::int64_t>()}};
  }
  template <class T, class Each>
  void list(std::vector<T>& items, std::size_t most, std::size_t least_bytes, Each each) {
    const std::uint64_t size = in_.varint();
    if (size > most || size > in_.remaining() / least_bytes) {
      ok_ = false;
      return;
    }
    items.resize(size);
    for (T& item : items) {
      each(item);
      if (!ok()) return;
    }
  }
  void check(bool sound) { ok_ = ok_ && sound; }
  bool ok() const { return ok_ && in_.ok(); }
  bool at_end() const { return in_.at_end(); }

 private:
  ByteReader in_;
  bool ok_ = true;
};

}  // namespace weir::evidence::detail
