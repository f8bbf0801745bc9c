#include "weir/ingest/detail/cert_layout.h"

#include <algorithm>
#include <vector>

#include "weir/base/text.h"

namespace weir::ingest {
namespace {

struct LayoutHeader {
  CertLayout layout{};
  std::string_view header;
};

constexpr std::array kLayouts = {
    LayoutHeader{CertLayout::logon_or_device, "id,date,user,pc,activity"},
    LayoutHeader{CertLayout::device_r5, "id,date,user,pc,file_tree,activity"},
    LayoutHeader{CertLayout::http_r4, "id,date,user,pc,url,content"},
    LayoutHeader{CertLayout::http_r6, "id,date,user,pc,url,activity,content"},
    LayoutHeader{CertLayout::email_r4, "id,date,user,pc,to,cc,bcc,from,size,attachments,content"},
    LayoutHeader{CertLayout::email_r5,
                 "id,date,user,pc,to,cc,bcc,from,activity,size,attachments,content"},
    LayoutHeader{CertLayout::file_r4, "id,date,user,pc,filename,content"},
    LayoutHeader{
        CertLayout::file_r5,
        "id,date,user,pc,filename,activity,to_removable_media,from_removable_media,content"},
};

struct RefusedHeader {
  std::string_view start;
  std::string_view why;
};

constexpr std::array kRefused = {
    RefusedHeader{"employee_name,user_id,O,C,E,A,N",
                  "personality scores (psychometric.csv) are refused: Weir looks at what people do "
                  "with documents, never at who they are. Leave this file out"},
    RefusedHeader{
        "decoy_filename,pc",
        "a list of decoy files (decoy.csv) is not a log: it holds no activity of anybody. "
        "Leave this file out"},
    RefusedHeader{"employee_name,user_id,email,role",
                  "an LDAP month is about people, not about what they did. Import the folder with: "
                  "weir roster import LDAP-FOLDER"},
};

}  // namespace

std::string_view first_line_of(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  std::string_view line = head.substr(0, head.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<CertColumns> find_cert_columns(std::string_view head) {
  constexpr std::size_t kLongestHeader = 256;
  const std::string_view header = first_line_of(head);
  if (header.size() > kLongestHeader) return {};
  const std::vector<std::string_view> said = split(header, ',');
  for (const LayoutHeader& known : kLayouts) {
    const std::vector<std::string_view> names = split(known.header, ',');
    if (!std::ranges::is_permutation(said, names)) continue;
    CertColumns columns;
    columns.layout = known.layout;
    columns.count = said.size();
    for (std::size_t i = 0; i < said.size(); ++i) {
      const auto place = std::ranges::find(names, said[i]) - names.begin();
      columns.place[i] = static_cast<std::uint8_t>(place);
    }
    return columns;
  }
  return {};
}

std::string_view why_cert_refuses(std::string_view head) {
  const std::string_view header = first_line_of(head);
  for (const RefusedHeader& refused : kRefused) {
    if (header.starts_with(refused.start)) return refused.why;
  }
  return {};
}

}  // namespace weir::ingest
