#include "weir/content/lettering.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "weir/content/detail/letter_rows.h"

namespace weir::content {
namespace {

constexpr std::size_t kTile = 512;          // points; each is looked at alone
constexpr std::size_t kRadius = 15;         // of the surroundings a point is compared with
constexpr std::size_t kSmallest = 4;        // side of a picture
constexpr std::size_t kLongestRun = 64;     // of a letter; what is longer is a rule or a frame
constexpr std::size_t kMostShapes = 4'000;  // of a tile; a full page of small print has fewer
constexpr std::uint8_t kDarker = 1;
constexpr std::uint8_t kLighter = 2;

struct Tile {
  std::size_t left = 0;
  std::size_t top = 0;
  std::size_t width = 0;
  std::size_t height = 0;
};

/// Points next to each other of one row that are ink.
struct Run {
  std::uint16_t y = 0;
  std::uint16_t begin = 0;
  std::uint16_t end = 0;
  std::uint32_t shape = 0;  // index of another run of the same shape, or its own
};

/// Differences between neighbours as most points have them: grain of film, noise, dithering.
int grain(const Plane& plane) {
  std::array<std::size_t, 256> count{};
  for (std::size_t i = 1; i < plane.points.size(); ++i) {
    ++count[static_cast<std::size_t>(std::abs(plane.points[i] - plane.points[i - 1]))];
  }
  std::size_t sum = 0;
  std::size_t at = 0;
  while (at < 255 && (sum += count[at]) * 2 < plane.points.size()) ++at;
  return static_cast<int>(at);
}

std::uint32_t root(std::vector<Run>& runs, std::uint32_t i) {
  while (runs[i].shape != i) i = runs[i].shape = runs[runs[i].shape].shape;
  return i;
}

class TileReader {
 public:
  TileReader(const Plane& plane, int grain) : plane_(plane), least_(2 + 2 * grain) {}

  std::size_t letters(const Tile& tile) {
    std::size_t most = 0;
    if (is_plain(tile)) return 0;
    mark_off(tile);
    for (const std::uint8_t mark : {kDarker, kLighter}) {
      find_runs(tile, mark);
      find_shapes(tile, mark);
      most = std::max(most, letters_in_rows(shapes_));
    }
    return most;
  }

 private:
  /// Fills marks_: 1 darker, 2 lighter than the surroundings, by half their spread and `least_`.
  void mark_off(const Tile& tile);
  bool is_plain(const Tile& tile) const;
  void find_runs(const Tile& tile, std::uint8_t mark);
  void find_shapes(const Tile& tile, std::uint8_t mark);
  void measure(Shape& shape, const Run& run, const Tile& tile, std::uint8_t mark) const;

  const Plane& plane_;
  int least_;
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint32_t> squares_;
  std::vector<std::uint8_t> marks_;
  std::vector<Run> runs_;
  std::vector<Shape> shapes_;
};

bool TileReader::is_plain(const Tile& tile) const {
  const std::uint8_t* row = plane_.points.data() + tile.top * plane_.width + tile.left;
  const std::uint8_t first = *row;
  for (std::size_t y = 0; y < tile.height; ++y, row += plane_.width) {
    if (!std::all_of(row, row + tile.width, [&](std::uint8_t point) { return point == first; })) {
      return false;
    }
  }
  return true;
}

void TileReader::mark_off(const Tile& tile) {
  marks_.assign(tile.width * tile.height, 0);
  // Sums of the columns of the window, which then slides along the row.
  const std::size_t left = tile.left - std::min(tile.left, kRadius);
  const std::size_t right = std::min(plane_.width, tile.left + tile.width + kRadius);
  sums_.assign(right - left, 0);
  squares_.assign(right - left, 0);
  const auto add_row = [&](std::size_t y, bool add) {
    const std::uint8_t* row = plane_.points.data() + y * plane_.width + left;
    for (std::size_t x = 0; x < right - left; ++x) {
      const std::uint32_t value = row[x];
      sums_[x] += add ? value : -value;
      squares_[x] += add ? value * value : -(value * value);
    }
  };
  std::size_t first = tile.top - std::min(tile.top, kRadius);
  std::size_t last = first;  // rows [first, last) are in the sums
  for (std::size_t y = 0; y < tile.height; ++y) {
    const std::size_t here = tile.top + y;
    const std::size_t want = std::min(plane_.height, here + kRadius + 1);
    while (last < want) add_row(last++, true);
    while (first + kRadius < here) add_row(first++, false);

    std::uint64_t sum = 0;
    std::uint64_t square = 0;
    std::size_t from = 0;  // columns [from, to) are in the window
    std::size_t to = 0;
    const std::uint8_t* points = plane_.points.data() + here * plane_.width + tile.left;
    for (std::size_t x = 0; x < tile.width; ++x) {
      const std::size_t column = tile.left - left + x;
      for (const std::size_t end = std::min(right - left, column + kRadius + 1); to < end; ++to) {
        sum += sums_[to];
        square += squares_[to];
      }
      for (; from + kRadius < column; ++from) {
        sum -= sums_[from];
        square -= squares_[from];
      }
      const auto count = static_cast<float>((to - from) * (last - first));
      const float mean = static_cast<float>(sum) / count;
      const float apart = static_cast<float>(points[x]) - mean;
      if (std::abs(apart) * 2 < static_cast<float>(least_)) continue;
      const float variance = static_cast<float>(square) / count - mean * mean;
      if (apart * apart > variance) marks_[y * tile.width + x] = apart < 0 ? kDarker : kLighter;
    }
  }
}

void TileReader::find_runs(const Tile& tile, std::uint8_t mark) {
  runs_.clear();
  std::uint32_t above = 0;  // first run of the row above that may still touch
  for (std::size_t y = 0; y < tile.height; ++y) {
    const std::uint8_t* row = marks_.data() + y * tile.width;
    const auto row_begin = static_cast<std::uint32_t>(runs_.size());
    for (std::size_t x = 0; x < tile.width; ++x) {
      if (row[x] != mark) continue;
      const std::size_t begin = x;
      while (x < tile.width && row[x] == mark) ++x;
      if (x - begin > kLongestRun) continue;
      const auto index = static_cast<std::uint32_t>(runs_.size());
      runs_.push_back({static_cast<std::uint16_t>(y), static_cast<std::uint16_t>(begin),
                       static_cast<std::uint16_t>(x), index});
      while (above < row_begin && runs_[above].end < begin) ++above;
      for (std::uint32_t i = above; i < row_begin && runs_[i].begin <= x; ++i) {
        runs_[root(runs_, i)].shape = root(runs_, index);
      }
    }
    above = row_begin;
  }
}

void TileReader::find_shapes(const Tile& tile, std::uint8_t mark) {
  // Only boxes first: most shapes are specks or too large.
  struct Box {
    std::uint16_t left = 0xffff, right = 0, top = 0xffff, bottom = 0;
    std::uint32_t points = 0;
    std::uint32_t shape = 0xffffffff;
  };
  std::vector<Box> boxes(runs_.size());
  for (std::uint32_t i = 0; i < runs_.size(); ++i) {
    const Run& run = runs_[i];
    Box& box = boxes[root(runs_, i)];
    box.left = std::min(box.left, run.begin);
    box.right = std::max(box.right, run.end);
    box.top = std::min(box.top, run.y);
    box.bottom = std::max<std::uint16_t>(box.bottom, static_cast<std::uint16_t>(run.y + 1));
    box.points += static_cast<std::uint32_t>(run.end - run.begin);
  }
  shapes_.clear();
  for (Box& box : boxes) {
    if (box.points == 0) continue;
    const auto width = static_cast<float>(box.right - box.left);
    const auto height = static_cast<float>(box.bottom - box.top);
    // Letters that touch make one shape as long as a word.
    const bool fits = std::max(width, height) >= kLowestLetter &&
                      std::min(width, height) <= 1.5F * kHighestLetter &&
                      std::max(width, height) <= 8 * kHighestLetter &&
                      static_cast<float>(box.points) * 12 >= width * height;
    if (!fits || shapes_.size() >= kMostShapes) continue;
    box.shape = static_cast<std::uint32_t>(shapes_.size());
    shapes_.emplace_back();
  }
  for (std::uint32_t i = 0; i < runs_.size(); ++i) {
    const std::uint32_t index = boxes[root(runs_, i)].shape;
    if (index == 0xffffffff) continue;
    measure(shapes_[index], runs_[i], tile, mark);
  }
  std::erase_if(shapes_, [&](const Shape& shape) { return !shape.stands_out(least_); });
}

void TileReader::measure(Shape& shape, const Run& run, const Tile& tile, std::uint8_t mark) const {
  for (std::size_t d = 0; d < kDirections; ++d) {
    const auto [cosine, sine] = directions()[d];
    for (const int x : {int{run.begin}, run.end - 1}) {
      shape.along[d].add(static_cast<float>(x) * cosine + static_cast<float>(run.y) * sine);
      shape.across[d].add(static_cast<float>(run.y) * cosine - static_cast<float>(x) * sine);
    }
  }
  const std::size_t y = tile.top + run.y;
  const auto outside = [&](std::size_t x, std::size_t at_y) {
    const std::uint64_t value = plane_.points[at_y * plane_.width + x];
    ++shape.edges;
    shape.outside += value;
    shape.outside_squares += value * value;
  };
  // Two points away: letters have soft edges.
  if (tile.left + run.begin >= 2) outside(tile.left + run.begin - 2, y);
  if (tile.left + run.end + 1 < plane_.width) outside(tile.left + run.end + 1, y);
  const std::uint8_t* marks = marks_.data() + run.y * tile.width;
  for (std::size_t x = run.begin; x < run.end; ++x) {
    shape.value += plane_.points[y * plane_.width + tile.left + x];
    if (y >= 2 && run.y > 0 && *(marks + x - tile.width) != mark) outside(tile.left + x, y - 2);
    if (y + 2 < plane_.height && run.y + 1U < tile.height && marks[x + tile.width] != mark) {
      outside(tile.left + x, y + 2);
    }
  }
  shape.points += static_cast<std::uint32_t>(run.end - run.begin);
}

/// A tile twice as wide and high, points between the old ones being their means.
Plane doubled(const Plane& plane, const Tile& tile) {
  Plane out{.width = 2 * tile.width, .height = 2 * tile.height, .points = {}};
  out.points.resize(out.width * out.height);
  for (std::size_t y = 0; y < out.height; ++y) {
    const std::size_t above = tile.top + y / 2;
    const std::size_t below = std::min(plane.height - 1, above + y % 2);
    const std::uint8_t* a = plane.points.data() + above * plane.width;
    const std::uint8_t* b = plane.points.data() + below * plane.width;
    for (std::size_t x = 0; x < out.width; ++x) {
      const std::size_t left = tile.left + x / 2;
      const std::size_t right = std::min(plane.width - 1, left + x % 2);
      out.points[y * out.width + x] =
          static_cast<std::uint8_t>((a[left] + a[right] + b[left] + b[right] + 2) / 4);
    }
  }
  return out;
}

template <class Count>
std::size_t sum_of_tiles(const Plane& plane, std::size_t side, std::size_t enough, Count count) {
  std::size_t letters = 0;
  for (std::size_t y = 0; y < plane.height && letters < enough; y += side) {
    for (std::size_t x = 0; x < plane.width && letters < enough; x += side) {
      letters += count(Tile{.left = x,
                            .top = y,
                            .width = std::min(side, plane.width - x),
                            .height = std::min(side, plane.height - y)});
    }
  }
  return letters;
}

std::size_t count_at_this_size(const Plane& plane, std::size_t enough) {
  TileReader reader(plane, grain(plane));
  return sum_of_tiles(plane, kTile, enough, [&](const Tile& tile) { return reader.letters(tile); });
}

std::size_t count_doubled(const Plane& plane, std::size_t enough) {
  const int grains = grain(plane);
  return sum_of_tiles(plane, kTile / 2, enough, [&](const Tile& tile) {
    const Plane large = doubled(plane, tile);
    return TileReader(large, grains)
        .letters({.left = 0, .top = 0, .width = large.width, .height = large.height});
  });
}

}  // namespace

bool is_plain(const Plane& plane) {
  if (plane.points.empty()) return true;
  const auto [low, high] = std::ranges::minmax(plane.points);
  return high == low;
}

Plane halved(const Plane& plane) {
  Plane out{.width = plane.width / 2, .height = plane.height / 2, .points = {}};
  out.points.resize(out.width * out.height);
  for (std::size_t y = 0; y < out.height; ++y) {
    const std::uint8_t* a = plane.points.data() + 2 * y * plane.width;
    const std::uint8_t* b = a + plane.width;
    for (std::size_t x = 0; x < out.width; ++x) {
      out.points[y * out.width + x] =
          static_cast<std::uint8_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) / 4);
    }
  }
  return out;
}

std::size_t count_letters(const Plane& plane, std::size_t enough) {
  std::size_t most = 0;
  Plane smaller;
  const Plane* at = &plane;
  while (most < enough && std::min(at->width, at->height) >= kSmallest && !is_plain(*at)) {
    most = std::max(most, count_at_this_size(*at, enough));
    smaller = halved(*at);
    at = &smaller;
  }
  // Last, for it takes longest: letters so small that they run into each other.
  if (most < enough && !is_plain(plane)) most = std::max(most, count_doubled(plane, enough));
  return most;
}

}  // namespace weir::content
