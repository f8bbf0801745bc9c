#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/packed_rtf.h"
#include "weir/content/detail/readers.h"

namespace weir::content {
namespace {

constexpr std::size_t kMostRtf = std::size_t{64} << 20;

/// Attributes of a message or attachment ([MS-OXTNEF] §2.1.3.3).
enum Attribute : std::uint32_t {
  kSubject = 0x00018004,
  kBody = 0x0002800c,
  kAttachmentTitle = 0x00018010,
  kAttachmentData = 0x0006800f,
  kMessageProperties = 0x00069003,
  kAttachmentBegins = 0x00069002,
  kAttachmentProperties = 0x00069005,
};

/// Outlook's winmail.dat ([MS-OXTNEF]): the body, properties, and files of a mail.
class TnefReading {
 public:
  TnefReading(Reading& reading, const Place& place) : reading_(reading), place_(place) {}

  void run(std::string_view bytes) {
    ByteReader in(bytes);
    (void)in.fixed<std::uint32_t>();  // the signature
    (void)in.fixed<std::uint16_t>();  // a key
    while (in.ok() && in.remaining() > 0) {
      (void)in.fixed<std::uint8_t>();  // message or attachment
      const auto id = in.fixed<std::uint32_t>();
      const std::size_t size = in.fixed<std::uint32_t>();
      const std::size_t at = bytes.size() - in.remaining();
      if (!in.ok() || size + 2 > in.remaining()) {
        is_hurt_ = true;
        if (in.ok()) attribute(id, bytes.substr(at));
        break;
      }
      if (!reading_.take_member(place_)) return;
      attribute(id, bytes.substr(at, size));
      in = ByteReader(bytes.substr(at + size + 2));  // a checksum
    }
    if (!in.ok()) is_hurt_ = true;
    flush_attachment();
    reading_.part(place_, FileType::tnef, PartKind::properties, std::move(properties_), 0);
    if (is_hurt_) {
      reading_.finding(place_, FindingKind::corrupt,
                       "winmail.dat (TNEF): cut short or broken; read as far as it goes");
    }
  }

 private:
  void attribute(std::uint32_t id, std::string_view value) {
    switch (id) {
      case kAttachmentBegins:
        return flush_attachment();
      case kAttachmentData:
        data_ = value;
        return;
      case kAttachmentTitle:
        title_ = text_of(value);
        return;
      case kBody:
        return reading_.part(place_, FileType::tnef, PartKind::body, text_of(value), value.size());
      case kMessageProperties:
      case kAttachmentProperties:
        return properties(value);
      default:
        // Short texts and times; what holds no text gives none.
        properties_ += printable_runs(value, value.size());
    }
  }

  static std::string text_of(std::string_view value) {
    return decode_text(value.substr(0, value.find('\0')), {});
  }

  void flush_attachment() {
    const std::string name = title_.empty() ? "attachment" : std::exchange(title_, {});
    if (!data_.empty() && reading_.take_bytes(place_, data_.size())) {
      reading_.part(place_, FileType::tnef, PartKind::names, name, 0);
      reading_.read(place_.member(name), data_);
    }
    data_ = {};
  }

  /// A count, then properties: kind, id, a name if the id is one of those, values.
  void properties(std::string_view bytes) {
    ByteReader in(bytes);
    const auto rest = [&] { return bytes.substr(bytes.size() - in.remaining()); };
    const auto skip = [&](std::size_t size) {
      if (size > in.remaining()) {
        is_hurt_ = true;
        return false;
      }
      in = ByteReader(rest().substr(size));
      return true;
    };
    for (auto left = in.fixed<std::uint32_t>(); left > 0 && in.ok(); --left) {
      const unsigned kind = in.fixed<std::uint16_t>();
      const unsigned id = in.fixed<std::uint16_t>();
      if (id >= 0x8000) {
        if (!skip(16)) return;
        const bool is_named = in.fixed<std::uint32_t>() != 0;
        const std::size_t number_or_size = in.fixed<std::uint32_t>();
        if (is_named && !skip((number_or_size + 3) / 4 * 4)) return;
      }
      std::uint32_t values = (kind & 0x1000u) != 0 || is_long(kind) ? in.fixed<std::uint32_t>() : 1;
      for (; values > 0 && in.ok(); --values) {
        if (!is_long(kind)) {
          if (!skip(size_of(kind))) return;
          continue;
        }
        const std::size_t size = in.fixed<std::uint32_t>();
        const std::string_view value = rest().substr(0, size);
        if (!skip((size + 3) / 4 * 4)) {
          property(kind, id, value);
          return;
        }
        property(kind, id, value);
      }
    }
    if (!in.ok()) is_hurt_ = true;
  }

  static unsigned base_of(unsigned kind) { return kind & 0x0fffu; }
  static bool is_long(unsigned kind) {
    const unsigned base = base_of(kind);
    return base == 0x001e || base == 0x001f || base == 0x0102 || base == 0x000d;
  }
  static std::size_t size_of(unsigned kind) {
    switch (base_of(kind)) {
      case 0x0005:  // a double, money, a time, a long number
      case 0x0006:
      case 0x0007:
      case 0x0014:
      case 0x0040:
        return 8;
      case 0x0048:  // a GUID
        return 16;
      default:
        return 4;
    }
  }

  void property(unsigned kind, unsigned id, std::string_view value) {
    if (!reading_.take_member(place_)) return;
    if (id == 0x1009) {  // the body as packed RTF
      if (!read_packed_rtf(reading_, place_, value)) is_hurt_ = true;
    } else if (id == 0x1013) {  // as HTML
      read_html(reading_, place_, value, {});
    } else if (id == 0x3701) {  // the attachment; objects begin with what they are, 16 bytes
      data_ =
          base_of(kind) == 0x000d ? value.substr(std::min<std::size_t>(16, value.size())) : value;
    } else if (base_of(kind) == 0x001f) {
      take_text(id, to_utf8(value, "UTF-16LE").value_or(""));
    } else if (base_of(kind) == 0x001e) {
      take_text(id, text_of(value));
    } else {
      properties_ += printable_runs(value, value.size());
    }
  }

  void take_text(unsigned id, std::string text) {
    std::erase(text, '\0');
    if (id == 0x3707) title_ = text;  // the attachment's long name
    if (id == 0x1000) {
      return reading_.part(place_, FileType::tnef, PartKind::body, std::move(text), 0);
    }
    properties_.append(text).append("\n");
  }

  Reading& reading_;
  const Place& place_;
  std::string properties_;
  std::string title_;
  std::string_view data_;
  bool is_hurt_ = false;
};

}  // namespace

bool read_packed_rtf(Reading& reading, const Place& place, std::string_view bytes) {
  const std::optional<std::string> rtf = unpack_rtf(bytes, kMostRtf);
  if (!rtf) {
    reading.part(place, FileType::rtf, PartKind::salvaged, printable_runs(bytes, bytes.size()),
                 bytes.size());
    return false;
  }
  if (reading.take_bytes(place, rtf->size(), rtf->size(), bytes.size())) {
    read_rtf(reading, place, *rtf);
  }
  return true;
}

void read_tnef(Reading& reading, const Place& place, std::string_view bytes) {
  TnefReading(reading, place).run(bytes);
}

}  // namespace weir::content
