#include "weir/ingest/detail/ocsf_parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "weir/ingest/detail/line_splitter.h"
#include "weir/ingest/detail/ocsf_json.h"
#include "weir/ingest/detail/ocsf_values.h"
#include "weir/ingest/detail/url_host.h"

namespace weir::ingest {

namespace ondemand = simdjson::ondemand;
using event::Sensitivity;

static_assert(LineSplitter::kPadding >= simdjson::SIMDJSON_PADDING);
static_assert(OcsfParser::kMaxDepth == OcsfJson::kMaxDepth);

struct OcsfParser::Impl : OcsfJson {
  Limits limits;
  ondemand::parser parser;
  std::string digests;  // decoded; reserved before use, so that views into it stay
  OcsfSaid* said = nullptr;

  /// Hexadecimal digits become the bytes they stand for; other texts stay.
  std::string_view digest_bytes(std::string_view text) {
    const std::size_t begin = digests.size();
    return append_hex_bytes(text, digests) ? std::string_view(digests).substr(begin) : text;
  }

  Failure flags(ondemand::value& value, std::uint16_t& out) {
    return elements(value, [&](ondemand::value& element) -> Failure {
      std::string_view name;
      if (const Failure failure = text(element, name); failure) return failure;
      const std::optional<event::Flag> flag = event::flag_from(name);
      if (!flag) return ParseError::bad_structure;
      out |= *flag;
      return kOk;
    });
  }

  Failure classification(ondemand::value& value, Sensitivity& out) {
    std::uint64_t id = 0;
    std::string_view name;
    const Failure failure = object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::confidentiality_id) return integer(v, id);
      if (key == Key::confidentiality) return text(v, name);
      return skip(v);
    });
    if (failure) return failure;
    const Sensitivity by_id = sensitivity_of_id(id);
    out = std::max(out, by_id != Sensitivity::unknown ? by_id : sensitivity_of_name(name));
    return kOk;
  }

  Failure classifications(ondemand::value& value, Sensitivity& out) {
    return elements(value, [&](ondemand::value& element) { return classification(element, out); });
  }

  /// Of several digests the one that identifies content best; fuzzy ones do not.
  Failure hashes(ondemand::value& value, std::string_view& digest) {
    constexpr std::array<std::uint8_t, 8> kRank = {2, 4, 5, 7, 6, 0, 0, 3};
    std::uint8_t best = 0;
    return elements(value, [&](ondemand::value& element) -> Failure {
      std::uint64_t algorithm = 0;
      std::string_view said_value;
      const Failure failure = object(element, [&](Key key, ondemand::value& v) {
        if (key == Key::algorithm_id) return integer(v, algorithm);
        if (key == Key::value) return text(v, said_value);
        return skip(v);
      });
      if (failure) return failure;
      const std::uint8_t rank = algorithm < kRank.size() ? kRank[algorithm] : 1;
      if (rank > best && !said_value.empty()) {
        best = rank;
        digest = digest_bytes(said_value);
      }
      return kOk;
    });
  }

  Failure file(ondemand::value& value, OcsfSaid::File& out) {
    Sensitivity by_id = Sensitivity::unknown;
    std::string_view name_of_class;
    const Failure failure = object(value, [&](Key key, ondemand::value& v) -> Failure {
      switch (key) {
        case Key::name:
          return text(v, out.name);
        case Key::path:
          return text(v, out.path);
        case Key::size:
          return integer(v, out.object.bytes);
        case Key::parent_folder:
          out.has_place = kind_of(v) != 'n';
          return text(v, out.object.place);
        case Key::hashes:
        case Key::fingerprints:
          return hashes(v, out.object.digest);
        case Key::data_classification:
        case Key::data_classifications:
          return classifications(v, out.object.sensitivity);
        case Key::confidentiality_id: {
          std::uint64_t id = 0;
          const Failure bad = integer(v, id);
          by_id = sensitivity_of_id(id);
          return bad;
        }
        case Key::confidentiality:
          return text(v, name_of_class);
        default:
          return skip(v);
      }
    });
    if (failure) return failure;
    if (by_id == Sensitivity::unknown) by_id = sensitivity_of_name(name_of_class);
    out.object.sensitivity = std::max(out.object.sensitivity, by_id);
    return kOk;
  }

  Failure files(ondemand::value& value, std::vector<OcsfSaid::File>& out) {
    return elements(value, [&](ondemand::value& element) -> Failure {
      if (out.size() >= limits.objects) return ParseError::too_long;
      return file(element, out.emplace_back());
    });
  }

  Failure user(ondemand::value& value, OcsfSaid::User& out) {
    const Failure failure = object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::uid) return text(v, out.uid);
      if (key == Key::name) return text(v, out.name);
      if (key == Key::email_addr) return text(v, out.email_addr);
      return skip(v);
    });
    out.email_addr = bare_address(out.email_addr);
    return failure;
  }

  Failure endpoint(ondemand::value& value, OcsfSaid::Endpoint& out) {
    return object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::hostname) return text(v, out.hostname);
      if (key == Key::name) return text(v, out.name);
      if (key == Key::uid) return text(v, out.uid);
      return skip(v);
    });
  }

  /// "a@b", "Name <a@b>" or {"email_addr": "a@b"}.
  Failure address(ondemand::value& value, std::string_view& out) {
    if (kind_of(value) == '{') {
      OcsfSaid::User mailbox;
      if (const Failure failure = user(value, mailbox); failure) return failure;
      out = mailbox.email_addr;
      return kOk;
    }
    if (const Failure failure = text(value, out); failure) return failure;
    out = bare_address(out);
    return kOk;
  }

  Failure add_party(std::string_view party, event::PartyRole role) const {
    if (said->parties.size() >= limits.parties) return ParseError::too_long;
    if (!party.empty()) said->parties.push_back({party, role});
    return kOk;
  }

  Failure addresses(ondemand::value& value, event::PartyRole role) {
    return elements(value, [&](ondemand::value& element) -> Failure {
      std::string_view party;
      if (const Failure failure = address(element, party); failure) return failure;
      return add_party(party, role);
    });
  }

  Failure envelope(ondemand::value& value) {
    return elements(value, [&](ondemand::value& element) -> Failure {
      std::string_view party;
      if (const Failure failure = address(element, party); failure) return failure;
      if (said->envelope_to.size() >= limits.parties) return ParseError::too_long;
      if (!party.empty()) said->envelope_to.push_back(party);
      return kOk;
    });
  }

  Failure email(ondemand::value& value) {
    return object(value, [&](Key key, ondemand::value& v) -> Failure {
      switch (key) {
        case Key::from:
          return address(v, said->from);
        case Key::to:
          return addresses(v, event::PartyRole::to);
        case Key::cc:
          return addresses(v, event::PartyRole::cc);
        case Key::bcc:
          return addresses(v, event::PartyRole::bcc);
        case Key::smtp_from:
          return address(v, said->envelope_from);
        case Key::smtp_to:
        case Key::delivered_to:
          return envelope(v);
        case Key::subject:
          return text(v, said->subject);
        case Key::size:
          return integer(v, said->mail_size);
        case Key::files:
          return files(v, said->files);
        case Key::data_classification:
        case Key::data_classifications:
          return classifications(v, said->sensitivity);
        default:
          return skip(v);
      }
    });
  }

  Failure url(ondemand::value& value, std::string_view& hostname) {
    if (kind_of(value) == '"') {
      std::string_view whole;
      if (const Failure failure = text(value, whole); failure) return failure;
      hostname = url_host(whole);
      return kOk;
    }
    std::string_view whole;
    const Failure failure = object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::hostname) return text(v, hostname);
      if (key == Key::url_string) return text(v, whole);
      return skip(v);
    });
    if (!failure && hostname.empty()) hostname = url_host(whole);
    return failure;
  }

  Failure http_request(ondemand::value& value) {
    return object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::url) return url(v, said->site);
      if (key == Key::http_method) return text(v, said->method);
      if (key == Key::length) return integer(v, said->request_length);
      return skip(v);
    });
  }

  Failure traffic(ondemand::value& value) {
    return object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::bytes_in) return integer(v, said->traffic_in);
      if (key == Key::bytes_out) return integer(v, said->traffic_out);
      if (key == Key::bytes) return integer(v, said->traffic);
      return skip(v);
    });
  }

  Failure peripheral(ondemand::value& value) {
    said->has_peripheral = true;
    return object(value, [&](Key key, ondemand::value& v) -> Failure {
      if (key == Key::name) return text(v, said->peripheral.name);
      if (key == Key::uid) return text(v, said->peripheral.uid);
      if (key == Key::serial_number) return text(v, said->peripheral.serial_number);
      if (key == Key::type_id) {
        std::uint64_t type = 0;
        const Failure failure = integer(v, type);
        said->peripheral.is_storage = type == 1;
        return failure;
      }
      return skip(v);
    });
  }

  /// database, databucket, table: a named thing that was read.
  Failure datastore(ondemand::value& value) {
    if (said->files.size() >= limits.objects) return ParseError::too_long;
    OcsfSaid::File& out = said->files.emplace_back();
    std::string_view uid;
    const Failure failure = object(value, [&](Key key, ondemand::value& v) -> Failure {
      switch (key) {
        case Key::name:
          return text(v, out.name);
        case Key::uid:
          return text(v, uid);
        case Key::data_classification:
        case Key::data_classifications:
          return classifications(v, out.object.sensitivity);
        default:
          return skip(v);
      }
    });
    if (out.name.empty()) out.name = uid;
    return failure;
  }

  Failure web_resources(ondemand::value& value) {
    return elements(value, [&](ondemand::value& element) -> Failure {
      if (said->files.size() >= limits.objects) return ParseError::too_long;
      OcsfSaid::File& out = said->files.emplace_back();
      return object(element, [&](Key key, ondemand::value& v) -> Failure {
        switch (key) {
          case Key::name:
            return text(v, out.name);
          case Key::url_string: {
            std::string_view whole;
            const Failure failure = text(v, whole);
            if (said->site_of_url.empty()) said->site_of_url = url_host(whole);
            return failure;
          }
          case Key::data_classification:
          case Key::data_classifications:
            return classifications(v, out.object.sensitivity);
          default:
            return skip(v);
        }
      });
    });
  }

  Failure own_party(ondemand::value& value) {
    std::string_view role;
    std::string_view party;
    const Failure failure = object(value, [&](Key key, ondemand::value& v) {
      if (key == Key::role) return text(v, role);
      if (key == Key::address) return text(v, party);
      return skip(v);
    });
    if (failure) return failure;
    const std::optional<event::PartyRole> known = event::party_role_from(role);
    return known ? add_party(bare_address(party), *known) : ParseError::bad_structure;
  }

  /// A name out of a closed list of Weir's own.
  template <class Value, class Find>
  Failure named(ondemand::value& value, Value& out, Find find) {
    std::string_view name;
    if (const Failure failure = text(value, name); failure) return failure;
    const auto found = find(name);
    if (!found) return ParseError::bad_structure;
    out = *found;
    return kOk;
  }

  Failure own(ondemand::value& value) {
    OcsfSaid::Own& out = said->own;
    return object(value, [&](Key key, ondemand::value& v) -> Failure {
      switch (key) {
        case Key::activity:
          return text(v, out.activity);
        case Key::local_time: {
          const auto error = v.get_bool().get(out.local_time);
          return error ? failure_of(error) : kOk;
        }
        case Key::title:
          return text(v, out.title);
        case Key::content_hash: {
          std::string_view digest;
          const Failure failure = text(v, digest);
          out.content_digest = digest_bytes(digest);
          return failure;
        }
        case Key::account_instance:
          return named(v, out.account_instance, event::account_instance_from);
        case Key::sensitivity:
          return named(v, out.sensitivity, event::sensitivity_from);
        case Key::flags:
          return flags(v, out.flags);
        case Key::bytes:
          return integer(v, out.bytes);
        case Key::parties:
          return elements(v, [&](ondemand::value& party) { return own_party(party); });
        case Key::files:
          return files(v, out.files);
        case Key::file_flags:
          return elements(v, [&](ondemand::value& element) -> Failure {
            if (out.file_flags.size() >= limits.objects) return ParseError::too_long;
            return flags(element, out.file_flags.emplace_back());
          });
        default:
          return skip(v);
      }
    });
  }

  Failure event_member(Key key, ondemand::value& v) {
    switch (key) {
      case Key::class_uid:
        return integer(v, said->class_uid);
      case Key::activity_id:
        return integer(v, said->activity_id);
      case Key::type_uid:
        return integer(v, said->type_uid);
      case Key::class_name:
        return text(v, said->class_name);
      case Key::activity_name:
        return text(v, said->activity_name);
      case Key::time:
        return integer(v, said->time);
      case Key::time_dt:
        return text(v, said->time_dt);
      case Key::timezone_offset:
        return integer(v, said->timezone_offset);
      case Key::status_id:
        return integer(v, said->status_id);
      case Key::direction_id:
        return integer(v, said->direction_id);
      case Key::actor:
        return object(v, [&](Key inner, ondemand::value& u) {
          return inner == Key::user ? user(u, said->actor) : skip(u);
        });
      case Key::user:
        return user(v, said->user);
      case Key::device:
        return endpoint(v, said->device);
      case Key::src_endpoint:
        return endpoint(v, said->source);
      case Key::dst_endpoint:
        return endpoint(v, said->destination);
      case Key::email:
        return email(v);
      case Key::from:
        return address(v, said->envelope_from);
      case Key::to:
        return envelope(v);
      case Key::file:
        if (kind_of(v) == 'n') return skip(v);
        return file(v, said->files.emplace_back());
      case Key::file_result:
        said->has_file_result = kind_of(v) != 'n';
        return file(v, said->file_result);
      case Key::http_request:
        return http_request(v);
      case Key::http_response:
        return object(v, [&](Key inner, ondemand::value& u) {
          return inner == Key::length ? integer(u, said->response_length) : skip(u);
        });
      case Key::traffic:
        return traffic(v);
      case Key::peripheral_device:
        return kind_of(v) == 'n' ? skip(v) : peripheral(v);
      case Key::database:
      case Key::databucket:
      case Key::table:
        return kind_of(v) == 'n' ? skip(v) : datastore(v);
      case Key::web_resources:
        return web_resources(v);
      case Key::unmapped:
        // Whatever else a producer keeps there may have any form.
        if (kind_of(v) != '{') return skip(v);
        return object(v, [&](Key inner, ondemand::value& u) {
          return inner == Key::weir ? own(u) : skip(u);
        });
      default:
        return skip(v);
    }
  }

  Failure parse(std::string_view line) {
    digests.clear();
    if (digests.capacity() < line.size()) digests.reserve(line.size());
    begin();
    ondemand::document document;
    const simdjson::padded_string_view padded(line, line.size() + LineSplitter::kPadding);
    if (const auto error = parser.iterate(padded).get(document); error) return failure_of(error);
    ondemand::object root;
    if (const auto error = document.get_object().get(root); error) {
      return error == simdjson::INCORRECT_TYPE ? ParseError::not_json : failure_of(error);
    }
    const Failure failure =
        members(root, [this](Key key, ondemand::value& v) { return event_member(key, v); });
    if (failure) return failure;
    // Something behind the object: two records in one line, or a brace too many.
    const char* rest = nullptr;
    const bool at_end = document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    return at_end ? kOk : Failure(ParseError::not_json);
  }
};

OcsfParser::OcsfParser(const Limits& limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
}
OcsfParser::OcsfParser(OcsfParser&&) noexcept = default;
OcsfParser& OcsfParser::operator=(OcsfParser&&) noexcept = default;
OcsfParser::~OcsfParser() = default;

std::optional<ParseError> OcsfParser::parse(std::string_view line, OcsfSaid& said) {
  said.clear();
  impl_->said = &said;
  return impl_->parse(line);
}

}  // namespace weir::ingest
