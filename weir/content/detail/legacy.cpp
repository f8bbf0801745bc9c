#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "weir/base/bytes.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/compound.h"

namespace weir::content {
namespace {

template <class T>
T at(std::string_view bytes, std::uint64_t offset) {
  return ByteReader(bytes.substr(std::min<std::uint64_t>(offset, bytes.size()))).fixed<T>();
}

std::string_view piece(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return bytes.substr(std::min<std::uint64_t>(offset, bytes.size()), size);
}

std::string wide(std::string_view bytes) { return to_utf8(bytes, "UTF-16LE").value_or(""); }
std::string narrow(std::string_view bytes) { return to_utf8(bytes, "windows-1252").value_or(""); }

/// Marks of Word and PowerPoint as line ends, tabs and nothing.
void tidy(std::string& text) {
  for (char& c : text) {
    if (c == '\r' || c == '\v' || c == '\f') c = '\n';
    if (c == '\a') c = '\t';
  }
  std::erase_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; });
}

/// A number in 30 bits: a whole one, or the front of a double; perhaps a hundredth of it.
double packed_number(std::uint32_t rk) {
  const double value = (rk & 2) != 0 ? static_cast<double>(static_cast<std::int32_t>(rk) >> 2)
                                     : std::bit_cast<double>(std::uint64_t{rk & ~3u} << 32);
  return (rk & 1) != 0 ? value / 100 : value;
}

/// Strings of the table that cells share, which goes on over records of type 0x3c: a string that is
/// cut by their border says its width again behind it ([MS-XLS] 2.5.293).
class StringTable {
 public:
  explicit StringTable(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {}

  std::string all() {
    std::string out;
    take(4);
    const auto count = at<std::uint32_t>(take(4), 0);
    for (std::uint32_t i = 0; i < count && !is_done(); ++i) out.append(one()).append("\n");
    return out;
  }

 private:
  bool is_done() const { return piece_ >= pieces_.size(); }

  std::string take(std::size_t size) {
    std::string out;
    while (size > 0 && !is_done()) {
      const std::string_view here = pieces_[piece_].substr(at_, size);
      out += here;
      size -= here.size();
      at_ += here.size();
      if (at_ >= pieces_[piece_].size()) {
        ++piece_;
        at_ = 0;
      }
    }
    return out;
  }

  std::string one() {
    const std::size_t length = at<std::uint16_t>(take(2), 0);
    auto flags = at<std::uint8_t>(take(1), 0);
    const std::size_t runs = (flags & 8) != 0 ? at<std::uint16_t>(take(2), 0) : 0;
    const std::size_t extra = (flags & 4) != 0 ? at<std::uint32_t>(take(4), 0) : 0;
    std::string out;
    for (std::size_t left = length; left > 0 && !is_done();) {
      const std::size_t width = (flags & 1) != 0 ? 2 : 1;
      const std::size_t here = (pieces_[piece_].size() - at_) / width;
      const std::size_t before = piece_;
      const std::string part = take(std::min(left, here) * width);
      out += width == 2 ? wide(part) : narrow(part);
      left -= std::min(left, here);
      if (left > 0 && here == 0 && piece_ == before) take(1);  // an odd byte before the border
      if (left > 0 && !is_done() && at_ == 0) flags = at<std::uint8_t>(take(1), 0);
    }
    take(runs * 4);
    take(std::min<std::size_t>(extra, 1u << 20));
    return out;
  }

  std::vector<std::string_view> pieces_;
  std::size_t piece_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

std::string word_text(const CompoundFile& file, bool& encrypted) {
  const std::string main = file.read("WordDocument");
  const auto flags = at<std::uint16_t>(main, 10);
  encrypted = (flags & 0x100) != 0;
  if (main.size() < 0x1aa || encrypted) return {};
  const std::string table = file.read((flags & 0x200) != 0 ? "1Table" : "0Table");
  std::string_view clx =
      piece(table, at<std::uint32_t>(main, 0x1a2), at<std::uint32_t>(main, 0x1a6));
  while (clx.size() > 3 && clx.front() == 1) {
    clx.remove_prefix(std::min<std::size_t>(clx.size(), 3u + at<std::uint16_t>(clx, 1)));
  }
  std::string out;
  if (clx.size() < 5 || clx.front() != 2) return out;
  const std::string_view pieces = piece(clx, 5, at<std::uint32_t>(clx, 1));
  if (pieces.size() < 4) return out;
  const std::size_t count = (pieces.size() - 4) / 12;
  for (std::size_t i = 0; i < count && out.size() < main.size() * 4; ++i) {
    const auto from = at<std::uint32_t>(pieces, i * 4);
    const auto to = at<std::uint32_t>(pieces, i * 4 + 4);
    const auto where = at<std::uint32_t>(pieces, (count + 1) * 4 + i * 8 + 2);
    if (to <= from) continue;
    const std::uint64_t length = to - from;
    const std::uint64_t offset = where & 0x3fffffffu;
    out += (where & 0x40000000u) != 0 ? narrow(piece(main, offset / 2, length))
                                      : wide(piece(main, offset, length * 2));
  }
  tidy(out);
  return out;
}

std::string excel_text(const CompoundFile& file, bool& encrypted) {
  std::string book = file.read("Workbook");
  if (book.empty()) book = file.read("Book");
  std::string out;
  std::vector<std::string_view> strings;
  std::uint16_t last = 0;
  for (std::string_view rest = book; rest.size() >= 4;) {
    const auto type = at<std::uint16_t>(rest, 0);
    const std::string_view body = piece(rest, 4, at<std::uint16_t>(rest, 2));
    rest.remove_prefix(4 + body.size());
    if (type == 0x2f) encrypted = true;
    if (type == 0xfc || (type == 0x3c && last == 0xfc)) strings.push_back(body);
    if (type != 0x3c) last = type;
    if (type == 0x85 && body.size() > 8) {  // a sheet: its name
      out += (body[7] & 1) != 0 ? wide(piece(body, 8, body.size()))
                                : narrow(piece(body, 8, body.size()));
      out += '\n';
    } else if ((type == 0x204 || type == 0x4) && body.size() > 8) {  // a cell with its own text
      const std::size_t head = type == 0x204 ? 8 : 9;
      std::string_view text = piece(body, head, body.size());
      const bool is_wide = type == 0x204 && !text.empty() && text.front() == 1;
      if (type == 0x204 && !text.empty() && text.front() <= 1) text.remove_prefix(1);
      out += is_wide ? wide(text) : narrow(text);
      out += '\n';
    } else if ((type == 0x203 && body.size() >= 14) ||  // a number, or what a formula gave
               (type == 0x6 && body.size() >= 14 && at<std::uint16_t>(body, 12) != 0xffff)) {
      out += fmt::format("{}\n", at<double>(body, 6));
    } else if (type == 0x27e && body.size() >= 10) {
      out += fmt::format("{}\n", packed_number(at<std::uint32_t>(body, 6)));
    } else if (type == 0xbd) {  // numbers side by side
      for (std::size_t i = 4; i + 8 <= body.size(); i += 6) {
        out += fmt::format("{}\n", packed_number(at<std::uint32_t>(body, i + 2)));
      }
    } else if (type == 0x1b6 || (type == 0x3c && last == 0x1b6)) {  // text boxes and comments
      if (type == 0x3c && body.size() > 1 && body.front() <= 1) {
        out += body.front() == 1 ? wide(body.substr(1)) : narrow(body.substr(1));
        out += '\n';
      }
    }
  }
  if (encrypted) return {};
  if (!strings.empty()) out += StringTable(std::move(strings)).all();
  tidy(out);
  return out;
}

std::string powerpoint_text(const CompoundFile& file) {
  const std::string stream = file.read("PowerPoint Document");
  std::string out;
  for (std::string_view rest = stream; rest.size() >= 8;) {
    const bool container = (at<std::uint16_t>(rest, 0) & 0xf) == 0xf;
    const auto type = at<std::uint16_t>(rest, 2);
    const std::string_view body = piece(rest, 8, at<std::uint32_t>(rest, 4));
    rest.remove_prefix(8);
    if (container) continue;  // what is in it comes next
    if (type == 0x0fa0 || type == 0x0fba) out.append(wide(body)).append("\n");
    if (type == 0x0fa8) out.append(narrow(body)).append("\n");
    rest.remove_prefix(body.size());
  }
  tidy(out);
  return out;
}

}  // namespace weir::content
