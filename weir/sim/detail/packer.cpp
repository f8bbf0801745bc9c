#include "weir/sim/detail/packer.h"

#include <zstd.h>

namespace weir::sim {

struct Packer::Impl {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { ZSTD_freeCCtx(context); }
};

Packer::Packer() : impl_(std::make_unique<Impl>()) {}
Packer::~Packer() = default;
Packer::Packer(Packer&&) noexcept = default;
Packer& Packer::operator=(Packer&&) noexcept = default;

Result<void> Packer::pack(std::string_view text, std::string& out) {
  if (impl_->context == nullptr) return fail(ErrorCode::internal, "zstd: out of memory");
  constexpr int kFastest = 1;
  const std::size_t before = out.size();
  out.resize(before + ZSTD_compressBound(text.size()));
  const std::size_t size = ZSTD_compressCCtx(
      impl_->context, out.data() + before, out.size() - before, text.data(), text.size(), kFastest);
  if (ZSTD_isError(size) != 0)
    return fail(ErrorCode::internal, "zstd: {}", ZSTD_getErrorName(size));
  out.resize(before + size);
  return {};
}

}  // namespace weir::sim
