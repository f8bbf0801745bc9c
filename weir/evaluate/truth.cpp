#include "weir/evaluate/truth.h"

// Without its exceptions, every result must be looked at to compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "weir/base/file.h"
#include "weir/base/text.h"

namespace weir::evaluate {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kDepth = 64;
constexpr std::uint64_t kVersion = 1;

std::string at(std::string_view name, std::size_t i) { return fmt::format("{}[{}]", name, i); }

/// Reads the members of one object. The first problem is kept, and what follows changes nothing.
class Members {
 public:
  Members(const dom::element& value, const TruthLimits& limits) : limits_(limits) {
    if (value.get(object_) != simdjson::SUCCESS) problem("", "should be an object");
  }

  bool has(std::string_view key) const {
    dom::element ignored;
    return !error_ && object_[key].get(ignored) == simdjson::SUCCESS;
  }
  std::string text(std::string_view key, bool required) {
    std::string_view found;
    if (!has(key)) {
      if (required) problem(key, "is missing");
      return {};
    }
    if (object_[key].get(found) != simdjson::SUCCESS) {
      problem(key, "should be a text");
    } else if (found.size() > limits_.text_bytes) {
      problem(key, fmt::format("is longer than {} bytes", limits_.text_bytes),
              ErrorCode::limit_exceeded);
    }
    return error_ ? std::string() : std::string(found);
  }
  std::uint64_t number(std::string_view key, bool required) {
    std::uint64_t found = 0;
    if (!has(key)) {
      if (required) problem(key, "is missing");
    } else if (object_[key].get(found) != simdjson::SUCCESS) {
      problem(key, "should be a whole number");
    }
    return found;
  }
  bool truth(std::string_view key, bool otherwise) {
    bool found = otherwise;
    if (has(key) && object_[key].get(found) != simdjson::SUCCESS) {
      problem(key, "should be true or false");
    }
    return found;
  }
  Day day(std::string_view key) {
    const std::string said = text(key, true);
    const auto day = parse_day(said);
    if (!error_ && !day) problem(key, fmt::format("'{}' is no day", printable(said, 40)));
    return day.value_or(Day{});
  }
  Instant time(std::string_view key) {
    const std::string said = text(key, true);
    const auto time = parse_iso8601(said);
    if (!error_ && !time) problem(key, fmt::format("'{}' is no time", printable(said, 40)));
    return time ? time->utc : Instant{};
  }
  /// Empty if it is not there.
  dom::array array(std::string_view key, bool required) {
    dom::array found;
    if (!has(key)) {
      if (required) problem(key, "is missing");
    } else if (object_[key].get(found) != simdjson::SUCCESS) {
      problem(key, "should be an array");
    }
    return found;
  }
  dom::object object(std::string_view key) {
    dom::object found;
    if (has(key) && object_[key].get(found) != simdjson::SUCCESS) {
      problem(key, "should be an object");
    }
    return found;
  }

  void problem(std::string_view key, std::string_view what, ErrorCode code = ErrorCode::parse) {
    if (error_) return;
    error_ = key.empty() ? Error{code, std::string(what)}
                         : Error{code, fmt::format("{}: {}", key, what)};
  }
  Result<void> done() && {
    if (error_) return std::unexpected(std::move(*error_));
    return {};
  }
  bool ok() const { return !error_; }

 private:
  const TruthLimits& limits_;
  dom::object object_;
  std::optional<Error> error_;
};

Result<TrueAct> act_of(const dom::element& value, const TruthLimits& limits) {
  Members members(value, limits);
  TrueAct act;
  act.time = members.time("time");
  const std::string name = members.text("activity", true);
  const auto activity = event::activity_from(name);
  if (members.ok() && !activity) {
    members.problem("activity", fmt::format("there is no activity '{}'", printable(name, 40)));
  }
  act.activity = activity.value_or(event::Activity::unknown);
  act.recipient = members.text("recipient", false);
  act.logged = members.truth("logged", true);
  WEIR_TRY(std::move(members).done());
  return act;
}

Result<TrueInsider> insider_of(const dom::element& value, const Truth& truth,
                               const TruthLimits& limits, std::size_t& acts_left) {
  Members members(value, limits);
  TrueInsider insider;
  insider.person = members.text("person", true);
  insider.user_id = members.text("user_id", false);
  insider.address = members.text("address", false);
  insider.world = members.text("world", false);
  if (insider.world.empty()) insider.world = truth.world;
  insider.scenario = members.text("scenario", false);
  insider.from = members.day("from");
  insider.to = members.day("to");
  const dom::array acts = members.array("acts", true);
  WEIR_TRY(std::move(members).done());
  std::size_t i = 0;
  for (const dom::element one : acts) {
    if (acts_left == 0) {
      return fail(ErrorCode::limit_exceeded, "there are more than {} acts", limits.acts);
    }
    --acts_left;
    auto act = act_of(one, limits);
    if (!act) return std::unexpected(std::move(act).error().while_doing(at("acts", i)));
    insider.acts.push_back(std::move(*act));
    ++i;
  }
  std::ranges::stable_sort(insider.acts, {}, &TrueAct::time);
  return insider;
}

Result<void> read_look_alikes(const dom::object& kinds, Truth& truth, const TruthLimits& limits) {
  std::size_t left = limits.look_alikes;
  for (const dom::key_value_pair kind : kinds) {
    dom::array keys;
    if (kind.key.size() > limits.text_bytes || kind.value.get(keys) != simdjson::SUCCESS) {
      return fail(ErrorCode::parse, "{}: should be an array of the roster's keys",
                  printable(kind.key, 40));
    }
    auto& people = truth.look_alikes[std::string(kind.key)];
    for (const dom::element one : keys) {
      std::string_view key;
      if (one.get(key) != simdjson::SUCCESS || key.size() > limits.text_bytes) {
        return fail(ErrorCode::parse, "{}: should be a key of the roster",
                    at(printable(kind.key, 40), people.size()));
      }
      if (left-- == 0) {
        return fail(ErrorCode::limit_exceeded, "there are more than {}", limits.look_alikes);
      }
      people.emplace_back(key);
    }
  }
  return {};
}

Result<Truth> truth_of(const dom::element& root, const TruthLimits& limits) {
  Members members(root, limits);
  const std::uint64_t version = members.number("version", true);
  if (members.ok() && version != kVersion) {
    return fail(ErrorCode::unsupported, "version is {}, this program knows version {}", version,
                kVersion);
  }
  Truth truth;
  truth.world = members.text("world", true);
  truth.seed = members.number("seed", false);
  truth.people = members.number("people", false);
  truth.from = members.day("from");
  truth.to = members.day("to");
  if (members.ok() && truth.to <= truth.from) members.problem("to", "is not after from");
  const dom::array insiders = members.array("insiders", true);
  const dom::object look_alikes = members.object("look_alikes");
  const bool with_look_alikes = members.has("look_alikes");
  WEIR_TRY(std::move(members).done());

  std::size_t acts_left = limits.acts;
  for (const dom::element one : insiders) {
    if (truth.insiders.size() >= limits.insiders) {
      return fail(ErrorCode::limit_exceeded, "there are more than {} insiders", limits.insiders);
    }
    auto insider = insider_of(one, truth, limits, acts_left);
    if (!insider) {
      return std::unexpected(
          std::move(insider).error().while_doing(at("insiders", truth.insiders.size())));
    }
    truth.insiders.push_back(std::move(*insider));
  }
  if (with_look_alikes) {
    auto read = read_look_alikes(look_alikes, truth, limits);
    if (!read) return std::unexpected(std::move(read).error().while_doing("look_alikes"));
  }
  return truth;
}

namespace ondemand = simdjson::ondemand;

/// Goes through a value until it is no JSON any more. The depth is bounded by the parser's.
template <class Value>
simdjson::error_code walk(Value& value) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type); error) return error;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object); error) return error;
    for (auto member : object) {
      ondemand::value inner;
      if (const auto error = member.value().get(inner); error) return error;
      if (const auto error = walk(inner); error) return error;
    }
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array); error) return error;
    for (auto element : array) {
      ondemand::value inner;
      if (const auto error = std::move(element).get(inner); error) return error;
      if (const auto error = walk(inner); error) return error;
    }
  }
  return simdjson::SUCCESS;
}

/// ", near line 7" of a text that the other parser refused; empty if that cannot be told.
std::string place_of_error(const simdjson::padded_string& json) {
  ondemand::parser parser;
  if (parser.allocate(json.size(), kDepth) != simdjson::SUCCESS) return {};
  ondemand::document document;
  if (parser.iterate(json).get(document) != simdjson::SUCCESS) return {};
  if (walk(document) == simdjson::SUCCESS) return {};
  const char* at = nullptr;
  if (document.current_location().get(at) != simdjson::SUCCESS) return {};
  if (at < json.data() || at > json.data() + json.size()) return {};
  return fmt::format(", near line {}", 1 + std::count(json.data(), at, '\n'));
}

}  // namespace

Result<Truth> parse_truth(std::string_view json, std::string_view file_name,
                          const TruthLimits& limits) {
  const std::string name = printable(file_name, 4096);
  if (json.size() > limits.file_bytes) {
    return fail(ErrorCode::limit_exceeded, "{}: larger than {} bytes", name, limits.file_bytes);
  }
  dom::parser parser;
  if (parser.allocate(std::max<std::size_t>(json.size(), 64), kDepth) != simdjson::SUCCESS) {
    return fail(ErrorCode::limit_exceeded, "{}: too large for this machine's memory", name);
  }
  dom::element root;
  const simdjson::padded_string padded(json);
  if (const auto error = parser.parse(padded).get(root); error) {
    return fail(ErrorCode::parse, "{}: this is not JSON{}: {}", name, place_of_error(padded),
                simdjson::error_message(error));
  }
  auto truth = truth_of(root, limits);
  if (!truth) return std::unexpected(std::move(truth).error().while_doing(name));
  return truth;
}

Result<Truth> read_truth(const std::filesystem::path& path, const TruthLimits& limits) {
  WEIR_ASSIGN(const std::string json, read_file(path, limits.file_bytes));
  return parse_truth(json, path.string(), limits);
}

}  // namespace weir::evaluate
