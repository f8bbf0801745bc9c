#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "weir/base/file.h"
#include "weir/base/result.h"
#include "weir/protect/background.h"
#include "weir/protect/features.h"
#include "weir/protect/registry_key.h"
#include "weir/protect/snapshot.h"

namespace weir::protect {

class Families;

/// The protected documents of a registry, in a folder of its own: segments, a list of those that
/// count and of what is removed, and the background (docs/formats/protect-index.md).
///
/// What is added is found at once, from memory; `flush` makes it last. A list, once written, names
/// only files that are complete, so a crash loses what was not flushed and nothing else. Segments
/// are written together when the newer are half as large as the older: a registry of any size has
/// few.
///
/// One process has the folder open for changes; others may `read` it. One thread at a time may
/// change the index; any number may call `snapshot` meanwhile, and what they got stays as it is.
class Index {
 public:
  /// Makes the folder if it is not there. `conflict` if another process has it; `corrupt`;
  /// `permission_denied` under another secret. `key` must outlive the index.
  static Result<std::unique_ptr<Index>> open(const std::filesystem::path& folder,
                                             const RegistryKey& key);

  /// What was last flushed to `folder`, read without the lock, so that any number of processes can
  /// look things up while one changes the index. Empty if there is no index. Thread-safe.
  static Result<std::shared_ptr<const Snapshot>> read(const std::filesystem::path& folder,
                                                      const RegistryKey& key);

  ~Index();

  std::shared_ptr<const Snapshot> snapshot() const { return snapshot_.load(); }

  struct NewDocument {
    DocumentId id;
    const Features* features = nullptr;
  };
  /// What is much like a document there already joins its family (`Segment::Document`), and
  /// documents that have the id of one there already replace it. `invalid_argument` if one has no
  /// words; then none of them is added.
  Result<void> add(std::span<const NewDocument> documents);
  /// False if it is not there. It is found no longer, and leaves the disk when its segment is
  /// written anew.
  bool remove(const DocumentId& id);
  /// A text whose passages are no finds, from the next `flush` on. The first after a flush copies
  /// the background, the others cost what they add to it.
  void learn_background(std::span<const Feature> features);

  /// Returns when all that was done is on the disk, and what was learnt counts. If it fails,
  /// nothing is lost: it may be called again.
  Result<void> flush();

 private:
  struct Part {
    std::uint32_t number = 0;  // of its file; 0: only in memory
    Snapshot::Part part;
  };
  /// What the files say.
  struct Stored {
    std::vector<Part> parts;
    std::uint32_t last_number = 0;
    std::shared_ptr<const Background> background;
  };
  Index(std::filesystem::path folder, const RegistryKey& key, FileLock lock, Stored stored);
  static Result<Stored> load(const std::filesystem::path& folder, const RegistryKey& key);
  static std::shared_ptr<const Snapshot> snapshot_of(const std::vector<Part>& parts,
                                                     std::shared_ptr<const Background> background);
  Families& families();
  Result<std::string> merged(std::size_t first_part) const;
  Result<void> write_list() const;
  Result<void> write_parts();
  void remove_strangers() const;
  void publish();

  std::filesystem::path folder_;
  const RegistryKey& key_;
  FileLock lock_;
  std::vector<Part> parts_;  // those in files first
  std::uint32_t last_number_ = 0;
  std::shared_ptr<const Background> background_;
  std::unique_ptr<Families> families_;    // null until something is added
  std::unique_ptr<Background> learning_;  // the background with what was learnt; null: nothing was
  bool changed_ = false;
  std::atomic<std::shared_ptr<const Snapshot>> snapshot_;
};

}  // namespace weir::protect
