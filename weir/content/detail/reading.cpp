#include "weir/content/detail/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "weir/base/hash.h"
#include "weir/base/text.h"
#include "weir/content/detail/charset.h"
#include "weir/content/detail/disguise.h"
#include "weir/content/detail/pieces.h"
#include "weir/content/detail/readers.h"
#include "weir/content/detail/zip_directory.h"

namespace weir::content {
namespace {

constexpr std::size_t kMaxPath = 2'000;
constexpr std::size_t kMaxName = 200;

std::string step(const std::string& path, std::string_view name) {
  if (path.size() > kMaxPath) return path;
  const std::string shown = printable(name, kMaxName);
  return path.empty() ? shown : path + " › " + shown;
}

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return a != 0 && b > std::numeric_limits<std::uint64_t>::max() / a
             ? std::numeric_limits<std::uint64_t>::max()
             : a * b;
}

bool has_something_to_read(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

}  // namespace

Place Place::member(std::string_view name) const { return {step(path, name), depth + 1, hidden}; }
Place Place::within(std::string_view name) const { return {step(path, name), depth, hidden}; }

Reading::Reading(const ExtractOptions& options, ExtractSink& sink, std::uint64_t input_bytes)
    : options_(options),
      sink_(sink),
      input_bytes_(input_bytes),
      deadline_(options.now() + options.limits.time) {}

void Reading::read(const Place& place, std::string_view bytes, std::string_view charset) {
  const FileType type = detect_type(bytes);
  const bool is_whole = !type_;
  if (is_whole) sink_.type(type_.emplace(type));
  if (!keep_going(place)) return;
  if (type != FileType::empty) tell_file(place, type, bytes, is_whole);
  if (place.depth > options_.limits.depth) {
    return finding(
        place, FindingKind::too_deep,
        fmt::format("more than {} containers around it; not read", options_.limits.depth));
  }
  dispatch(place, type, bytes, charset);
  // A file can be two things: programs find a zip by its end, whatever stands in front.
  const bool unpacked = type == FileType::zip || type == FileType::archive ||
                        type == FileType::packed || type == FileType::ole2 ||
                        type == FileType::tnef;
  if (!unpacked && has_zip_directory(bytes)) read_zip(*this, place.within("zip behind it"), bytes);
}

void Reading::refine_type(const Place& place, FileType type) {
  if (place.depth == 0 && type_ == FileType::zip && type != FileType::zip) {
    sink_.type(type_.emplace(type));
  }
}

void Reading::tell_file(const Place& place, FileType type, std::string_view bytes, bool is_whole) {
  FileDigest file{.path = place.path, .digest = {}, .pieces = {}};
  if (!is_whole) file.digest = blake2b(bytes);
  // Fonts are the same in everybody's documents.
  if (type == FileType::picture || type == FileType::media || type == FileType::program ||
      type == FileType::unknown) {
    file.pieces = pieces_of(bytes);
  }
  if (is_whole && file.pieces.empty()) return;
  sink_.file(std::move(file));
}

void Reading::dispatch(const Place& place, FileType type, std::string_view bytes,
                       std::string_view charset) {
  switch (type) {
    case FileType::empty:
      return;
    case FileType::text:
    case FileType::subtitles:
      return read_text(*this, place, bytes, charset, type);
    case FileType::html:
      return read_html(*this, place, bytes, charset);
    case FileType::xml:
      return read_xml(*this, place, bytes);
    case FileType::rtf:
      return read_rtf(*this, place, bytes);
    case FileType::mail:
      return read_mail(*this, place, bytes);
    case FileType::mailbox:
      return read_mailbox(*this, place, bytes);
    case FileType::pdf:
      return read_pdf(*this, place, bytes);
    case FileType::zip:
      return read_zip(*this, place, bytes);
    case FileType::archive:
    case FileType::packed:
      return read_archive(*this, place, bytes, type);
    case FileType::ole2:
      return read_ole2(*this, place, bytes);
    case FileType::tnef:
      return read_tnef(*this, place, bytes);
    case FileType::cms:
      return read_cms(*this, place, bytes);
    case FileType::pgp:
      return finding(place, FindingKind::encrypted, "a PGP message");
    case FileType::picture:
      return read_picture(*this, place, bytes);
    case FileType::media:
      return finding(place, FindingKind::unsupported, "sound or film: what is said is not read");
    case FileType::font:
      return read_font(*this, place, bytes);
    case FileType::program:
      break;
    default:
      if (read_embedded_font(*this, place, bytes) || read_printer_settings(*this, place, bytes)) {
        return;
      }
      break;
  }
  part(place, type, PartKind::salvaged, printable_runs(bytes, std::size_t{4} << 20), bytes.size(),
       place.hidden);
  if (type == FileType::unknown) {
    return finding(place, FindingKind::unreadable,
                   "no known format: only printable runs were read");
  }
  finding(place, FindingKind::unsupported, "a program: only printable runs were read");
}

void Reading::part(const Place& place, FileType type, PartKind kind, std::string text,
                   std::uint64_t bytes, bool hidden) {
  if (!has_something_to_read(text)) return;
  text = make_valid(std::move(text));
  const std::uint64_t left =
      options_.limits.text_bytes - std::min(text_, options_.limits.text_bytes);
  if (text.size() > left) {
    stop(place, FindingKind::too_big,
         fmt::format("more than {} bytes of text; the rest was not kept",
                     with_commas(options_.limits.text_bytes)));
    std::size_t keep = left;
    while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xc0) == 0x80) --keep;
    text.resize(keep);
    if (text.empty()) return;
  }
  text_ += text.size();
  // What is itself decoded is not tried again: that would go on for ever.
  std::vector<Undisguised> disguised;
  if (kind != PartKind::decoded) disguised = undisguise(text);
  sink_.part({.path = place.path,
              .type = type,
              .kind = kind,
              .hidden = hidden || place.hidden,
              .text = std::move(text),
              .bytes = bytes});
  for (Undisguised& one : disguised) {
    part(place.within(one.how), type, PartKind::decoded, std::move(one.text), bytes, hidden);
  }
}

void Reading::finding(const Place& place, FindingKind kind, std::string reason) {
  if (findings_ > options_.limits.findings) return;
  if (findings_++ == options_.limits.findings) {
    kind = FindingKind::unreadable;
    reason =
        fmt::format("more than {} findings; the others are not listed", options_.limits.findings);
  }
  sink_.finding({.kind = kind, .path = place.path, .reason = make_valid(std::move(reason))});
}

void Reading::stop(const Place& place, FindingKind kind, std::string reason) {
  if (stopped_) return;
  stopped_ = true;
  findings_ = std::min(findings_, options_.limits.findings - 1);  // this one is always told
  finding(place, kind, std::move(reason));
}

bool Reading::keep_going(const Place& place) {
  if (!stopped_ && options_.now() > deadline_) {
    stop(place, FindingKind::timed_out,
         fmt::format("not read within {} ms", options_.limits.time.count()));
  }
  return !stopped_;
}

bool Reading::take_member(const Place& place) {
  if (++members_ > options_.limits.members) {
    stop(place, FindingKind::too_many_members,
         fmt::format("more than {} members; the rest was not read",
                     with_commas(options_.limits.members)));
  }
  return keep_going(place);
}

std::uint64_t Reading::room(std::uint64_t packed) const {
  const ExtractLimits& limits = options_.limits;
  const std::uint64_t by_ratio = std::max(limits.ratio_from, times(packed, limits.ratio));
  return std::min(by_ratio, limits.total_bytes - std::min(total_, limits.total_bytes));
}

bool Reading::take_bytes(const Place& place, std::uint64_t more, std::uint64_t sofar,
                         std::uint64_t packed) {
  const ExtractLimits& limits = options_.limits;
  total_ += more;
  if (total_ > limits.total_bytes) {
    stop(place, FindingKind::too_big,
         fmt::format("unpacks to more than {} bytes; the rest was not read",
                     with_commas(limits.total_bytes)));
  } else if (total_ > std::max(limits.ratio_from, times(input_bytes_, limits.ratio))) {
    stop(place, FindingKind::bomb,
         fmt::format("the document unpacks to more than {} times its size", limits.ratio));
  } else if (sofar > std::max(limits.ratio_from, times(packed, limits.ratio))) {
    finding(place, FindingKind::bomb,
            fmt::format("unpacks to more than {} times its size; not read", limits.ratio));
    return false;
  }
  return keep_going(place);
}

void TextBuckets::end_line(PartKind kind, bool hidden) {
  std::string& text = at(kind, hidden);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
}

void TextBuckets::flush(Reading& reading, const Place& place, FileType type, std::uint64_t bytes) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (const bool hidden : {false, true}) {
      std::string& text = text_[kind][hidden ? 1 : 0];
      reading.part(place, type, static_cast<PartKind>(kind), std::move(text), bytes, hidden);
      text.clear();
    }
  }
}

std::string printable_runs(std::string_view bytes, std::size_t limit) {
  constexpr std::size_t kShortest = 6;
  std::string out;
  const auto shown = [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; };
  // Twice: single bytes, then pairs whose second byte is zero.
  for (const std::size_t width : {std::size_t{1}, std::size_t{2}}) {
    std::string run;
    for (std::size_t i = 0; i + width <= bytes.size() && out.size() < limit;) {
      if (shown(bytes[i]) && (width == 1 || bytes[i + 1] == '\0')) {
        run += bytes[i];
        i += width;
        continue;
      }
      if (run.size() >= kShortest) out.append(run).append("\n");
      run.clear();
      ++i;
    }
    if (run.size() >= kShortest && out.size() < limit) out.append(run).append("\n");
  }
  return out;
}

}  // namespace weir::content
