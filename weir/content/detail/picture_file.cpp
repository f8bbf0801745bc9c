#include <zlib.h>

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/content/detail/picture.h"
#include "weir/content/detail/reading.h"

namespace weir::content {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostNotes = 4u << 20;
constexpr std::size_t kMostFrames = 200;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// What zlib makes of `packed`, at most `kMostNotes`; empty if nothing.
std::string inflated(std::string_view packed) {
  std::string out(std::min(kMostNotes, packed.size() * 200), '\0');
  auto size = static_cast<uLongf>(out.size());
  const int status =
      uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                 reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size()));
  out.resize(status == Z_OK || status == Z_BUF_ERROR ? size : 0);
  return out;
}

void note(PictureFile& file, std::string_view text) {
  if (file.notes.size() + text.size() > kMostNotes || text.empty()) return;
  file.notes += text;
  file.notes += '\n';
}

/// Of a chunk of PNG that holds zTXt, iTXt or iCCP: what is packed behind the last of the zeros and
/// bytes of flags in front of it.
void note_packed(PictureFile& file, std::string_view data) {
  constexpr int kMostTries = 8;
  std::size_t at = data.find('\0');
  for (int tries = 0; tries < kMostTries && at != std::string_view::npos && at + 1 < data.size();
       ++tries, at = data.find('\x78', at + 1)) {
    if (data[at] == '\x78') note(file, inflated(data.substr(at)));
  }
}

PictureFile png(std::string_view bytes) {
  PictureFile file{.notes = {}, .frames = {}, .has_more_frames = false, .end = 8};
  while (file.end + 12 <= bytes.size()) {
    const std::size_t length = big_endian(bytes.substr(file.end, 4));
    const std::string_view type = bytes.substr(file.end + 4, 4);
    if (length > bytes.size() - file.end - 12) break;
    const std::string_view data = bytes.substr(file.end + 8, length);
    file.end += 12 + length;
    if (type == "IEND") return file;
    if (type == "tEXt" || type == "iTXt") note(file, data);
    if (type == "fdAT") file.has_more_frames = true;
    if (type == "zTXt" || type == "iTXt" || type == "iCCP") note_packed(file, data);
    if (type != "IDAT" && type != "fdAT" && type != "PLTE" && type != "tEXt") {
      note(file, printable_runs(data, kMostNotes));
    }
  }
  file.end = bytes.size();
  return file;
}

PictureFile jpeg(std::string_view bytes) {
  PictureFile file{.notes = {}, .frames = {}, .has_more_frames = false, .end = 2};
  while (file.end + 4 <= bytes.size()) {
    const auto marker = static_cast<unsigned char>(bytes[file.end + 1]);
    if (bytes[file.end] != '\xff' || marker == 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      const std::size_t next = bytes.find('\xff', file.end + 1);  // points
      if (next == std::string_view::npos) break;
      file.end = next;
      continue;
    }
    if (marker == 0xff) {
      ++file.end;
      continue;
    }
    if (marker == 0xd9) break;
    const std::size_t length = big_endian(bytes.substr(file.end + 2, 2));
    const std::string_view data = bytes.substr(file.end + 4, std::max<std::size_t>(length, 2) - 2);
    if ((marker >= 0xe0 && marker <= 0xef) || marker == 0xfe) {
      note(file, printable_runs(data, kMostNotes));
    }
    file.end = std::min(bytes.size(), file.end + 2 + std::max<std::size_t>(length, 2));
  }
  const bool ends = bytes.substr(std::min(file.end, bytes.size())).starts_with("\xff\xd9"sv);
  file.end = ends ? file.end + 2 : bytes.size();
  return file;
}

std::size_t color_table(char flags) {
  const auto bits = static_cast<unsigned char>(flags);
  return (bits & 0x80) != 0 ? std::size_t{3} << ((bits & 7) + 1) : 0;
}

/// Where the chain of blocks that begins at `at` ends; their bytes go to `out`.
std::size_t skip_blocks(std::string_view bytes, std::size_t at, std::string* out = nullptr) {
  while (at < bytes.size() && bytes[at] != '\0') {
    const auto size = static_cast<unsigned char>(bytes[at]);
    if (out != nullptr) out->append(bytes.substr(at + 1, size));
    at += 1 + size;
  }
  return std::min(bytes.size(), at + 1);
}

PictureFile gif(std::string_view bytes) {
  PictureFile file{.notes = {}, .frames = {}, .has_more_frames = false, .end = bytes.size()};
  if (bytes.size() < 13) return file;
  std::size_t at = 13 + color_table(bytes[10]);
  const std::string_view head = bytes.substr(0, at);
  std::size_t frame = at;  // begins with the extensions in front of the image
  while (at < bytes.size()) {
    if (bytes[at] == '\x3b') {
      file.end = at + 1;
      break;
    }
    if (bytes[at] == '\x21' && at + 2 < bytes.size()) {
      std::string said;
      const bool is_control = bytes[at + 1] == '\xf9';
      at = skip_blocks(bytes, at + 2, is_control ? nullptr : &said);
      note(file, said);
      continue;
    }
    if (bytes[at] != '\x2c' || at + 10 >= bytes.size()) break;
    at = skip_blocks(bytes, at + 11 + color_table(bytes[at + 9]));
    if (file.frames.size() < kMostFrames) {
      file.frames.push_back(std::string(head).append(bytes.substr(frame, at - frame)) + '\x3b');
    } else {
      file.has_more_frames = true;
    }
    frame = at;
  }
  if (file.frames.size() < 2) file.frames.clear();
  return file;
}

PictureFile webp(std::string_view bytes) {
  PictureFile file{.notes = {}, .frames = {}, .has_more_frames = false, .end = bytes.size()};
  const std::size_t said = ByteReader(bytes.substr(4)).fixed<std::uint32_t>();
  file.end = std::min(bytes.size(), said + 8);
  for (std::size_t at = 12; at + 8 <= file.end;) {
    const std::size_t length = ByteReader(bytes.substr(at + 4)).fixed<std::uint32_t>();
    const std::string_view type = bytes.substr(at, 4);
    if (type == "ANMF") file.has_more_frames = true;
    if (!type.starts_with("VP8") && type != "ALPH" && type != "ANMF") {
      note(file, printable_runs(bytes.substr(at + 8, length), kMostNotes));
    }
    at += 8 + length + length % 2;
  }
  return file;
}

}  // namespace

PictureFile take_apart_picture(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return png(bytes);
  if (bytes.starts_with("\xff\xd8")) return jpeg(bytes);
  if (bytes.starts_with("GIF8")) return gif(bytes);
  if (bytes.starts_with("RIFF")) return webp(bytes);
  return {.notes = printable_runs(bytes, kMostNotes),
          .frames = {},
          .has_more_frames = false,
          .end = bytes.size()};
}

}  // namespace weir::content
