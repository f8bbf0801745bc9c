#include "weir/app/departures.h"

#include <algorithm>
#include <map>
#include <set>

#include "weir/base/text.h"
#include "weir/lake/query.h"
#include "weir/protect/exposure.h"

namespace weir::app {
namespace {

constexpr const char* kQuery = R"(
SELECT found.person, found.activity, strftime(found.time, '%Y-%m-%dT%H:%M:%SZ') AS at,
       hex(found.blocks) AS blocks,
       coalesce(string_agg(party.address, ' ')
                FILTER (party.recipient_class <> 'internal' AND party.role <> 'from'), '') AS addresses
FROM documents AS found LEFT JOIN parties AS party USING (uid)
WHERE found.document = {}
GROUP BY found.uid, found.person, found.activity, found.time, found.blocks
ORDER BY found.time)";
enum Column : std::size_t { kPerson, kActivity, kTime, kBlocks, kAddresses };

/// What comes together for one person and activity.
struct Sum {
  Departure row;
  std::set<std::string, std::less<>> addresses;
  bool whole = false;
  protect::Exposure blocks;
};

Result<void> add(const std::vector<std::string>& cells, Sum& sum) {
  if (sum.row.records++ == 0) sum.row.first = cells[kTime];
  sum.row.last = cells[kTime];
  for (const std::string_view address : split(cells[kAddresses], ' ')) {
    if (!address.empty()) sum.addresses.emplace(address);
  }
  std::string bytes;
  if (!append_hex_bytes(cells[kBlocks], bytes)) {
    sum.whole = true;
    return {};
  }
  WEIR_ASSIGN(protect::Exposure blocks, protect::Exposure::decode(bytes));
  if (sum.blocks.block_count() == 0) {
    sum.blocks = std::move(blocks);
    return {};
  }
  return sum.blocks.merge(blocks);
}

double share_of(const Sum& sum) {
  if (sum.whole) return 1.0;
  const std::uint32_t blocks = sum.blocks.block_count();
  return blocks == 0 ? 0.0 : static_cast<double>(sum.blocks.count()) / blocks;
}

}  // namespace

Result<std::vector<Departure>> departures_of(Workspace& workspace,
                                             const ProtectedDocument& document,
                                             const std::atomic<bool>* stop) {
  WEIR_ASSIGN(const lake::Lake lake, workspace.open_lake(true));
  lake::QueryOptions options;
  options.lake_folder = std::filesystem::absolute(workspace.lake_folder());
  options.files = lake.files();
  options.stop = stop;
  WEIR_ASSIGN(const lake::QueryResult result,
              lake::run_query(fmt::format(kQuery, document.number), options));
  if (result.truncated) {
    return fail(ErrorCode::limit_exceeded,
                "document {} was recognised in more than {} records: ask for some of them with "
                "`weir query \"SELECT … FROM documents WHERE document = {} AND year = …\"`",
                document.number, result.rows.size(), document.number);
  }
  WEIR_ASSIGN(const roster::People people, workspace.roster().people());

  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const std::vector<std::string>& cells : result.rows) {
    WEIR_TRY(add(cells, sums[{cells[kPerson], cells[kActivity]}]));
  }
  std::vector<Departure> departures;
  for (auto& [key, sum] : sums) {
    const auto& [person, activity] = key;
    const auto token = parse_hex_u64(person);
    const roster::Person* known =
        token ? people.find(static_cast<event::PersonId>(*token)) : nullptr;
    sum.row.person = known != nullptr ? known->pseudonym : "not known";
    sum.row.activity = activity;
    sum.row.addresses = sum.addresses.size();
    sum.row.share = share_of(sum);
    departures.push_back(std::move(sum.row));
  }
  std::ranges::stable_sort(departures, {}, &Departure::first);
  return departures;
}

}  // namespace weir::app
