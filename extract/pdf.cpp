#include "extract/pdf.h"

#include <fmt/format.h>
#include <fontconfig/fontconfig.h>
#include <poppler-document.h>
#include <poppler-embedded-file.h>
#include <poppler-global.h>
#include <poppler-page.h>

#include <limits>
#include <memory>

#include "extract/page.h"

namespace weir::extract {
namespace {

constexpr int kMaxPages = 100'000;

std::string utf8(const poppler::ustring& text) {
  const poppler::byte_array bytes = text.to_utf8();
  return {bytes.begin(), bytes.end()};
}

void count_fault(const std::string& /*message*/, void* faults) { ++*static_cast<int*>(faults); }

bool is_blank(const content::PdfContent::Page& page) {
  return page.text.find_first_not_of(" \f\n\r\t") == std::string::npos &&
         page.picture.letters == 0 && page.picture.error.empty();
}

}  // namespace

content::PdfContent read_pdf(std::string_view bytes, Pictures& pictures,
                             const std::function<bool(std::uint64_t text)>& keep_going) {
  content::PdfContent out;
  int faults = 0;
  poppler::set_debug_error_function(count_fault, &faults);
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    out.error = "larger than 2 GiB";
    return out;
  }
  const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (document == nullptr) {
    out.error = "its structure is broken beyond repair";
    return out;
  }
  if (document->is_locked()) {
    out.encrypted = true;
    return out;
  }
  for (const std::string& key : document->info_keys()) {
    out.properties += fmt::format("{}: {}\n", key, utf8(document->info_key(key)));
  }
  out.properties += utf8(document->metadata());

  const int pages = document->pages();
  std::uint64_t text = 0;
  int broken = 0;
  for (int i = 0; i < pages; ++i) {
    if (i >= kMaxPages || !keep_going(text)) {
      out.error = fmt::format("{} of {} pages were read", i, pages);
      break;
    }
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (page == nullptr) {
      ++broken;
      continue;
    }
    out.pages.push_back(
        {.text = utf8(page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout)),
         .picture = {}});
    text += out.pages.back().text.size();
  }
  // Only when all text is there: painting takes most of the time.
  std::uint64_t points_left = pictures.limits().painted_points;
  std::size_t at = 0;
  for (int i = 0; i < pages && at < out.pages.size() && keep_going(text); ++i) {
    const int faults_before = faults;
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (page == nullptr) continue;
    content::PdfContent::Page& content = out.pages[at++];
    content.picture =
        look_beside_text(*page, pictures, points_left, [&] { return keep_going(text); });
    text += content.picture.text.size();
    // A page without anything on it, of which a part could not be read, is not blank.
    if (faults > faults_before && is_blank(content)) ++broken;
  }
  if (broken > 0) out.error = fmt::format("{} of {} pages are broken", broken, pages);
  if (pages == 0) out.error = "it has no pages";

  for (poppler::embedded_file* file : document->embedded_files()) {
    if (file == nullptr || !file->is_valid() || !keep_going(text)) continue;
    const poppler::byte_array data = file->data();
    out.files.push_back({file->name(), {data.begin(), data.end()}});
  }
  return out;
}

void forget_fonts() { FcConfigSetCurrent(FcConfigCreate()); }

}  // namespace weir::extract
