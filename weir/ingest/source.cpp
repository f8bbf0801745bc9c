#include "weir/ingest/detail/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/ingest/pipeline.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256u << 10;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

/// A file or standard input, as it is.
class RawSource final : public ByteSource {
 public:
  RawSource(int fd, bool owned, std::string name)
      : fd_(fd), owned_(owned), name_(std::move(name)) {}
  RawSource(const RawSource&) = delete;
  RawSource& operator=(const RawSource&) = delete;
  ~RawSource() override {
    if (owned_) ::close(fd_);
  }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (peeked_at_ < peeked_.size()) {
      const std::size_t n = std::string_view(peeked_).substr(peeked_at_).copy(buffer, size);
      peeked_at_ += n;
      return n;
    }
    for (;;) {
      const ssize_t n = ::read(fd_, buffer, size);
      if (n >= 0) {
        raw_bytes_ += static_cast<std::uint64_t>(n);
        return static_cast<std::size_t>(n);
      }
      if (errno != EINTR) return fail_errno(errno, name_);
    }
  }

  /// The first bytes (fewer only if there are no more), which `read` gives again.
  Result<std::string_view> peek(std::size_t size) {
    std::string first;
    char buffer[16];
    while (first.size() < size) {
      WEIR_ASSIGN(const std::size_t n, read(buffer, std::min(sizeof buffer, size - first.size())));
      if (n == 0) break;
      first.append(buffer, n);
    }
    peeked_ = std::move(first);
    peeked_at_ = 0;
    return std::string_view(peeked_);
  }

  Result<void> skip_to(std::uint64_t offset) {
    if (::lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) return fail_errno(errno, name_);
    raw_bytes_ = offset;
    return {};
  }

  const std::string& name() const { return name_; }
  const std::uint64_t* raw_bytes() const { return &raw_bytes_; }

 private:
  int fd_;
  bool owned_;
  std::string name_;
  std::string peeked_;
  std::size_t peeked_at_ = 0;
  std::uint64_t raw_bytes_ = 0;
};

/// gzip with any number of members, as `cat a.gz b.gz` makes them.
class GzipSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<ByteSource>> create(std::unique_ptr<RawSource> raw) {
    std::unique_ptr<GzipSource> source(new GzipSource(std::move(raw)));
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&source->stream_, kGzipOnly) != Z_OK) {
      return fail(ErrorCode::internal, "{}: zlib cannot start", source->raw_->name());
    }
    return source;
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (size == 0) return std::size_t{0};
    const auto wanted = static_cast<uInt>(std::min<std::size_t>(size, kBlock));
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0) {
        WEIR_ASSIGN(const std::size_t n, raw_->read(input_.data(), input_.size()));
        if (n == 0) {
          if (member_ended_) return std::size_t{0};
          return fail(ErrorCode::corrupt,
                      "{}: the gzip stream is cut off; what was before the cut was read. Fetch the "
                      "file again and ingest it: nothing is stored twice",
                      raw_->name());
        }
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(n);
      }
      if (member_ended_) {
        // Tape blocks and some tools fill the end of a file with zeros.
        if (*stream_.next_in == 0) {
          ++stream_.next_in;
          --stream_.avail_in;
          continue;
        }
        inflateReset(&stream_);
        member_ended_ = false;
      }
      const int rc = inflate(&stream_, Z_NO_FLUSH);
      if (rc == Z_STREAM_END) {
        member_ended_ = true;
      } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
        // What this call gave before the damage is still good: the error comes with the next read.
        if (stream_.avail_out != wanted) break;
        return fail(ErrorCode::corrupt, "{}: the gzip stream is damaged ({})", raw_->name(),
                    stream_.msg != nullptr ? stream_.msg : "unknown reason");
      }
    }
    return std::size_t{wanted - stream_.avail_out};
  }

 private:
  explicit GzipSource(std::unique_ptr<RawSource> raw) : raw_(std::move(raw)), input_(kBlock) {}

  std::unique_ptr<RawSource> raw_;
  std::vector<char> input_;
  z_stream stream_{};
  bool member_ended_ = false;
};

/// zstd with any number of frames.
class ZstdSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<ByteSource>> create(std::unique_ptr<RawSource> raw) {
    std::unique_ptr<ZstdSource> source(new ZstdSource(std::move(raw)));
    if (source->stream_ == nullptr) {
      return fail(ErrorCode::internal, "{}: zstd cannot start", source->raw_->name());
    }
    return source;
  }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (size == 0) return std::size_t{0};
    ZSTD_outBuffer output{buffer, size, 0};
    while (output.pos == 0) {
      if (input_.pos == input_.size && !output_is_waiting_) {
        WEIR_ASSIGN(const std::size_t n, raw_->read(bytes_.data(), bytes_.size()));
        if (n == 0) {
          if (frame_ended_) return std::size_t{0};
          return fail(ErrorCode::corrupt,
                      "{}: the zstd stream is cut off; what was before the cut was read. Fetch the "
                      "file again and ingest it: nothing is stored twice",
                      raw_->name());
        }
        input_ = {bytes_.data(), n, 0};
      }
      const std::size_t rc =
          damage_ != 0 ? damage_ : ZSTD_decompressStream(stream_.get(), &output, &input_);
      if (ZSTD_isError(rc) != 0) {
        damage_ = rc;
        // What this call gave before the damage is still good: the error comes with the next read.
        if (output.pos > 0) break;
        return fail(ErrorCode::corrupt, "{}: the zstd stream is damaged ({})", raw_->name(),
                    ZSTD_getErrorName(rc));
      }
      frame_ended_ = rc == 0;
      output_is_waiting_ = output.pos == output.size && !frame_ended_;
    }
    return output.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };

  explicit ZstdSource(std::unique_ptr<RawSource> raw)
      : raw_(std::move(raw)), bytes_(kBlock), stream_(ZSTD_createDStream()) {}

  std::unique_ptr<RawSource> raw_;
  std::vector<char> bytes_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  ZSTD_inBuffer input_{};
  bool frame_ended_ = true;
  bool output_is_waiting_ = false;
  std::size_t damage_ = 0;  // zstd's code
};

Result<std::unique_ptr<RawSource>> open_raw(const fs::path& path) {
  if (path == "-") return std::make_unique<RawSource>(STDIN_FILENO, false, "standard input");
  // Without O_NONBLOCK, opening a named pipe that nobody writes to would hang for ever.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail_errno(errno, path.string());
  auto raw = std::make_unique<RawSource>(fd, true, path.string());
  struct stat status{};
  if (::fstat(fd, &status) != 0) return fail_errno(errno, path.string());
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::unsupported,
                "{}: neither a file nor a folder; pipe it into standard input (\"-\")",
                path.string());
  }
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return raw;
}

}  // namespace

Result<Source> open_source_at(const fs::path& path, std::uint64_t offset) {
  WEIR_ASSIGN(std::unique_ptr<RawSource> raw, open_raw(path));
  Source source{.bytes = nullptr, .is_compressed = false, .raw_bytes = raw->raw_bytes()};
  if (offset > 0) {
    WEIR_TRY(raw->skip_to(offset));
    source.bytes = std::move(raw);
    return source;
  }
  WEIR_ASSIGN(const std::string_view magic, raw->peek(kZstdMagic.size()));
  if (magic.starts_with(kGzipMagic)) {
    source.is_compressed = true;
    WEIR_ASSIGN(source.bytes, GzipSource::create(std::move(raw)));
  } else if (magic.starts_with(kZstdMagic)) {
    source.is_compressed = true;
    WEIR_ASSIGN(source.bytes, ZstdSource::create(std::move(raw)));
  } else {
    source.bytes = std::move(raw);
  }
  return source;
}

Result<std::unique_ptr<ByteSource>> open_source(const fs::path& path) {
  WEIR_ASSIGN(Source source, open_source_at(path, 0));
  return std::move(source.bytes);
}

}  // namespace weir::ingest
