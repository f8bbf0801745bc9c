#include "weir/cases/render.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "weir/base/columns.h"
#include "weir/base/file.h"
#include "weir/base/text.h"
#include "weir/cases/detail/sample_case.h"

namespace weir::cases {
namespace {

using detail::burst_case;
using detail::sample_names;
using detail::slow_leak_case;
using testing::HasSubstr;
using testing::Not;

/// Compares with testdata/cases/NAME; WEIR_UPDATE_GOLDEN=1 writes it instead.
void expect_golden(const std::string& actual, std::string_view name) {
  const std::filesystem::path path = std::filesystem::path(WEIR_TESTDATA) / "cases" / name;
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, actual));
    return;
  }
  const Result<std::string> expected = read_file(path, 1u << 20);
  ASSERT_TRUE(expected) << expected.error().message << "; WEIR_UPDATE_GOLDEN=1 makes it";
  EXPECT_EQ(actual, *expected) << "if this is meant: WEIR_UPDATE_GOLDEN=1";
}

std::size_t widest(std::string_view text) {
  std::size_t width = 0;
  for (const std::string_view line : split(text, '\n')) width = std::max(width, columns(line));
  return width;
}

Case hostile_case() {
  Case one = slow_leak_case();
  const std::string bytes = "\"</td>|\x1b[31m\xff\\\n`*_ {} \xe2\x80";
  one.status = bytes;
  one.draft.person = event::PersonId{999};
  one.draft.contributions[0].marks[0] = {bytes, bytes, bytes, 0.9};
  one.draft.innocent[0].why_not = bytes;
  one.draft.would_clear = {bytes};
  one.draft.unseen = {bytes, ""};
  one.config_hash = bytes;
  return one;
}

Names hostile_names() {
  return {.person = [](event::PersonId) { return std::string("Bob | \x1b]0;x\a <b>"); },
          .address = [](event::AddressToken) { return std::string("\"a\"\n@x\xff"); },
          .document = [](std::uint32_t) { return std::string("plan|\x1b[31m\nx.docx"); }};
}

TEST(Queue, LooksLikeThisAt80Columns) {
  const std::string text = render_queue({slow_leak_case(), burst_case()}, sample_names(), 80, 1);
  EXPECT_LE(widest(text), 80u);
  expect_golden(text, "queue.txt");
}

TEST(Queue, SaysWhyItIsEmptyAndWhatFillsIt) {
  expect_golden(render_queue({}, sample_names(), 80, 0.1), "queue_empty.txt");
}

TEST(Queue, FitsAnyWidthAndAnyLane) {
  Case third = burst_case();
  third.draft.lane = 3;
  Case second = burst_case();
  second.draft.lane = 2;
  for (const int width : {0, 20, 40, 79, 80, 132}) {
    const std::string text =
        render_queue({slow_leak_case(), second, third, hostile_case()}, sample_names(), width, 1);
    EXPECT_LE(widest(text), static_cast<std::size_t>(std::max(width, 20))) << width;
    EXPECT_THAT(text, HasSubstr("Kestrel-"));
  }
}

TEST(Page, ExplainsASlowLeakLikeThis) {
  const std::string text = render_case(slow_leak_case(), sample_names(), 80);
  EXPECT_LE(widest(text), 80u);
  expect_golden(text, "slow_leak.txt");
}

TEST(Page, ExplainsABurstLikeThis) {
  expect_golden(render_case(burst_case(), sample_names(), 80), "burst.txt");
}

TEST(Page, FitsAnyWidth) {
  for (const int width : {0, 40, 57, 80, 200}) {
    const std::string text = render_case(slow_leak_case(), sample_names(), width);
    EXPECT_LE(widest(text), static_cast<std::size_t>(std::max(width, 40))) << width;
  }
}

TEST(Page, SaysWhenTheFiguresDoNotAddUp) {
  Case one = slow_leak_case();
  EXPECT_THAT(render_case(one, sample_names(), 200), Not(HasSubstr("not accounted for")));
  one.draft.nats += 1;
  EXPECT_THAT(render_case(one, sample_names(), 200), HasSubstr("+1.0  not accounted for"));
}

TEST(Page, HandsNoControlCharacterToTheTerminal) {
  const std::string text = render_case(hostile_case(), hostile_names(), 80);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_TRUE(is_utf8(text));
}

TEST(Page, SpeaksCalmly) {
  for (const Case& one : {slow_leak_case(), burst_case()}) {
    for (const std::string& text :
         {render_case(one, sample_names(), 80), render_report(one, sample_names())}) {
      const std::string lower = to_lower_ascii(text);
      for (const std::string_view word : {"suspect", "risk score", "!", "guilt", "perpetrator"}) {
        EXPECT_THAT(lower, Not(HasSubstr(word)));
      }
    }
  }
}

TEST(Page, ShowsWhatAnEmptyDraftHas) {
  const Case nothing{.number = 1, .status = "open", .config_hash = {}, .draft = {}};
  EXPECT_THAT(render_case(nothing, {}, 80), HasSubstr("WHAT WEIGHS"));
  EXPECT_THAT(render_report(nothing, {}), HasSubstr("# Case 1"));
  EXPECT_THAT(render_queue({nothing}, {}, 80, 1), HasSubstr("1 case to decide"));
}

TEST(Report, LooksLikeThis) {
  const Provenance provenance{.program = "weir 0.1.0",
                              .analyzed_through = parse_day("2026-11-20"),
                              .people_watched = 10'000,
                              .false_cases_per_week = 1};
  expect_golden(render_report(slow_leak_case(), sample_names(), provenance), "slow_leak.md");
}

std::size_t times(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST(HtmlReport, LooksLikeThis) {
  expect_golden(render_html_report(slow_leak_case(), sample_names(),
                                   {.program = "weir 0.1.0",
                                    .analyzed_through = Day{std::chrono::days{18'800}},
                                    .people_watched = 2000,
                                    .false_cases_per_week = 1}),
                "slow_leak.html");
}

TEST(HtmlReport, DrawsEachActListedAndFetchesNothing) {
  const Case one = slow_leak_case();
  const std::string page = render_html_report(one, sample_names());
  EXPECT_EQ(times(page, "<rect"), one.draft.contributions.size());
  EXPECT_EQ(times(page, "<svg"), 1u);
  EXPECT_LT(page.find("<svg"), page.find("<h2>")) << "the years come first";
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("<table>"));
  for (const std::string_view fetch : {"<script", "<img", "<link", "<iframe", "src=", "url("}) {
    EXPECT_EQ(times(page, fetch), 0u) << fetch;
  }
  Case empty = one;
  empty.draft.contributions.clear();
  EXPECT_EQ(times(render_html_report(empty, sample_names()), "<svg"), 0u);
}

TEST(HtmlReport, KeepsHostileTextAsText) {
  Case one = hostile_case();
  one.draft.would_clear = {"<script>alert(1)</script>", "[x](javascript:alert(1))",
                           "![x](http://example.com/x.png)", "</table></svg><h1>x"};
  const std::string page = render_html_report(one, hostile_names());
  for (const std::string_view tag : {"<script", "<img", "<a ", "</svg><h1>", "<b>", "\x1b"}) {
    EXPECT_EQ(times(page, tag), 0u) << tag;
  }
  EXPECT_EQ(times(page, "<h1>"), 1u);
  EXPECT_EQ(times(page, "<svg"), times(page, "</svg>"));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(HtmlReport, DrawsAnyTimesAndWeightsInsideThePicture) {
  Case one = slow_leak_case();
  one.draft.contributions[0].time = Instant{Day{std::chrono::days{-20'000}}};
  one.draft.contributions[1].nats = 1e9;
  one.draft.opened = Day{std::chrono::days{40'000}};
  one.draft.threshold = -3;
  const std::string page = render_html_report(one, sample_names());
  EXPECT_EQ(times(page, "nan"), 0u);
  EXPECT_EQ(times(page, "inf\""), 0u);
  EXPECT_EQ(times(page, "y1=\"-"), 0u);
  EXPECT_EQ(times(page, "height=\"-"), 0u);
}

TEST(Report, AssignsTechniquesByActivity) {
  const std::string text = render_report(burst_case(), sample_names());
  EXPECT_THAT(text, HasSubstr("| T1052.001 | Exfiltration over USB | Exfiltration | 5 | Weir, by "
                              "activity |"));
  EXPECT_THAT(text, HasSubstr("| T1567 | Exfiltration Over Web Service |"));
}

TEST(Report, KeepsHostileTextInsideItsCell) {
  const std::string text = render_report(hostile_case(), hostile_names());
  EXPECT_TRUE(is_utf8(text));
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
  EXPECT_THAT(text, Not(HasSubstr("</td>|")));
  EXPECT_THAT(text, HasSubstr("Bob \\| "));
}

TEST(Json, LooksLikeThis) { expect_golden(case_json(burst_case(), sample_names()), "burst.json"); }

TEST(Json, HoldsEveryCaseWithItsActs) {
  const std::string text = queue_json({slow_leak_case(), burst_case()}, sample_names());
  EXPECT_THAT(text, HasSubstr("\"format\": \"weir.cases\""));
  EXPECT_THAT(text, HasSubstr("\"opened\": \"2026-11-03T00:00:00Z\""));
  EXPECT_THAT(text, HasSubstr("\"0123456789abcdef0000000000000001\""));
  EXPECT_THAT(queue_json({}, sample_names()), HasSubstr("\"cases\": []"));
}

TEST(Json, IsTextWithoutRawControlCharactersWhateverTheStrings) {
  const std::string text = queue_json({hostile_case()}, hostile_names());
  EXPECT_TRUE(is_utf8(text));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

Case decided_case() {
  Case one = slow_leak_case();
  one.status = "innocent";
  Decision decision;
  decision.effect.verdict = evidence::Verdict::innocent;
  decision.effect.explained_by = evidence::Archetype::freelancer;
  decision.effect.day = Day{std::chrono::days{20000}};
  decision.made = Instant{decision.effect.day};
  decision.who = "ada";
  decision.because = "a contract of 2019; \x1b[31mpersonnel knows";
  one.decisions = {decision};
  return one;
}

TEST(RenderQueue, ShowsDecidedCasesOnlyWhenAsked) {
  const std::vector<Case> cases = {decided_case(), burst_case()};
  const std::string open = render_queue(cases, sample_names(), 80, 1);
  EXPECT_THAT(open, HasSubstr("1 case to decide"));
  EXPECT_THAT(open, HasSubstr("Decided: 1 innocent."));
  EXPECT_THAT(open, Not(HasSubstr("Kestrel-207")));
  const std::string all = render_queue(cases, sample_names(), 80, 1, true);
  EXPECT_THAT(all, HasSubstr("[innocent]"));
  EXPECT_THAT(all, HasSubstr("Kestrel-207"));
  EXPECT_LE(widest(all), 80u);
}

TEST(RenderCase, SaysWhoDecidedWhatAndWhy) {
  const std::string page = render_case(decided_case(), sample_names(), 80);
  EXPECT_THAT(page, HasSubstr("DECIDED"));
  EXPECT_THAT(page, HasSubstr("by ada: innocent (works for others on the side): a contract"));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_LE(widest(page), 80u);
  EXPECT_THAT(render_report(decided_case(), sample_names()), HasSubstr("| Decided |"));
  const std::string json = case_json(decided_case(), sample_names());
  EXPECT_THAT(json, HasSubstr(R"("explained_by": "freelancer")"));
}

}  // namespace
}  // namespace weir::cases
