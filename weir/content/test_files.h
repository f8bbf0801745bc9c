#pragma once

#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/bytes.h"
#include "weir/base/hash.h"

/// Small files of many formats, made by the tests.
namespace weir::content {

inline std::string deflated(std::string_view bytes, int window = -MAX_WBITS) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string in(bytes);
  std::string out(deflateBound(&stream, static_cast<uLong>(in.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string gzipped(std::string_view bytes) { return deflated(bytes, MAX_WBITS + 16); }

struct TestZip {
  bool stored = false;
  bool encrypted = false;
  bool directory = true;

  using Files = std::vector<std::pair<std::string, std::string>>;
  std::string make(const Files& files) const {
    std::string out;
    std::string central;
    for (const auto& [name, content] : files) {
      const std::string packed = stored ? content : deflated(content);
      const std::size_t offset = out.size();
      out += "PK\3\4";
      head(out, name, content, packed);
      out += name + packed;
      central += "PK\1\2";
      ByteWriter(central).fixed(std::uint16_t{20});
      head(central, name, content, packed);
      ByteWriter writer(central);
      writer.fixed(std::uint16_t{0});
      writer.fixed(std::uint32_t{0});
      writer.fixed(std::uint32_t{0});
      writer.fixed(static_cast<std::uint32_t>(offset));
      central += name;
    }
    if (!directory) return out;
    const std::size_t offset = out.size();
    out += central + "PK\5\6";
    ByteWriter writer(out);
    writer.fixed(std::uint32_t{0});
    writer.fixed(static_cast<std::uint16_t>(files.size()));
    writer.fixed(static_cast<std::uint16_t>(files.size()));
    writer.fixed(static_cast<std::uint32_t>(central.size()));
    writer.fixed(static_cast<std::uint32_t>(offset));
    writer.fixed(std::uint16_t{0});
    return out;
  }

 private:
  void head(std::string& out, const std::string& name, const std::string& content,
            const std::string& packed) const {
    ByteWriter writer(out);
    writer.fixed(std::uint16_t{20});
    writer.fixed(static_cast<std::uint16_t>(encrypted ? 1 : 0));
    writer.fixed(static_cast<std::uint16_t>(stored ? 0 : 8));
    writer.fixed(std::uint32_t{0});
    writer.fixed(crc32(content));
    writer.fixed(static_cast<std::uint32_t>(packed.size()));
    writer.fixed(static_cast<std::uint32_t>(content.size()));
    writer.fixed(static_cast<std::uint16_t>(name.size()));
    writer.fixed(std::uint16_t{0});
  }
};

inline std::string zip_of(const TestZip::Files& files) { return TestZip{}.make(files); }

inline std::string base64_of(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (int k = 0; k < 4; ++k) {
      const bool padding = i + static_cast<std::size_t>(k) > bytes.size();
      out += padding ? '=' : kDigits[bits >> (18 - 6 * k) & 63];
    }
    if (i % 57 == 54) out += '\n';
  }
  return out;
}

/// A chunk of a PNG file.
inline std::string png_chunk(const std::string& type, std::string_view data) {
  const auto big_endian = [](std::uint64_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
    return out;
  };
  return big_endian(data.size()) + type + std::string(data) +
         big_endian(crc32(type + std::string(data)));
}

/// A PNG of shades of grey, `more` chunks among the others.
inline std::string png_of(std::size_t width, std::string_view points,
                          const std::string& more = {}) {
  std::string rows;
  for (std::size_t at = 0; at < points.size(); at += width) {
    rows += '\0';
    rows += points.substr(at, width);
  }
  const std::size_t height = points.size() / width;
  std::string head;
  for (const std::size_t side : {width, height}) {
    head += {'\0', '\0', static_cast<char>(side >> 8), static_cast<char>(side & 0xff)};
  }
  head += std::string("\x08\0\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", head) + more +
         png_chunk("IDAT", deflated(rows, MAX_WBITS)) + png_chunk("IEND", "");
}

/// A Word document: `body` is what stands in <w:body>; other parts by name.
inline std::string docx_of(const std::string& body, const TestZip::Files& others = {}) {
  TestZip::Files files = {
      {"[Content_Types].xml", R"(<?xml version="1.0"?><Types/>)"},
      {"word/document.xml",
       R"(<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body>)" + body +
           "</w:body></w:document>"}};
  files.insert(files.end(), others.begin(), others.end());
  return zip_of(files);
}

inline std::string paragraph(const std::string& text) {
  return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

inline std::string xlsx_of(const std::string& sheet, const std::string& strings = "") {
  return zip_of(
      {{"[Content_Types].xml", R"(<?xml version="1.0"?><Types/>)"},
       {"xl/worksheets/sheet1.xml", "<?xml version=\"1.0\"?><worksheet>" + sheet + "</worksheet>"},
       {"xl/worksheets/sheet2.xml",
        "<?xml version=\"1.0\"?><worksheet><sheetData><row><c r=\"A1\" t=\"s\"><v>0</v></c></row>"
        "</sheetData></worksheet>"},
       {"xl/workbook.xml",
        "<?xml version=\"1.0\"?><workbook xmlns:r=\"r\"><sheets><sheet name=\"Open\" "
        "r:id=\"rId1\"/>"
        "<sheet name=\"Salaries\" state=\"veryHidden\" r:id=\"rId2\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels",
        "<?xml version=\"1.0\"?><Relationships><Relationship Id=\"rId1\" "
        "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" "
        "Target=\"worksheets/sheet2.xml\"/></Relationships>"},
       {"xl/sharedStrings.xml", "<?xml version=\"1.0\"?><sst>" + strings + "</sst>"}});
}

}  // namespace weir::content
