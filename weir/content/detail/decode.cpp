#include "weir/content/detail/decode.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>

#include "weir/base/text.h"

namespace weir::content {
namespace {

// Longer values are hostile, and RFC 2231 puts them together piece by piece.
constexpr std::size_t kMaxTypedValue = 32u << 10;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { g_free(text); }
};

std::string or_empty(const char* text) { return text == nullptr ? std::string() : text; }

/// Invalid bytes as U+FFFD, control characters as blanks.
std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.front() >= 0x20) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !is_utf8(text.substr(0, length))) ++length;
    if (length > 4 || length > text.size()) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    const bool control = length == 1 && static_cast<unsigned char>(text.front()) < 0x20;
    out += control ? std::string_view(" ") : text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

std::string parameter(GMimeParamList* list, const char* name) {
  GMimeParam* found = list == nullptr ? nullptr : g_mime_param_list_get_parameter(list, name);
  return found == nullptr ? std::string() : or_empty(g_mime_param_get_value(found));
}

/// All of `in` through a filter.
std::string_view filtered(GMimeFilter* filter, std::string_view in, std::string& buffer) {
  char* out = nullptr;
  std::size_t size = 0;
  std::size_t prespace = 0;
  std::string copy(in);  // filters may write into their input
  g_mime_filter_filter(filter, copy.data(), copy.size(), 0, &out, &size, &prespace);
  if (out != nullptr) buffer.assign(out, size);
  // `complete` alone would not look for the first line of uuencoded text.
  char nothing = '\0';
  out = nullptr;
  size = 0;
  g_mime_filter_complete(filter, &nothing, 0, 0, &out, &size, &prespace);
  if (out != nullptr) buffer.append(out, size);
  return buffer;
}

bool is_token(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.+").contains(c);
}

/// What `is_taken` takes at the front of `text`, which it is taken from.
std::string_view take(std::string_view& text, bool (*is_taken)(char)) {
  const auto end = std::ranges::find_if_not(text, is_taken);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

/// A Content-Type such as nearly all are: no comments, escapes, character sets or repetitions. None
/// where there is any doubt: GMime then decides.
std::optional<Typed> plain_content_type(std::string_view value) {
  const auto is_blank = [](char c) { return c == ' '; };
  const auto is_quoted = [](char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?' && c != '%' && c != '*';
  };
  Typed typed;
  typed.type = to_lower_ascii(take(value, is_token));
  if (typed.type.empty() || !value.starts_with('/')) return std::nullopt;
  value.remove_prefix(1);
  typed.subtype = to_lower_ascii(take(value, is_token));
  if (typed.subtype.empty()) return std::nullopt;
  while (!value.empty()) {
    take(value, is_blank);
    if (!value.starts_with(';')) return std::nullopt;
    value.remove_prefix(1);
    take(value, is_blank);
    const std::string name = to_lower_ascii(take(value, is_token));
    if (name.empty() || !value.starts_with('=')) return std::nullopt;
    value.remove_prefix(1);
    std::string_view said;
    if (value.starts_with('"')) {
      value.remove_prefix(1);
      said = take(value, is_quoted);
      if (!value.starts_with('"')) return std::nullopt;
      value.remove_prefix(1);
    } else {
      said = take(value, is_token);
    }
    std::string* kept = name == "boundary"  ? &typed.boundary
                        : name == "charset" ? &typed.charset
                        : name == "name"    ? &typed.name
                                            : nullptr;
    if (said.empty() || (kept != nullptr && !kept->empty())) return std::nullopt;
    if (kept != nullptr) *kept = said;
  }
  return typed;
}

GMimeContentEncoding encoding_of(std::string_view name) {
  const std::string lower = to_lower_ascii(trim(name.substr(0, name.find_first_of(";("))));
  if (lower == "base64") return GMIME_CONTENT_ENCODING_BASE64;
  if (lower == "quoted-printable") return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  if (lower == "x-uuencode" || lower == "uuencode" || lower == "x-uue") {
    return GMIME_CONTENT_ENCODING_UUENCODE;
  }
  return GMIME_CONTENT_ENCODING_DEFAULT;
}

}  // namespace

void start_decoding() {
  // g_mime_init counts its callers, but not atomically.
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
}

Typed decode_content_type(std::string_view value) {
  Typed typed;
  if (value.empty() || value.size() > kMaxTypedValue) return typed;
  if (std::optional<Typed> plain = plain_content_type(value)) return *std::move(plain);
  const Owned<GMimeContentType> parsed(
      g_mime_content_type_parse(nullptr, std::string(value).c_str()));
  if (parsed == nullptr) return typed;
  typed.type = to_lower_ascii(or_empty(g_mime_content_type_get_media_type(parsed.get())));
  typed.subtype = to_lower_ascii(or_empty(g_mime_content_type_get_media_subtype(parsed.get())));
  GMimeParamList* parameters = g_mime_content_type_get_parameters(parsed.get());
  typed.boundary = parameter(parameters, "boundary");
  typed.charset = parameter(parameters, "charset");
  typed.name = valid_utf8(parameter(parameters, "name"));
  return typed;
}

Typed decode_disposition(std::string_view value) {
  Typed typed;
  if (value.empty() || value.size() > kMaxTypedValue) return typed;
  const Owned<GMimeContentDisposition> parsed(
      g_mime_content_disposition_parse(nullptr, std::string(value).c_str()));
  if (parsed == nullptr) return typed;
  typed.type = to_lower_ascii(or_empty(g_mime_content_disposition_get_disposition(parsed.get())));
  typed.name =
      valid_utf8(parameter(g_mime_content_disposition_get_parameters(parsed.get()), "filename"));
  return typed;
}

std::string_view decode_transfer(std::string_view encoding, std::string_view body,
                                 std::string& buffer) {
  const GMimeContentEncoding kind = encoding_of(encoding);
  if (kind == GMIME_CONTENT_ENCODING_DEFAULT || body.empty()) return body;
  const Owned<GMimeFilter> filter(g_mime_filter_basic_new(kind, FALSE));
  return filter == nullptr ? body : filtered(filter.get(), body, buffer);
}

std::string decode_charset(std::string_view charset, std::string_view text) {
  const std::string name = to_lower_ascii(trim(charset));
  const bool already = name.empty() || name == "us-ascii" || name == "utf-8" || name == "utf8";
  if (already || name.size() > 100) return std::string(text);
  const Owned<GMimeFilter> filter(g_mime_filter_charset_new(name.c_str(), "UTF-8"));
  if (filter == nullptr) return std::string(text);
  std::string buffer;
  filtered(filter.get(), text, buffer);
  return buffer;
}

std::string decode_header_text(const std::string& value) {
  // Most fields say what they mean; a word in another character set begins with "=?".
  const bool plain =
      std::ranges::all_of(value, [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
  if (plain && !value.contains("=?")) {
    std::string text = value;
    std::ranges::replace(text, '\t', ' ');
    return text;
  }
  const std::unique_ptr<char, Free> decoded(
      g_mime_utils_header_decode_text(nullptr, value.c_str()));
  return valid_utf8(decoded == nullptr ? std::string_view(value) : std::string_view(decoded.get()));
}

}  // namespace weir::content
