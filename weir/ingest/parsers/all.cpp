#include "weir/ingest/parsers/all.h"

#include <algorithm>
#include <array>

#include "weir/ingest/parsers/cert.h"
#include "weir/ingest/parsers/mail.h"
#include "weir/ingest/parsers/ocsf.h"

namespace weir::ingest {

std::span<const Format> formats() {
  static const std::array kFormats = {
      cert_format(),
      ocsf_format(),
      mail_format(),
  };
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find(formats(), name, &Format::name);
  return found == formats().end() ? nullptr : &*found;
}

const Format* recognise(std::string_view head, std::string_view file_name) {
  const Format* best = nullptr;
  Match best_match = Match::no;
  for (const Format& format : formats()) {
    const Match match = format.match(head, file_name);
    if (match > best_match) {
      best = &format;
      best_match = match;
    }
  }
  return best;
}

}  // namespace weir::ingest
