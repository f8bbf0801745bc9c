#include "weir/app/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "weir/app/test_workspace.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Words that no other `seed` has.
std::string invented(std::uint64_t seed, int words) {
  std::string text;
  std::uint64_t state = seed;
  for (int i = 0; i < words; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    for (std::uint64_t rest = state >> 33, n = 0; n < 7; ++n, rest /= 26) {
      text += static_cast<char>('a' + rest % 26);
    }
    text += i % 12 == 11 ? ". " : " ";
  }
  return text;
}

class RegistrationTest : public WorkspaceTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(::setenv("WEIR_EXTRACT", WEIR_EXTRACT, 1), 0);
    WorkspaceTest::SetUp();
  }

  fs::path file(std::string_view name, std::string_view content) {
    return folder_.write(name, content);
  }
  RegistrationReport add(const std::vector<fs::path>& files, const DocumentFacts& facts,
                         const InspectionSettings& settings = {}) {
    auto registry = DocumentRegistry::open(*workspace_);
    EXPECT_TRUE(registry);
    auto writer = RegistryWriter::open(**registry);
    EXPECT_TRUE(writer) << writer.error().message;
    auto inspector = Inspector::create(**registry, settings);
    EXPECT_TRUE(inspector) << inspector.error().message;
    Registration registration(**registry, **writer, **inspector, system_now);
    for (const fs::path& one : files) EXPECT_TRUE(registration.add(one, facts));
    EXPECT_TRUE(registration.finish());
    return registration.report();
  }
  std::vector<ProtectedDocument> documents() {
    auto registry = DocumentRegistry::open(*workspace_);
    EXPECT_TRUE(registry);
    return (*registry)->all();
  }
  std::size_t found_in(std::string_view text) {
    auto registry = DocumentRegistry::open(*workspace_);
    auto inspector = Inspector::create(**registry, {});
    return (*inspector)->inspect(text, "probe.txt").value().found.size();
  }

  const DocumentFacts kSecret{
      .label = "secret", .sensitivity = event::Sensitivity::secret, .owner = "", .audience = ""};
};

TEST_F(RegistrationTest, TextBeyondTheLimitIsAProblemThatStaysInTheRegistry) {
  const fs::path path = file("long.txt", invented(1, 3000));
  const RegistrationReport report = add({path}, kSecret, {.text_bytes = 4096});
  EXPECT_EQ(report.added, 1u);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("is not recognised")));
  ASSERT_EQ(documents().size(), 1u);
  EXPECT_THAT(documents()[0].unread, HasSubstr("after the first 4096"));
  EXPECT_EQ(found_in(invented(1, 100)), 1u) << "the beginning is protected all the same";
}

TEST_F(RegistrationTest, AnotherLabelIsNoNewVersion) {
  const fs::path path = file("plan.txt", invented(2, 200));
  add({path}, kSecret);
  DocumentFacts facts = kSecret;
  facts.owner = "planning";
  const RegistrationReport report = add({path}, facts);
  EXPECT_EQ(report.relabelled, 1u);
  EXPECT_EQ(report.versions + report.added + report.unchanged, 0u);
  ASSERT_EQ(documents().size(), 1u);
  EXPECT_EQ(documents()[0].facts, facts);
  EXPECT_EQ(documents()[0].version, 1u);
}

TEST_F(RegistrationTest, AFileThatIsAsItWasBeforeIsTheLatestAgain) {
  const fs::path path = file("plan.txt", invented(3, 200));
  add({path}, kSecret);
  file("plan.txt", invented(4, 200));
  EXPECT_EQ(add({path}, kSecret).versions, 1u);
  file("plan.txt", invented(3, 200));
  EXPECT_EQ(add({path}, kSecret).versions, 1u);
  EXPECT_EQ(add({path}, kSecret).unchanged, 1u);
  EXPECT_EQ(found_in(invented(3, 100)), 1u);
  EXPECT_EQ(found_in(invented(4, 100)), 1u) << "older versions stay protected";
}

TEST_F(RegistrationTest, RemovedInTheLedgerIsNoFindWhateverTheIndexKnows) {
  add({file("plan.txt", invented(5, 200))}, kSecret);
  ASSERT_TRUE(workspace_->ledger().execute("UPDATE protected_documents SET removed = 1"));
  EXPECT_EQ(found_in(invented(5, 100)), 0u);
  auto registry = DocumentRegistry::open(*workspace_);
  auto writer = RegistryWriter::open(**registry);
  EXPECT_EQ((*writer)->remove(1).error().code, ErrorCode::not_found);
}

TEST_F(RegistrationTest, OneChangesWhileOthersLookThingsUp) {
  auto registry = DocumentRegistry::open(*workspace_);
  auto writer = RegistryWriter::open(**registry);
  ASSERT_TRUE(writer);
  auto second = DocumentRegistry::open(*workspace_);
  ASSERT_TRUE(second);
  EXPECT_EQ(RegistryWriter::open(**second).error().code, ErrorCode::conflict);
}

TEST_F(RegistrationTest, EveryChangeIsAudited) {
  add({file("plan.txt", invented(6, 200))}, kSecret);
  auto registry = DocumentRegistry::open(*workspace_);
  {
    auto writer = RegistryWriter::open(**registry);
    ASSERT_TRUE((*writer)->remove(1));
  }
  DocumentFacts facts = kSecret;
  facts.sensitivity = event::Sensitivity::internal;
  add({at("plan.txt")}, facts);  // again, under a lower label
  std::vector<std::string> told;
  const auto entries = workspace_->audit().last(10).value();
  for (const ledger::AuditEntry& entry : entries) {
    if (entry.action.starts_with("protect.")) told.push_back(entry.details);
  }
  EXPECT_THAT(told, ElementsAre(HasSubstr(R"("secret")"), "{}", HasSubstr(R"("internal")")));
}

TEST_F(RegistrationTest, AFolderThatIsClosedIsNamedAndTheRestGoesOn) {
  fs::create_directories(at("tree/open"));
  fs::create_directories(at("tree/closed"));
  file("tree/open/a.txt", "a");
  fs::permissions(at("tree/closed"), fs::perms::none);
  fs::permissions(folder_.path(),
                  fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  const uid_t user = ::geteuid();
  if (user == 0) {  // to whom nothing is closed
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto list = files_of({(at("tree")).string()});
  ASSERT_EQ(::seteuid(user), 0);
  fs::permissions(at("tree/closed"), fs::perms::owner_all);
  ASSERT_TRUE(list);
  EXPECT_THAT(list->files, ElementsAre(at("tree/open/a.txt")));
  EXPECT_THAT(list->problems, ElementsAre(HasSubstr("closed")));
}

TEST_F(RegistrationTest, ListsEachFileOnceAndFollowsNoCircle) {
  fs::create_directories(at("tree/sub"));
  file("tree/a.txt", "a");
  file("tree/sub/b.txt", "b");
  fs::create_directory_symlink(at("tree"), at("tree/sub/round"));
  const std::string tree = (at("tree")).string();
  const auto list = files_of({tree, tree + "/*.txt"});
  ASSERT_TRUE(list);
  EXPECT_THAT(list->files, ElementsAre(at("tree/a.txt"), at("tree/sub/b.txt")));
  EXPECT_THAT(list->problems, IsEmpty());
  EXPECT_EQ(files_of({tree + "/*.docx"}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace weir::app
