#include "weir/base/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/base/random.h"

namespace weir {
namespace {

using testing::ElementsAre;
using Outcome = CsvFields::Outcome;

TEST(Csv, SplitsPlainAndQuotedFields) {
  CsvFields fields;
  ASSERT_EQ(fields.split(R"(a,,"b, ""c""",)"), Outcome::ok);
  EXPECT_THAT(fields.fields(), ElementsAre("a", "", R"(b, "c")", ""));
  EXPECT_EQ(fields[2], R"(b, "c")");
  EXPECT_EQ(fields[9], "") << "a field that is not there";
}

TEST(Csv, AnEmptyRecordIsOneEmptyField) {
  CsvFields fields;
  ASSERT_EQ(fields.split(""), Outcome::ok);
  EXPECT_THAT(fields.fields(), ElementsAre(""));
}

TEST(Csv, SaysWhatIsWrong) {
  CsvFields fields;
  EXPECT_EQ(fields.split(R"(a,"b)"), Outcome::unbalanced_quote);
  EXPECT_EQ(fields.split(R"("a"b)"), Outcome::text_after_quote);
  EXPECT_EQ(fields.split(std::string(CsvFields::kMaxFields, ',')), Outcome::too_many_fields);
  EXPECT_EQ(fields.split(std::string(CsvFields::kMaxFields - 1, ',')), Outcome::ok);
}

TEST(Csv, ARecordEndsAtALineBreakOutsideQuotes) {
  EXPECT_EQ(csv_record_length("a,b\nc\n"), 4u);
  EXPECT_EQ(csv_record_length("\"a\nb\",c\nd"), 8u);
  EXPECT_EQ(csv_record_length("\n"), 1u);
  EXPECT_EQ(csv_record_length("a,b"), std::string_view::npos);
  EXPECT_EQ(csv_record_length("\"a\nb\n"), std::string_view::npos);
  EXPECT_EQ(csv_record_length(""), std::string_view::npos);
}

TEST(Csv, WhatIsQuotedSplitsToTheSameFields) {
  Random random(1, 2, 3, 4);
  const std::string_view alphabet = "ab,\"\r\n ";
  CsvFields fields;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> wanted(1 + random.below(4));
    std::string record;
    for (std::string& field : wanted) {
      const std::uint32_t length = random.below(6);
      for (std::uint32_t i = 0; i < length; ++i) field += alphabet[random.below(7)];
      if (&field != &wanted.front()) record += ',';
      record += csv_quote(field);
    }
    ASSERT_EQ(fields.split(record), Outcome::ok) << record;
    ASSERT_EQ(std::vector<std::string>(fields.fields().begin(), fields.fields().end()), wanted);
    ASSERT_EQ(csv_record_length(record + "\nnext"), record.size() + 1) << record;
  }
}

}  // namespace
}  // namespace weir
