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

void ignore(const std::string& /*message*/, void* /*data*/) {}

}  // namespace

content::PdfContent read_pdf(std::string_view bytes, Pictures& pictures,
                             const std::function<bool(std::uint64_t text)>& keep_going) {
  content::PdfContent out;
  poppler::set_debug_error_function(ignore, nullptr);
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
         .picture = look_beside_text(*page, pictures, [&] { return keep_going(text); })});
    text += out.pages.back().text.size() + out.pages.back().picture.text.size();
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
