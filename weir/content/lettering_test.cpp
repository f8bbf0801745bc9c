#include "weir/content/lettering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <string_view>

#include "weir/content/lowest_bits.h"

namespace weir::content {
namespace {

/// Seven rows of five points for each of some letters.
constexpr std::array<std::array<std::string_view, 7>, 6> kLetters = {{
    {" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"},
    {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"},
    {"#   #", "##  #", "# # #", "#  ##", "#   #", "#   #", "#   #"},
    {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "},
    {"#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"},
    {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "},
}};

struct Look {
  std::uint8_t paper = 255;
  std::uint8_t ink = 0;
  std::size_t scale = 2;
  double turned = 0;  // degrees
  double noise = 0;
};

/// Six lines of five words of four letters, turned around the middle.
Plane page(const Look& look, std::size_t lines = 6) {
  constexpr std::size_t kLine = 5 * 5;  // letters and blanks
  const std::size_t width = kLine * 6 * look.scale;
  const std::size_t height = lines * 12 * look.scale;
  const std::size_t side = width + height + 20;
  Plane plane{.width = side, .height = side, .points = {}};
  plane.points.assign(side * side, look.paper);
  const double angle = look.turned * std::numbers::pi / 180;
  std::mt19937 random(1);
  std::normal_distribution<double> grain(0, std::max(look.noise, 0.1));
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      const double dx = static_cast<double>(x) - static_cast<double>(side) / 2;
      const double dy = static_cast<double>(y) - static_cast<double>(side) / 2;
      const double u = dx * std::cos(angle) + dy * std::sin(angle) + static_cast<double>(width) / 2;
      const double v =
          dy * std::cos(angle) - dx * std::sin(angle) + static_cast<double>(height) / 2;
      double value = plane.points[y * side + x];
      if (u >= 0 && v >= 0 && u < static_cast<double>(width) && v < static_cast<double>(height)) {
        const auto column = static_cast<std::size_t>(u) / look.scale;
        const auto row = static_cast<std::size_t>(v) / look.scale;
        const std::size_t place = column / 6;
        const bool blank = place % 5 == 4 || column % 6 == 5 || row % 12 >= 7;
        const auto& letter = kLetters[(place * 5 + row / 12 * 3) % kLetters.size()];
        if (!blank && letter[row % 12][column % 6] == '#') value = look.ink;
      }
      if (look.noise > 0) value += grain(random);
      plane.points[y * side + x] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
  }
  return plane;
}

TEST(Lettering, CountsLettersInRowsHoweverTheyLook) {
  for (const Look& look : {Look{}, Look{.paper = 0, .ink = 255}, Look{.paper = 200, .ink = 195},
                           Look{.scale = 1}, Look{.scale = 5}, Look{.scale = 20},
                           Look{.turned = 10}, Look{.turned = 33}, Look{.turned = 45},
                           Look{.turned = 90}, Look{.turned = 180}, Look{.ink = 80, .noise = 20}}) {
    EXPECT_GE(count_letters(page(look)), kPassageLetters)
        << int{look.paper} << ' ' << int{look.ink} << ' ' << look.scale << ' ' << look.turned;
  }
}

TEST(Lettering, CountsAFewLettersAsFew) {
  const std::size_t letters = count_letters(page({}, 1));
  EXPECT_GE(letters, 10u);
  EXPECT_LT(letters, kPassageLetters);
}

TEST(Lettering, SeesNoneInPlainPicturesNoiseBarsAndBlots) {
  Plane plane{.width = 400, .height = 300, .points = {}};
  plane.points.assign(400 * 300, 77);
  EXPECT_TRUE(is_plain(plane));
  EXPECT_EQ(count_letters(plane), 0u);

  std::mt19937 random(2);
  Plane noise = plane;
  for (std::uint8_t& point : noise.points) point = static_cast<std::uint8_t>(random());
  EXPECT_LT(count_letters(noise), kPassageLetters);

  Plane bars = plane;
  for (std::size_t y = 0; y < 300; ++y) {
    for (std::size_t x = 0; x < 400; ++x) {
      if (x % 20 < 12 && y % 25 < 15) bars.points[y * 400 + x] = 200;
    }
  }
  EXPECT_EQ(count_letters(bars), 0u);

  Plane waves = plane;
  for (std::size_t i = 0; i < waves.points.size(); ++i) {
    const auto x = static_cast<double>(i % 400);
    const auto y = static_cast<double>(i) / 400;
    waves.points[i] = static_cast<std::uint8_t>(128 + 60 * std::sin(x / 17) * std::cos(y / 23) +
                                                50 * std::sin((x + 2 * y) / 41));
  }
  EXPECT_LT(count_letters(waves), kPassageLetters);
}

TEST(Lettering, TakesPlanesOfAnySize) {
  for (const auto& [width, height] : {std::pair<std::size_t, std::size_t>{0, 0},
                                      {1, 1},
                                      {1, 900},
                                      {900, 3},
                                      {513, 511},
                                      {4, 4}}) {
    Plane plane{.width = width, .height = height, .points = {}};
    for (std::size_t i = 0; i < width * height; ++i) {
      plane.points.push_back(static_cast<std::uint8_t>(i * i % 251));
    }
    count_letters(plane);
    hides_data(plane);
  }
}

TEST(LowestBits, TellsPackedDataFromGrain) {
  std::mt19937 random(3);
  std::normal_distribution<double> grain(128, 6);
  Plane plane{.width = 100, .height = 100, .points = {}};
  for (int i = 0; i < 10'000; ++i) plane.points.push_back(static_cast<std::uint8_t>(grain(random)));
  EXPECT_FALSE(hides_data(plane));
  for (std::uint8_t& point : plane.points) {
    point = static_cast<std::uint8_t>((point & 0xf0) | (random() & 1));
  }
  EXPECT_TRUE(hides_data(plane));
  for (std::uint8_t& point : plane.points) point = 200;
  EXPECT_FALSE(hides_data(plane));
}

}  // namespace
}  // namespace weir::content
