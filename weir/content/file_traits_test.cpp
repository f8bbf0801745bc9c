#include "weir/content/file_traits.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::content {
namespace {

using namespace std::string_literals;

/// A zip file with one stored entry, as small as it gets.
std::string zip_of(const std::string& name, bool encrypted = false) {
  const std::string flags = encrypted ? "\1\0"s : "\0\0"s;
  const std::string length = {static_cast<char>(name.size()), '\0'};
  const std::string local =
      "PK\3\4\x14\0"s + flags + std::string(18, '\0') + length + "\0\0"s + name;
  const std::string central =
      "PK\1\2\x14\0\x14\0"s + flags + std::string(18, '\0') + length + std::string(16, '\0') + name;
  const std::string offset = {static_cast<char>(local.size()), '\0', '\0', '\0'};
  return local + central + "PK\5\6"s + std::string(8, '\0') +
         std::string{static_cast<char>(central.size()), '\0', '\0', '\0'} + offset + "\0\0"s;
}

const std::string kOle2 = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + std::string(600, '\0');
const std::string kPng = "\x89PNG\r\n\x1a\n" + std::string(20, 'x');

TEST(FileTraits, TellsArchivesByTheirBytes) {
  EXPECT_TRUE(inspect_file("a", zip_of("plan.txt")).is_archive);
  EXPECT_TRUE(inspect_file("a", "Rar!\x1a\x07\x01\0rest"s).is_archive);
  EXPECT_TRUE(inspect_file("a", "7z\xbc\xaf\x27\x1crest"s).is_archive);
  EXPECT_TRUE(inspect_file("a", "\x1f\x8b\x08rest"s).is_archive);
  EXPECT_TRUE(inspect_file("a", std::string(257, 'x') + "ustar").is_archive);
  EXPECT_FALSE(inspect_file("a.zip", "just text").is_archive);
}

TEST(FileTraits, OfficeDocumentsAreNoArchives) {
  for (const std::string first : {"[Content_Types].xml", "mimetype", "word/document.xml"}) {
    EXPECT_FALSE(inspect_file("a.docx", zip_of(first)).is_archive) << first;
    EXPECT_FALSE(inspect_file("a.docx", zip_of(first)).is_renamed) << first;
  }
}

TEST(FileTraits, SeesWhatNeedsAKey) {
  EXPECT_TRUE(inspect_file("a.zip", zip_of("plan.txt", true)).is_encrypted);
  EXPECT_FALSE(inspect_file("a.zip", zip_of("plan.txt")).is_encrypted);
  EXPECT_TRUE(inspect_file("a.7z", "7z\xbc\xaf\x27\x1c....\x06\xf1\x07\x01"s).is_encrypted);
  EXPECT_TRUE(inspect_file("a.rar", "Rar!\x1a\x07\x01\0crc!\x0d\4rest"s).is_encrypted);
  EXPECT_TRUE(inspect_file("a.docx", kOle2 + "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"s)
                  .is_encrypted);
  EXPECT_TRUE(inspect_file("a.pdf", "%PDF-1.7\ntrailer << /Encrypt 3 0 R >>").is_encrypted);
  EXPECT_TRUE(inspect_file("smime.p7m", "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"s)
                  .is_encrypted);
  EXPECT_TRUE(inspect_file("a.asc", "-----BEGIN PGP MESSAGE-----\n").is_encrypted);
  EXPECT_FALSE(inspect_file("a.pdf", "%PDF-1.7\ntrailer <<>>").is_encrypted);
}

TEST(FileTraits, SeesAnEncryptedEntryBehindAClearOne) {
  std::string clear = zip_of("a");
  const std::string local = clear.substr(0, 31);
  const std::string encrypted = zip_of("b", true);
  const std::string all = local + encrypted.substr(31, 47) + "PK\5\6"s + std::string(8, '\0') +
                          "\x2f\0\0\0"s + "\x1f\0\0\0"s + "\0\0"s;
  EXPECT_TRUE(inspect_file("a.zip", all).is_encrypted);
}

TEST(FileTraits, SeesNamesThatPromiseSomethingElse) {
  EXPECT_TRUE(inspect_file("holiday.jpg", zip_of("plan.txt")).is_renamed);
  EXPECT_TRUE(inspect_file("holiday.JPG", "%PDF-1.4").is_renamed);
  EXPECT_TRUE(inspect_file("notes.txt", "%PDF-1.4").is_renamed);
  EXPECT_TRUE(inspect_file("a.pdf", "not a pdf").is_renamed);
  EXPECT_TRUE(inspect_file("a.doc", kPng).is_renamed);
}

TEST(FileTraits, KindsThatProgramsOpenAlikeAgree) {
  EXPECT_FALSE(inspect_file("a.jpg", kPng).is_renamed);
  EXPECT_FALSE(inspect_file("a.doc", "{\\rtf1 }").is_renamed);
  EXPECT_FALSE(inspect_file("a.docx", kOle2).is_renamed);
  EXPECT_FALSE(inspect_file("a.xls", "<html>table</html>").is_renamed);
  EXPECT_FALSE(inspect_file("a.pdf", "junk in front %PDF-1.4").is_renamed);
  EXPECT_FALSE(inspect_file("a.unknown", kPng).is_renamed);
  EXPECT_FALSE(inspect_file("", kPng).is_renamed);
  EXPECT_FALSE(inspect_file("a.pdf", "").is_renamed);
}

TEST(FileTraits, SurvivesEveryTruncation) {
  const std::string whole = zip_of("plan.txt", true);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    inspect_file("a.zip", whole.substr(0, size));
  }
  // A directory that points nowhere.
  std::string wild = zip_of("plan.txt");
  wild.replace(wild.size() - 6, 4, "\xff\xff\xff\xff");
  EXPECT_FALSE(inspect_file("a.zip", wild).is_encrypted);
}

}  // namespace
}  // namespace weir::content
