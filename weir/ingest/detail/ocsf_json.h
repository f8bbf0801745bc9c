#pragma once

// Without its exceptions, every result must be looked at to compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "weir/base/text.h"
#include "weir/ingest/detail/ocsf_key.h"
#include "weir/ingest/format.h"

namespace weir::ingest {

/// Goes through the JSON of one event (simdjson On-Demand): objects, arrays and scalars, without
/// knowing what they mean. Values are looked at once, in their order; one that is passed over must
/// still be JSON. A header because its visitors should be inlined; only ocsf_parser.cpp uses it.
class OcsfJson {
 public:
  using Key = OcsfKey;
  using Failure = std::optional<ParseError>;
  using Value = simdjson::ondemand::value;

  static constexpr unsigned kMaxDepth = 32;
  static constexpr Failure kOk = std::nullopt;

  static Failure failure_of(simdjson::error_code error) {
    switch (error) {
      case simdjson::NUMBER_ERROR:
      case simdjson::NUMBER_OUT_OF_RANGE:
        return ParseError::bad_number;
      case simdjson::UTF8_ERROR:
        return ParseError::not_utf8;
      case simdjson::INCORRECT_TYPE:
        return ParseError::bad_structure;
      case simdjson::CAPACITY:
        return ParseError::too_long;
      default:
        return ParseError::not_json;
    }
  }

  /// The first byte of the value: tells its kind. NUL if there is none.
  static char kind_of(Value& value) {
    const std::string_view token = value.raw_json_token();
    return token.empty() ? '\0' : token.front();
  }

  static bool is_digit_or_minus(char c) { return c == '-' || (c >= '0' && c <= '9'); }

  /// Before each event.
  void begin() { depth_ = 0; }

  /// Calls `visit(key, value)` for every member; a key that the reader knows may stand once.
  template <class Visit>
  Failure members(simdjson::ondemand::object object, Visit visit) {
    if (++depth_ > kMaxDepth) return ParseError::bad_structure;
    std::uint64_t seen_low = 0;
    std::uint64_t seen_high = 0;
    for (auto member : object) {
      simdjson::ondemand::field field;
      if (const auto error = std::move(member).get(field); error) return failure_of(error);
      Key key = Key::other;
      if (const Failure failure = key_of(field, key); failure) return failure;
      Value value = field.value();
      if (key != Key::other) {
        const auto number = static_cast<unsigned>(key);
        std::uint64_t& seen = number < 64 ? seen_low : seen_high;
        const std::uint64_t bit = std::uint64_t{1} << (number % 64);
        if ((seen & bit) != 0) return ParseError::bad_structure;
        seen |= bit;
      }
      if (const Failure failure = visit(key, value); failure) return failure;
    }
    --depth_;
    return kOk;
  }

  /// Null counts as absent.
  template <class Visit>
  Failure object(Value& value, Visit visit) {
    if (kind_of(value) == 'n') return skip(value);
    simdjson::ondemand::object object;
    if (const auto error = value.get_object().get(object); error) return failure_of(error);
    return members(object, visit);
  }

  /// Calls `visit(value)` for every element, or for the value itself if it is no array.
  template <class Visit>
  Failure elements(Value& value, Visit visit) {
    const char kind = kind_of(value);
    if (kind == 'n') return skip(value);
    if (kind != '[') return visit(value);
    if (++depth_ > kMaxDepth) return ParseError::bad_structure;
    simdjson::ondemand::array array;
    if (const auto error = value.get_array().get(array); error) return failure_of(error);
    for (auto member : array) {
      Value element;
      if (const auto error = std::move(member).get(element); error) return failure_of(error);
      if (const Failure failure = visit(element); failure) return failure;
    }
    --depth_;
    return kOk;
  }

  /// On-Demand does not look into what it passes over; hostile depth and broken JSON would go
  /// through unseen.
  Failure skip(Value& value) {
    const char kind = kind_of(value);
    if (kind == '"') return kOk;
    if (kind == '{') {
      simdjson::ondemand::object object;
      if (const auto error = value.get_object().get(object); error) return failure_of(error);
      if (++depth_ > kMaxDepth) return ParseError::bad_structure;
      for (auto member : object) {
        simdjson::ondemand::field field;
        if (const auto error = std::move(member).get(field); error) return failure_of(error);
        Value inner = field.value();
        if (const Failure failure = skip(inner); failure) return failure;
      }
      --depth_;
      return kOk;
    }
    if (kind == '[') {
      return elements(value, [this](Value& element) { return skip(element); });
    }
    if (kind == 't' || kind == 'f') {
      bool truth = false;
      const auto error = value.get_bool().get(truth);
      return error ? Failure(ParseError::not_json) : kOk;
    }
    if (!is_digit_or_minus(kind) && kind != 'n') return ParseError::not_json;
    if (kind == 'n') {
      bool null = false;
      const auto error = value.is_null().get(null);
      return error || !null ? Failure(ParseError::not_json) : kOk;
    }
    if (is_plain_number(trim(value.raw_json_token()))) return kOk;
    double number = 0;
    const auto error = value.get_double().get(number);
    return error ? failure_of(error) : kOk;
  }

  /// A string, or a number as its text (other producers write ids as either).
  Failure text(Value& value, std::string_view& out) {
    std::string_view token = value.raw_json_token();
    const char kind = token.empty() ? '\0' : token.front();
    if (kind == '"') {
      if (!token.contains('\\')) [[likely]] {
        out = token.substr(1, token.rfind('"') - 1);
        return kOk;
      }
      if (const auto error = value.get_string().get(out); error) return failure_of(error);
      return out.contains('\0') ? Failure(ParseError::nul_byte) : kOk;
    }
    if (kind == 'n') return skip(value);
    if (!is_digit_or_minus(kind)) return ParseError::bad_structure;
    out = trim(token);
    return skip(value);
  }

  template <class Integer>
  Failure integer(Value& value, Integer& out) {
    const char kind = kind_of(value);
    if (kind == 'n') return skip(value);
    if (!is_digit_or_minus(kind)) return ParseError::bad_number;
    if constexpr (std::is_signed_v<Integer>) {
      const auto error = value.get_int64().get(out);
      return error ? Failure(ParseError::bad_number) : kOk;
    } else {
      const auto error = value.get_uint64().get(out);
      return error ? Failure(ParseError::bad_number) : kOk;
    }
  }

  template <class Integer>
  Failure integer(Value& value, std::optional<Integer>& out) {
    if (kind_of(value) == 'n') return skip(value);
    Integer number{};
    if (const Failure failure = integer(value, number); failure) return failure;
    out = number;
    return kOk;
  }

 private:
  Failure key_of(simdjson::ondemand::field& field, Key& key) {
    const char* begin = field.key().raw();
    const char* end = begin;
    while (*end != '"' && *end != '\\') ++end;
    if (*end == '"') {
      key = ocsf_key({begin, static_cast<std::size_t>(end - begin)});
      return kOk;
    }
    std::string_view text;
    if (const auto error = field.unescaped_key().get(text); error) return failure_of(error);
    key = ocsf_key(text);
    return kOk;
  }

  /// Nearly every number is one: digits without a sign, a leading zero or a fraction.
  static bool is_plain_number(std::string_view token) {
    constexpr std::size_t kDigits = 15;  // no double is too small for those
    return !token.empty() && token.size() <= kDigits && (token.front() != '0' || token == "0") &&
           std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
  }

  unsigned depth_ = 0;
};

}  // namespace weir::ingest
