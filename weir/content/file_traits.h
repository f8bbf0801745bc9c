#pragma once

#include <string_view>

namespace weir::content {

/// What the bytes of a file say of it, cheaply: by their signature, without taking it apart.
struct FileTraits {
  /// A container of files: zip, rar, 7z, gz, bz2, xz, zst, tar, cab. OOXML, ODF and their like are
  /// zip files, but documents.
  bool is_archive = false;
  /// Cannot be read without a key: zip entries with the encrypted bit, 7z and rar with AES,
  /// encrypted OOXML and PDF, S/MIME enveloped data, PGP messages.
  bool is_encrypted = false;
  /// The extension promises another kind of content. Only for extensions whose content has a
  /// signature; kinds that programs open alike (images among each other, office formats) agree.
  bool is_renamed = false;
};

/// `name` may be empty or have a path. Never reads outside `bytes`; time is linear in them.
FileTraits inspect_file(std::string_view name, std::string_view bytes);

}  // namespace weir::content
