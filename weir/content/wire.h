#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/content/extract.h"

namespace weir::content {

/// What `weir-extract` writes into its pipe: frames of one kind byte, a length (4 bytes,
/// little-endian) and so many bytes. The last one says "done"; without it the writer died on the
/// way. docs/formats/extract.md has the layout.

/// Turns what is extracted into frames, handed to `write` as they are made.
class FrameWriter : public ExtractSink {
 public:
  explicit FrameWriter(std::function<void(std::string_view frame)> write);
  void type(FileType type) override;
  void part(Part part) override;
  void finding(Finding finding) override;
  void sealed(SealedMember member) override;
  void file(FileDigest file) override;
  void done();

 private:
  void send(char kind);

  std::function<void(std::string_view)> write_;
  std::string body_;
  std::string frame_;
};

/// Puts frames together again, whatever the bytes and however they are cut into pieces. The writer
/// has read hostile files: nothing it sends is trusted, texts that are no UTF-8 are refused.
class FrameReader {
 public:
  struct Options {
    std::size_t frame_bytes = 512u << 20;
    std::size_t total_bytes = 1u << 30;
    std::size_t items = 1'000'000;  // parts, findings, sealed members and digests
  };
  FrameReader(const Options& options, Extraction& out) : options_(options), out_(out) {}

  /// False once something does not fit; then nothing more is taken.
  bool feed(std::string_view bytes);
  bool is_done() const { return done_ && ok_; }
  bool ok() const { return ok_; }

 private:
  bool frame(char kind, std::string_view body);

  Options options_;
  Extraction& out_;
  std::string pending_;
  std::size_t total_ = 0;
  std::size_t items_ = 0;
  bool ok_ = true;
  bool done_ = false;
};

}  // namespace weir::content
