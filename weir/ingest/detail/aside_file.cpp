#include "weir/ingest/detail/aside_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "weir/base/json.h"
#include "weir/base/text.h"

namespace weir::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = 64u << 10;

void append_base64(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view three = bytes.substr(i, 3);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= three.size() ? kDigits[word >> (18 - 6 * k) & 63] : '=';
    }
  }
}

}  // namespace

AsideFile::AsideFile(fs::path folder, std::uint64_t max_bytes, Instant now)
    : folder_(std::move(folder)), max_bytes_(max_bytes), now_(now) {}

Result<void> AsideFile::open() {
  std::error_code error;
  if (fs::create_directories(folder_, error)) {
    fs::permissions(folder_, fs::perms::owner_all, error);
  }
  if (error) {
    return fail(ErrorCode::io, "{}: {}; bad records are to be kept there", folder_.string(),
                error.message());
  }
  for (fs::directory_iterator it(folder_, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) bytes_ += it->file_size(ignored);
  }
  std::string time = to_iso8601(std::chrono::floor<std::chrono::seconds>(now_));
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  WEIR_ASSIGN(file_, File::open_append(folder_ / fmt::format("bad-{}.jsonl", time)));
  return {};
}

Result<bool> AsideFile::add(std::string_view file, std::string_view format, ParseError reason,
                            std::uint64_t line, std::uint64_t offset, std::string_view raw) {
  if (folder_.empty()) return false;
  if (!file_) WEIR_TRY(open());
  if (bytes_ >= max_bytes_) return false;
  const std::size_t before = buffer_.size();
  buffer_ += R"({"file":)";
  append_json_string(buffer_, file);
  fmt::format_to(std::back_inserter(buffer_),
                 R"(,"format":"{}","line":{},"offset":{},"reason":"{}",)", format, line, offset,
                 to_string(reason));
  if (is_utf8(raw)) {
    buffer_ += R"("raw":)";
    append_json_string(buffer_, raw);
  } else {
    buffer_ += R"("raw_base64":")";
    append_base64(buffer_, raw);
    buffer_ += '"';
  }
  buffer_ += "}\n";
  bytes_ += buffer_.size() - before;
  if (buffer_.size() >= kBufferBytes) {
    WEIR_TRY(file_->write(buffer_));
    buffer_.clear();
  }
  return true;
}

Result<void> AsideFile::flush() {
  if (!file_) return {};
  WEIR_TRY(file_->write(buffer_));
  buffer_.clear();
  return file_->sync();
}

}  // namespace weir::ingest
