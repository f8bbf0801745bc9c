#include "weir/content/detail/compound.h"

#include <algorithm>

#include "weir/base/bytes.h"
#include "weir/base/text.h"
#include "weir/content/detail/charset.h"

namespace weir::content {
namespace {

constexpr std::uint32_t kEnd = 0xfffffffe;
constexpr std::size_t kMostEntries = 20'000;

template <class T>
T at(std::string_view bytes, std::uint64_t offset) {
  return ByteReader(bytes.substr(std::min<std::uint64_t>(offset, bytes.size()))).fixed<T>();
}

void append_table(std::string_view sector, std::vector<std::uint32_t>& out) {
  ByteReader reader(sector);
  while (reader.remaining() >= 4) out.push_back(reader.fixed<std::uint32_t>());
}

}  // namespace

std::string_view CompoundFile::sector(std::uint32_t number) const {
  const std::uint64_t offset = (std::uint64_t{number} + 1) * sector_bytes_;
  return offset >= bytes_.size() ? std::string_view() : bytes_.substr(offset, sector_bytes_);
}

std::string CompoundFile::chain(std::uint32_t number, std::uint64_t size) const {
  std::string out;
  // No chain is longer than the file: what is, goes in circles.
  for (std::size_t steps = 0; number < table_.size() && out.size() < size; ++steps) {
    if (steps > bytes_.size() / sector_bytes_) {
      hurt_ = true;
      break;
    }
    out += sector(number);
    number = table_[number];
  }
  if (out.size() < size && size != UINT64_MAX) hurt_ = true;
  out.resize(std::min<std::uint64_t>(out.size(), size));
  return out;
}

bool CompoundFile::open(std::string_view bytes) {
  bytes_ = bytes;
  const auto shift = at<std::uint16_t>(bytes, 30);
  const auto small_shift = at<std::uint16_t>(bytes, 32);
  if (bytes.size() < 512 || (shift != 9 && shift != 12) || small_shift != 6) return false;
  sector_bytes_ = std::size_t{1} << shift;
  small_limit_ = at<std::uint32_t>(bytes, 56);

  std::vector<std::uint32_t> holders;
  append_table(bytes.substr(76, 109 * 4), holders);
  auto more = at<std::uint32_t>(bytes, 68);
  for (std::size_t steps = 0; more < kEnd - 4 && steps < bytes.size() / sector_bytes_; ++steps) {
    std::vector<std::uint32_t> next;
    append_table(sector(more), next);
    if (next.empty()) break;
    more = next.back();
    next.pop_back();
    holders.insert(holders.end(), next.begin(), next.end());
  }
  for (const std::uint32_t holder : holders) {
    if (holder >= kEnd - 4) continue;
    append_table(sector(holder), table_);
    if (table_.size() > bytes.size() / sector_bytes_ + 1024) break;
  }
  const std::string small = chain(at<std::uint32_t>(bytes, 60), UINT64_MAX);
  append_table(small, small_table_);
  read_directory(at<std::uint32_t>(bytes, 48));
  return !entries_.empty();
}

void CompoundFile::read_directory(std::uint32_t start) {
  const std::string directory = chain(start, UINT64_MAX);
  struct Node {
    std::string name;
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t child = 0;
    Entry entry;
    std::uint8_t type = 0;
  };
  std::vector<Node> nodes;
  for (std::size_t offset = 0; offset + 128 <= directory.size() && nodes.size() < kMostEntries;
       offset += 128) {
    const std::string_view raw = std::string_view(directory).substr(offset, 128);
    const std::size_t length = std::min<std::size_t>(at<std::uint16_t>(raw, 64), 64);
    Node node;
    node.name = to_utf8(raw.substr(0, length >= 2 ? length - 2 : 0), "UTF-16LE").value_or("");
    node.type = at<std::uint8_t>(raw, 66);
    node.left = at<std::uint32_t>(raw, 68);
    node.right = at<std::uint32_t>(raw, 72);
    node.child = at<std::uint32_t>(raw, 76);
    node.entry.start = at<std::uint32_t>(raw, 116);
    node.entry.size = at<std::uint32_t>(raw, 120);
    node.entry.is_stream = node.type == 2;
    nodes.push_back(std::move(node));
  }
  if (nodes.empty()) return;
  small_ = chain(nodes[0].entry.start, nodes[0].entry.size);
  struct Step {
    std::uint32_t node;
    std::string prefix;
  };
  std::vector<bool> seen(nodes.size());
  std::vector<Step> pending{{nodes[0].child, ""}};
  while (!pending.empty()) {
    Step step = std::move(pending.back());
    pending.pop_back();
    if (step.node >= nodes.size() || seen[step.node] || step.prefix.size() > 1000) continue;
    seen[step.node] = true;
    Node& node = nodes[step.node];
    pending.push_back({node.left, step.prefix});
    pending.push_back({node.right, step.prefix});
    node.entry.path = step.prefix + node.name;
    if (!node.entry.is_stream) pending.push_back({node.child, node.entry.path + "/"});
    entries_.push_back(node.entry);
  }
  // What no tree names is still there.
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (seen[i] || nodes[i].type != 2) continue;
    nodes[i].entry.path = nodes[i].name;
    entries_.push_back(nodes[i].entry);
  }
}

std::string CompoundFile::read(const Entry& entry) const {
  if (!entry.is_stream || entry.size == 0) return {};
  if (entry.size >= small_limit_) return chain(entry.start, entry.size);
  std::string out;
  std::uint32_t number = entry.start;
  while (number < small_table_.size() && out.size() < entry.size) {
    const std::uint64_t offset = std::uint64_t{number} * small_bytes_;
    if (offset >= small_.size()) break;
    out.append(small_, offset, small_bytes_);
    number = small_table_[number];
  }
  if (out.size() < entry.size) hurt_ = true;
  out.resize(std::min<std::uint64_t>(out.size(), entry.size));
  return out;
}

std::string CompoundFile::read(std::string_view name) const {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.is_stream && equals_ignoring_case(entry.name(), name);
  });
  return found == entries_.end() ? std::string() : read(*found);
}

}  // namespace weir::content
