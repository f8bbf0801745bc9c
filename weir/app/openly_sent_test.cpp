#include "weir/app/openly_sent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "weir/app/registration.h"
#include "weir/app/test_workspace.h"

namespace weir::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kSecret =
    "The courier inspects the cellar before January while a porter waits beyond the meadow, and "
    "the "
    "surveyor closes the yard before March while a warden waits beyond the ravine of the tannery.";

constexpr std::string_view kRoster =
    "person,name,addresses\n"
    "E1,Anna A,anna@corp.example;a.a@corp.example\n"
    "E2,Ben B,ben@corp.example\n"
    "E3,Cleo C,cleo@corp.example\n";

/// A workspace of corp.example that protects one document, and its mail.
class OpenlySentTest : public WorkspaceTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(::setenv("WEIR_EXTRACT", WEIR_EXTRACT, 1), 0);
    InitOptions options;
    options.kind = vault::WorkspaceKind::simulated;
    options.config_text =
        "organisation:\n  name: Corp\n  domains: [corp.example]\n"
        "exclusions:\n  addresses: [council@union.example]\n";
    const Result<void> made = Workspace::create(at("w"), options);
    ASSERT_TRUE(made) << made.error().message;
    auto workspace = Workspace::open(at("w"));
    ASSERT_TRUE(workspace) << workspace.error().message;
    workspace_ = std::move(*workspace);
    registry_ = DocumentRegistry::open(*workspace_).value();
    inspector_ = Inspector::create(*registry_, {}).value();
    {
      auto writer = RegistryWriter::open(*registry_).value();
      Registration registration(*registry_, *writer, *inspector_, system_now);
      ASSERT_TRUE(registration.add(folder_.write("plan.txt", kSecret), kFacts));
      ASSERT_TRUE(registration.finish());
    }
    registry_ = DocumentRegistry::open(*workspace_).value();
    inspector_ = Inspector::create(*registry_, {}).value();
  }

  std::unique_ptr<OpenlySent> reader(std::size_t people = 3) {
    return OpenlySent::create(*workspace_, *registry_, *inspector_, {.people = people}).value();
  }
  fs::path mail(std::string_view from, std::string_view to = "x@other.example",
                std::string_view body = kSecret) {
    return folder_.write(fmt::format("{}.eml", ++mails_),
                         fmt::format("From: {}\r\nTo: {}\r\nDate: Mon, 02 Mar 2020 10:00:00 "
                                     "+0100\r\nSubject: x\r\n\r\n{}\r\n",
                                     from, to, body));
  }
  /// Are there passages that three have sent, of these mails?
  bool is_common(const std::vector<fs::path>& mails) {
    const auto mail = reader();
    for (const fs::path& one : mails) EXPECT_TRUE(mail->read(one, nullptr));
    EXPECT_THAT(mail->report().problems, IsEmpty());
    return !mail->common().empty();
  }

  const DocumentFacts kFacts{
      .label = "secret", .sensitivity = event::Sensitivity::secret, .owner = "", .audience = ""};
  std::unique_ptr<DocumentRegistry> registry_;
  std::unique_ptr<Inspector> inspector_;
  int mails_ = 0;
};

TEST_F(OpenlySentTest, WhatThreeMailboxesSendToOutsideIsCommon) {
  EXPECT_TRUE(is_common({mail("a@corp.example"), mail("b@corp.example"), mail("c@corp.example")}));
  EXPECT_FALSE(is_common({mail("a@corp.example"), mail("b@corp.example")}));
}

TEST_F(OpenlySentTest, OnePersonIsOneHoweverTheyWriteTheirAddress) {
  EXPECT_FALSE(is_common({mail("a@corp.example"), mail("A@Corp.example"), mail("a+1@corp.example"),
                          mail("a+2@corp.example"), mail("Ann <a@corp.example>")}));
}

TEST_F(OpenlySentTest, StrangersAndMailThatStaysInsideDoNotCount) {
  EXPECT_FALSE(is_common({mail("a@other.example"), mail("b@other.example"), mail("c@other.example"),
                          mail("d@notcorp.example")}));
  EXPECT_FALSE(
      is_common({mail("a@corp.example", "x@corp.example"), mail("b@corp.example", "x@corp.example"),
                 mail("c@corp.example", "x@corp.example")}));
  EXPECT_FALSE(is_common({mail("/o=corp/cn=a"), mail("/o=corp/cn=b"), mail("/o=corp/cn=c")}));
}

TEST_F(OpenlySentTest, MailWithAnExcludedAddressIsLeftAlone) {
  EXPECT_FALSE(is_common({mail("a@corp.example"), mail("b@corp.example"),
                          mail("c@corp.example", "council@union.example, x@other.example")}));
}

TEST_F(OpenlySentTest, WhereThereIsARosterOnlyThoseItNamesCountAndEachOnce) {
  ASSERT_TRUE(workspace_->roster().import(folder_.write("roster.csv", kRoster)));
  EXPECT_FALSE(is_common({mail("anna@corp.example"), mail("a.a@corp.example"),
                          mail("ben@corp.example"), mail("made-up@corp.example")}));
  EXPECT_TRUE(
      is_common({mail("a.a@corp.example"), mail("ben@corp.example"), mail("cleo@corp.example")}));
}

TEST_F(OpenlySentTest, OtherFilesAreProblemsAndTheMailsBesideThemCount) {
  const auto mail_reader = reader();
  ASSERT_TRUE(mail_reader->read(folder_.write("notes.txt", "no mail at all"), nullptr));
  ASSERT_TRUE(mail_reader->read(at("nowhere.eml"), nullptr));
  ASSERT_TRUE(mail_reader->read(folder_.write("bad.eml",
                                              "From: a@corp.example\r\nTo: b@x.example\r\n"
                                              "Date: never\r\n\r\nx\r\n"),
                                nullptr));
  ASSERT_TRUE(mail_reader->read(mail("a@corp.example"), nullptr));
  EXPECT_THAT(mail_reader->report().problems,
              ElementsAre(HasSubstr("not mail"), HasSubstr("nowhere.eml"),
                          HasSubstr("1 message could not be read")));
  EXPECT_EQ(mail_reader->report().outgoing, 1u);
}

TEST_F(OpenlySentTest, StopsWhenItIsTold) {
  const std::atomic<bool> stop = true;
  const Result<void> done = reader()->read(mail("a@corp.example"), &stop);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::cancelled);
}

TEST_F(OpenlySentTest, WhatIsLearntIsRememberedAndFoundNoLonger) {
  const auto mail_reader = reader();
  for (const char* who : {"a", "b", "c"}) {
    ASSERT_TRUE(mail_reader->read(mail(fmt::format("{}@corp.example", who)), nullptr));
  }
  const std::vector<std::uint64_t> common = mail_reader->common();
  ASSERT_FALSE(common.empty());
  EXPECT_EQ(inspector_->inspect(kSecret, "x.txt").value().found.size(), 1u);
  auto writer = RegistryWriter::open(*registry_).value();
  ASSERT_TRUE(writer->learn_openly_said(common, "{}"));
  EXPECT_EQ(writer->openly_said().value(), common);
  const auto again = DocumentRegistry::open(*workspace_).value();
  const auto inspector = Inspector::create(*again, {}).value();
  EXPECT_THAT(inspector->inspect("Hello. " + std::string(kSecret), "x.txt").value().found,
              IsEmpty());
}

}  // namespace
}  // namespace weir::app
