#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

/// The streams of an OLE2 compound file ([MS-CFB]). Hostile chains end where they repeat or leave
/// the file. Views into `bytes` must outlive it.
class CompoundFile {
 public:
  struct Entry {
    std::string path;  // "Root Entry/__attach_version1.0_#00000000/__substg1.0_37010102", UTF-8
    std::uint64_t size = 0;
    std::uint32_t start = 0;
    bool is_stream = false;

    std::string_view name() const { return std::string_view(path).substr(path.rfind('/') + 1); }
  };

  /// False if the header is none.
  bool open(std::string_view bytes);
  const std::vector<Entry>& entries() const { return entries_; }
  /// Bytes of a stream, as far as they are there.
  std::string read(const Entry& entry) const;
  /// The first stream of that name, in any folder and case; empty if there is none.
  std::string read(std::string_view name) const;
  /// Some chain or entry was broken.
  bool is_hurt() const { return hurt_; }

 private:
  std::string chain(std::uint32_t number, std::uint64_t size) const;
  std::string_view sector(std::uint32_t number) const;
  void read_directory(std::uint32_t start);

  std::string_view bytes_;
  std::size_t sector_bytes_ = 512;
  std::size_t small_bytes_ = 64;
  std::uint32_t small_limit_ = 4096;
  std::vector<std::uint32_t> table_;
  std::vector<std::uint32_t> small_table_;
  std::string small_;  // the stream that holds the small ones
  std::vector<Entry> entries_;
  mutable bool hurt_ = false;
};

/// Texts of the main formats kept in compound files, as far as a short reader goes.
std::string word_text(const CompoundFile& file, bool& encrypted);
std::string excel_text(const CompoundFile& file, bool& encrypted);
std::string powerpoint_text(const CompoundFile& file);

}  // namespace weir::content
