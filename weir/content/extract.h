#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/content/part.h"

namespace weir::content {

/// How far one document is taken apart. Past a limit reading stops there, with a finding.
struct ExtractLimits {
  /// Bytes unpacked for each packed one, of a member and of the document as a whole …
  std::uint64_t ratio = 200;
  /// … once there are this many: short repetitive files are honest.
  std::uint64_t ratio_from = 4u << 20;
  std::uint64_t total_bytes = 1u << 30;  // all that is unpacked and decoded
  std::uint64_t text_bytes = 256u << 20;
  unsigned depth = 8;
  std::size_t members = 10'000;
  std::size_t findings = 1'000;
  std::chrono::milliseconds time{30'000};
  std::uint64_t picture_points = 100'000'000;  // of one picture, decoded
  std::size_t ocr_pictures = 500;              // read by OCR, pages of PDF among them
  /// Of pages of one PDF that are painted to see what is on them beside text, unless OCR reads them
  /// all: sixty pages at a glance or seven looked at, a second or two.
  std::uint64_t painted_points = 15'000'000;
};

/// `ExtractLimits::time` where pictures are read by OCR, a second or so each.
inline constexpr std::chrono::milliseconds kTimeWithOcr{600'000};

/// What is read as it is found, so that a reader that dies leaves what it had.
class ExtractSink {
 public:
  virtual ~ExtractSink() = default;
  virtual void type(FileType type) = 0;  // of the whole; first, and again of a zip that is more
  virtual void part(Part part) = 0;
  virtual void finding(Finding finding) = 0;
  virtual void sealed(SealedMember member) = 0;
  virtual void file(FileDigest file) = 0;
};

/// A picture as libraries see it. They are not for this process, so it comes from `weir-extract`.
struct PictureContent {
  std::string text;          // read by OCR
  std::size_t letters = 0;   // that seem to stand in it in rows, and were not read
  bool is_fragment = false;  // may be a piece of a larger one: small, and not of one colour
  std::string error;         // why it, or some of it, could not be looked at
};
using PictureReader =
    std::function<PictureContent(std::string_view bytes, const std::function<bool()>& keep_going)>;

/// A PDF as a library reads it. Weir's only one is GPL, so it comes from `weir-extract` too.
struct PdfContent {
  struct Page {
    std::string text;        // UTF-8
    PictureContent picture;  // what is on it but the text
  };
  struct File {
    std::string name;
    std::string bytes;
  };
  std::vector<Page> pages;
  std::string properties;   // "Title: …", one a line
  std::vector<File> files;  // embedded
  bool encrypted = false;
  std::string error;  // why it, or some of it, could not be read; empty if nothing went wrong
};
/// `keep_going` is asked between pages, with the bytes of text so far; false: stop.
using PdfReader = std::function<PdfContent(
    std::string_view bytes, const std::function<bool(std::uint64_t text)>& keep_going)>;

struct ExtractOptions {
  ExtractLimits limits = {};
  /// First step of every path; may be empty.
  std::string name = {};
  /// Without one, PDF is a finding.
  PdfReader pdf = nullptr;
  /// Without one, every picture is a finding.
  PictureReader picture = nullptr;
  /// The clock behind `limits.time`.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Reads any bytes, in this process: what `weir-extract` does in its sandbox. Whoever has bytes
/// from outside uses `Extractor`, which runs that program: the libraries behind this (libarchive,
/// expat, ICU, gumbo, GMime) have had their share of holes.
///
/// Never fails: what cannot be read is a finding. Third-party calls that cannot be interrupted may
/// outlast `limits.time`; `Extractor` ends them. Memory in use is at most a few times what may be
/// unpacked; a packer's dictionary may ask for 4 GiB of address space, which is a finding where
/// that is limited. Thread-safe.
void extract(std::string_view bytes, const ExtractOptions& options, ExtractSink& sink);
Extraction extract(std::string_view bytes, const ExtractOptions& options);

/// Loads what the libraries load late, so that a process can do so before it gives up its rights.
void warm_up_extraction();

}  // namespace weir::content
