// Text end to end: the bytes of a mail or file as they come, taken apart, and every text in them
// looked up among 4,000 protected documents. MB/s are of the text that a reader sees, not of the
// bytes.
//
// With WEIR_BENCH_MAILS=FOLDER also mails of one's own.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "weir/base/file.h"
#include "weir/content/extract.h"
#include "weir/content/extractor.h"
#include "weir/content/test_files.h"
#include "weir/protect/matcher.h"
#include "weir/protect/test_support.h"

namespace {

using namespace weir;
using namespace weir::protect;

constexpr std::size_t kTexts = 200;
constexpr std::size_t kWords = 600;

const Snapshot& snapshot() {
  static const Snapshot one(
      {{.segment = Segment::parse(segment_of(4000, 1000), test_key(), {}).value(), .removed = {}}},
      std::make_shared<const Background>());
  return one;
}

/// One text in some form.
struct Sample {
  std::string bytes;
  std::size_t text = 0;  // bytes of it that are text to a reader
};

std::string as_text(const std::string& text) { return text; }

std::string header(std::string_view type, std::string_view encoding) {
  std::string out =
      "Received: from mail.example.org (mail.example.org [192.0.2.7]) by mx.example.com\n"
      "\twith ESMTPS id 4XyZ12; Mon, 2 Mar 2026 09:14:03 +0000\n"
      "From: Ann Example <ann@example.org>\nTo: Bob <bob@example.com>, carol@example.com\n"
      "Date: Mon, 2 Mar 2026 09:14:00 +0000\nSubject: Notes of the meeting on Friday\n"
      "Message-ID: <20260302091400.1234@example.org>\nMIME-Version: 1.0\n";
  out.append("Content-Type: ").append(type).append("\n");
  out.append("Content-Transfer-Encoding: ").append(encoding).append("\n\n");
  return out;
}

std::string as_mail(const std::string& text) {
  return header("text/plain; charset=utf-8", "8bit") + text;
}

std::string as_quoted_mail(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    quoted += c;
    if (c == ' ' && quoted.size() - std::min(quoted.rfind('\n'), quoted.size()) > 70) {
      quoted += "=\n";
    }
  }
  return header("text/plain; charset=utf-8", "quoted-printable") + quoted;
}

std::string paragraphs(const std::string& text, std::string_view begin, std::string_view end) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line = std::min(text.find('\n', at), text.size());
    out.append(begin).append(text, at, line - at).append(end);
    at = line + 1;
  }
  return out;
}

std::string as_html(const std::string& text) {
  return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Notes</title>"
         "<style>p { margin: 0 }</style></head><body>\n" +
         paragraphs(text, "<p class=\"note\">", "</p>\n") + "</body></html>\n";
}

/// As mail programs write it: said twice, so that both are compared.
std::string as_html_mail(const std::string& text) {
  return header("multipart/alternative; boundary=\"=_b1\"", "8bit") +
         "--=_b1\nContent-Type: text/plain; charset=utf-8\n\n" + text +
         "\n--=_b1\nContent-Type: text/html; charset=utf-8\n\n" + as_html(text) + "\n--=_b1--\n";
}

std::string as_docx(const std::string& text) {
  return content::zip_of(
      {{"[Content_Types].xml",
        "<?xml version=\"1.0\"?><Types "
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
        "PartName=\"/word/document.xml\" ContentType=\"application/"
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"},
       {"word/document.xml",
        "<?xml version=\"1.0\"?><w:document "
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
            paragraphs(text,
                       "<w:p w:rsidR=\"00AB12CD\"><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r><w:rPr>"
                       "<w:lang w:val=\"en-GB\"/></w:rPr><w:t xml:space=\"preserve\">",
                       "</w:t></w:r></w:p>") +
            "</w:body></w:document>"}});
}

std::vector<Sample> samples_of(std::string (*form)(const std::string&), std::size_t words) {
  std::vector<Sample> samples;
  for (std::uint64_t i = 0; i < kTexts; ++i) {
    const std::string text = invented_text(100'000 + i, words);
    samples.push_back({.bytes = form(text), .text = text.size()});
  }
  return samples;
}

void run(benchmark::State& state, const std::vector<Sample>& samples) {
  const Canonicalizer& canonicalizer = test_canonicalizer();
  Matcher matcher(canonicalizer, test_maker());
  content::warm_up_extraction();
  (void)snapshot();
  std::size_t text = 0;
  std::size_t bytes = 0;
  std::size_t gaps = 0;
  std::size_t at = 0;
  for ([[maybe_unused]] auto step : state) {
    const Sample& sample = samples[at++ % samples.size()];
    const content::Extraction extraction = content::extract(sample.bytes, {});
    for (const content::Part& part : extraction.parts) {
      benchmark::DoNotOptimize(matcher.match(snapshot(), part.text).matches.size());
    }
    gaps += extraction.findings.size();
    text += sample.text;
    bytes += sample.bytes.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text));
  state.counters["raw_bytes"] =
      benchmark::Counter(static_cast<double>(bytes), benchmark::Counter::kIsRate);
  state.counters["gaps"] = static_cast<double>(gaps);
}

void end_to_end(benchmark::State& state, std::string (*form)(const std::string&)) {
  run(state, samples_of(form, kWords));
}
BENCHMARK_CAPTURE(end_to_end, text, as_text);
BENCHMARK_CAPTURE(end_to_end, mail, as_mail);
BENCHMARK_CAPTURE(end_to_end, quoted_printable_mail, as_quoted_mail);
BENCHMARK_CAPTURE(end_to_end, html_mail, as_html_mail);
BENCHMARK_CAPTURE(end_to_end, html, as_html);
BENCHMARK_CAPTURE(end_to_end, docx, as_docx);

/// Long ones, of some 100 KB.
void end_to_end_long(benchmark::State& state, std::string (*form)(const std::string&)) {
  run(state, samples_of(form, 12'000));
}
BENCHMARK_CAPTURE(end_to_end_long, text, as_text);
BENCHMARK_CAPTURE(end_to_end_long, html, as_html);
BENCHMARK_CAPTURE(end_to_end_long, docx, as_docx);

const std::vector<Sample>& own_mails() {
  static const std::vector<Sample> mails = [] {
    std::vector<Sample> all;
    const char* folder = std::getenv("WEIR_BENCH_MAILS");
    if (folder == nullptr) return all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.file_size() > (std::uint64_t{20} << 10)) continue;
      Sample mail{.bytes = read_file(entry.path(), 20u << 10).value(), .text = 0};
      for (const content::Part& part : content::extract(mail.bytes, {}).parts) {
        mail.text += part.text.size();
      }
      all.push_back(std::move(mail));
    }
    return all;
  }();
  return mails;
}

/// Of up to 20 KB; text is all that is compared, headers too.
void end_to_end_own_mails(benchmark::State& state) {
  if (own_mails().empty()) return state.SkipWithError("no WEIR_BENCH_MAILS");
  run(state, own_mails());
}
BENCHMARK(end_to_end_own_mails);

/// Through the sandbox, a process for each mail: elapsed time, for most of it is not this process.
void in_the_sandbox(benchmark::State& state, const std::vector<Sample>& mails) {
  if (mails.empty()) return state.SkipWithError("no WEIR_BENCH_MAILS");
  const auto extractor = content::Extractor::create({.program = WEIR_EXTRACT, .workers = 1});
  if (!extractor) return state.SkipWithError("no weir-extract");
  Matcher matcher(test_canonicalizer(), test_maker());
  (void)snapshot();
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::duration> times;
  std::size_t at = 0;
  for ([[maybe_unused]] auto step : state) {
    const auto start = Clock::now();
    const content::Extraction extraction =
        (*extractor)->extract(mails[at++ % mails.size()].bytes, "message");
    for (const content::Part& part : extraction.parts) {
      benchmark::DoNotOptimize(matcher.match(snapshot(), part.text).matches.size());
    }
    times.push_back(Clock::now() - start);
  }
  std::ranges::sort(times);
  const auto ms = [&](std::size_t percent) {
    return std::chrono::duration<double, std::milli>(times[(times.size() - 1) * percent / 100])
        .count();
  };
  state.SetItemsProcessed(static_cast<std::int64_t>(times.size()));
  state.counters["p50_ms"] = ms(50);
  state.counters["p99_ms"] = ms(99);
}
void sandboxed_mail(benchmark::State& state) { in_the_sandbox(state, samples_of(as_mail, kWords)); }
BENCHMARK(sandboxed_mail)->UseRealTime()->Unit(benchmark::kMillisecond);
void sandboxed_own_mails(benchmark::State& state) { in_the_sandbox(state, own_mails()); }
BENCHMARK(sandboxed_own_mails)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
