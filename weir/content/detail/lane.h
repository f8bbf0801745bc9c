#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.h"
#include "weir/content/extractor.h"

namespace weir::content {

/// A descriptor, closed at the end. Move-only.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  void reset();

 private:
  int fd_;
};

/// One `weir-extract` and the socket to it. One thread at a time.
class Extractor::Lane {
 public:
  explicit Lane(const Options& options) : options_(options) {}
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// What it says of its protection.
  Result<std::string> start();
  bool is_running() const { return pid_ > 0; }
  int process() const { return pid_; }
  Extraction extract(std::string_view bytes, std::string_view name);
  void stop();

 private:
  Result<void> send(std::string_view bytes, std::string_view name, Descriptor& frames);
  /// Takes frames until the pipe closes; false if it did not close in time.
  bool collect(const Descriptor& frames, Extraction& out, bool& done);
  Finding how_it_ended(bool in_time);

  const Options& options_;
  Descriptor socket_;
  int pid_ = -1;
};

}  // namespace weir::content
