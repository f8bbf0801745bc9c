#include "extract/ocr.h"

#include <fmt/format.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace weir::extract {
namespace fs = std::filesystem;
namespace {

constexpr std::array kDataFolders = {"/usr/share/tesseract-ocr/5/tessdata",
                                     "/usr/share/tesseract-ocr/4.00/tessdata",
                                     "/usr/share/tessdata"};
constexpr float kFairlySure = 50;  // of 100
constexpr double kFewPoints = 2e6;
constexpr double kMostPoints = 25e6;

bool is_name(std::string_view language) {
  return !language.empty() && std::ranges::all_of(language, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

/// `not_found` unless every language of "eng+deu" has its data in `folder`.
Result<void> check_languages(std::string_view languages, const fs::path& folder) {
  for (std::size_t at = 0; at <= languages.size();) {
    const std::size_t end = std::min(languages.find('+', at), languages.size());
    const std::string language(languages.substr(at, end - at));
    at = end + 1;
    if (!is_name(language)) {
      return fail(ErrorCode::invalid_argument,
                  "OCR: '{}' is no list of languages; it is like eng or eng+deu", languages);
    }
    if (fs::exists(folder / (language + ".traineddata"))) continue;
    std::string package = "tesseract-ocr-" + language;
    std::ranges::replace(package, '_', '-');
    return fail(ErrorCode::not_found,
                "OCR: there is no data for the language '{}' in {}; install the Debian package {}",
                language, folder.string(), package);
  }
  return {};
}

}  // namespace

Ocr::Ocr(std::unique_ptr<tesseract::TessBaseAPI> api) : api_(std::move(api)) {}
Ocr::~Ocr() = default;

Result<std::unique_ptr<Ocr>> Ocr::create(std::string_view languages) {
  fs::path folder = kDataFolders.front();
  for (const char* one : kDataFolders) {
    if (fs::exists(one)) {
      folder = one;
      break;
    }
  }
  WEIR_TRY(check_languages(languages, folder));
  auto api = std::make_unique<tesseract::TessBaseAPI>();
  // What it has to say about pictures is nothing for an operator; it goes where it is opened now.
  api->SetVariable("debug_file", "/dev/null");
  if (api->Init(folder.c_str(), std::string(languages).c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    return fail(ErrorCode::corrupt,
                "OCR: Tesseract refuses its data in {}; install the packages tesseract-ocr-… "
                "of the languages again",
                folder.string());
  }
  api->SetPageSegMode(tesseract::PSM_AUTO);
  std::unique_ptr<Ocr> ocr(new Ocr(std::move(api)));
  // Whatever it loads or opens late.
  const PixPtr blank(pixCreate(200, 100, 8));
  pixSetAll(blank.get());
  ocr->read_upright(*blank, [] { return true; });
  return ocr;
}

Ocr::Text Ocr::read_upright(Pix& picture, const std::function<bool()>& keep_going) {
  tesseract::ETEXT_DESC monitor;
  monitor.cancel_this = const_cast<std::function<bool()>*>(&keep_going);
  monitor.cancel = [](void* asked, int /*words*/) {
    return !(*static_cast<const std::function<bool()>*>(asked))();
  };
  api_->SetImage(&picture);
  api_->SetSourceResolution(300);
  Text out;
  if (api_->Recognize(&monitor) == 0) {
    const std::unique_ptr<char[]> text(api_->GetUTF8Text());
    if (text != nullptr) out.text = text.get();
    const std::unique_ptr<tesseract::ResultIterator> words(api_->GetIterator());
    if (words != nullptr) {
      do {
        const std::unique_ptr<char[]> word(words->GetUTF8Text(tesseract::RIL_WORD));
        if (word == nullptr || words->Confidence(tesseract::RIL_WORD) < kFairlySure) continue;
        out.letters += static_cast<std::size_t>(std::ranges::count_if(
            std::string_view(word.get()), [](char c) { return (c & 0xc0) != 0x80 && c != ' '; }));
      } while (words->Next(tesseract::RIL_WORD));
    }
  }
  api_->Clear();
  return out;
}

Ocr::Text Ocr::read(Pix& picture, std::size_t wanted, const std::function<bool()>& keep_going) {
  // It was taught on scans at 300 dots per inch; screens have a third of that.
  const double points = static_cast<double>(pixGetWidth(&picture)) * pixGetHeight(&picture);
  const auto factor =
      static_cast<float>(points < kFewPoints ? 2 : std::sqrt(std::min(1.0, kMostPoints / points)));
  const PixPtr scaled(factor == 1 ? pixClone(&picture) : pixScale(&picture, factor, factor));
  if (scaled == nullptr) return {};
  Text best = read_upright(*scaled, keep_going);
  for (const int quarters : {1, 3, 2}) {
    if (best.letters >= wanted || !keep_going()) break;
    const PixPtr turned(pixRotateOrth(scaled.get(), quarters));
    if (turned == nullptr) break;
    Text text = read_upright(*turned, keep_going);
    if (text.letters > best.letters) best = std::move(text);
  }
  return best;
}

}  // namespace weir::extract
