#include "weir/event/record.h"

#include <gtest/gtest.h>

#include <string>

#include "weir/base/random.h"

namespace weir::event {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

Hash128 random_hash(Random& random) {
  const std::uint64_t high = random.bits64();
  const std::uint64_t low = random.bits64();
  return {high, low};
}

Record random_record(std::uint64_t number) {
  Random random(7, number, 0, 0);
  Record record;
  record.id = random_hash(random);
  record.time = Instant{milliseconds{random.below(2'000'000'000)} * 1000};
  record.claimed_time = random.chance(0.2) ? record.time + minutes{90} : record.time;
  record.seen = record.time + minutes{random.below(1000)};
  if (random.chance(0.5)) record.utc_offset = minutes{static_cast<int>(random.below(1681)) - 840};
  record.source = static_cast<SourceId>(random.bits32());
  record.source_offset = random.bits64() >> random.below(64);
  record.activity = static_cast<Activity>(random.below(kActivityCount));
  record.person = static_cast<PersonId>(random.bits64());
  record.host = static_cast<HostToken>(random.bits64());
  record.account = static_cast<AddressToken>(random.bits64());
  record.account_instance = static_cast<AccountInstance>(random.below(4));
  record.bytes = random.bits64() >> random.below(64);
  record.content = random_hash(random);
  record.sensitivity = static_cast<Sensitivity>(random.below(5));
  record.flags = static_cast<std::uint16_t>(random.below(512));
  record.parties.resize(random.below(4));
  for (Party& party : record.parties) {
    party.address = static_cast<AddressToken>(random.bits64());
    party.domain = static_cast<DomainToken>(random.bits64());
    party.person = static_cast<PersonId>(random.below(3));
    party.role = static_cast<PartyRole>(random.below(6));
    party.recipient_class = static_cast<RecipientClass>(random.below(6));
  }
  record.objects.resize(random.below(4));
  for (Object& object : record.objects) {
    object.content = random_hash(random);
    object.place = static_cast<PlaceToken>(random.bits64());
    object.bytes = random.bits64() >> random.below(64);
    object.sensitivity = static_cast<Sensitivity>(random.below(5));
    object.flags = static_cast<std::uint16_t>(random.below(512));
  }
  record.documents.resize(random.chance(0.3) ? random.below(4) : 0);
  for (DocumentMatch& match : record.documents) {
    match.document = random.bits32();
    match.kind = static_cast<MatchKind>(random.below(3));
    match.sensitivity = static_cast<Sensitivity>(random.below(5));
    match.words = random.bits32() >> random.below(32);
    match.unique_words = random.below(1000);
    match.document_words = random.below(100'000);
    match.blocks.assign(random.below(30), static_cast<char>(random.below(256)));
  }
  record.sealed.assign(random.below(300), static_cast<char>(random.below(256)));
  return record;
}

std::string encoded(const Record& record) {
  std::string bytes;
  encode(record, bytes);
  return bytes;
}

TEST(RecordEncoding, DecodesToTheSameRecord) {
  Record decoded;  // reused, as the journal's reader does
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Record record = random_record(i);
    ASSERT_TRUE(decode(encoded(record), decoded)) << "record " << i;
    ASSERT_EQ(decoded, record) << "record " << i;
  }
}

TEST(DocumentMatch, ShortExcerptsCarryOneLevelLess) {
  DocumentMatch match{.document = 1,
                      .kind = MatchKind::verbatim,
                      .sensitivity = Sensitivity::secret,
                      .words = 30,
                      .unique_words = 30,
                      .document_words = 5000,
                      .blocks = {}};
  EXPECT_EQ(carried_by(match), Sensitivity::confidential);
  match.words = 100;
  EXPECT_EQ(carried_by(match), Sensitivity::secret);
  match.words = 30;
  match.document_words = 300;
  EXPECT_EQ(carried_by(match), Sensitivity::secret);
  match.document_words = 301;
  match.sensitivity = Sensitivity::internal;
  EXPECT_EQ(carried_by(match), Sensitivity::none);
  match.kind = MatchKind::whole_file;
  EXPECT_EQ(carried_by(match), Sensitivity::internal);
}

TEST(RecordEncoding, ReadsTheVersionWithoutDocuments) {
  Record record = random_record(3);
  record.documents.clear();
  record.sealed.clear();
  std::string bytes = encoded(record);
  bytes[0] = 1;
  bytes.erase(bytes.size() - 2, 1);  // no count of documents before the empty text
  Record decoded;
  decoded.documents.resize(2);
  ASSERT_TRUE(decode(bytes, decoded));
  EXPECT_EQ(decoded, record);
}

TEST(RecordEncoding, RefusesEveryTruncation) {
  for (std::uint64_t i = 0; i < 50; ++i) {
    const std::string bytes = encoded(random_record(i));
    Record decoded;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(decode(std::string_view(bytes).substr(0, size), decoded)) << size;
    }
  }
}

TEST(RecordEncoding, RefusesBytesAfterTheEnd) {
  Record decoded;
  EXPECT_FALSE(decode(encoded(random_record(1)) + '\0', decoded));
}

TEST(RecordEncoding, RefusesAnotherVersion) {
  std::string bytes = encoded(random_record(1));
  bytes[0] = 3;
  Record decoded;
  EXPECT_FALSE(decode(bytes, decoded));
}

TEST(RecordEncoding, WhatDecodesAfterAFlippedByteEncodesAndDecodesAlike) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    std::string bytes = encoded(random_record(i));
    Random random(8, i, 0, 0);
    bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] ^=
        static_cast<char>(1u << random.below(8));
    Record decoded;
    if (!decode(bytes, decoded)) continue;
    Record again;
    ASSERT_TRUE(decode(encoded(decoded), again));
    ASSERT_EQ(again, decoded);
  }
}

TEST(RecordEncoding, AHugeCountOfPartiesReservesNothing) {
  Record record;
  std::string bytes = encoded(record);
  // parties, objects and the length of `sealed` are the last three bytes of an empty record.
  bytes.resize(bytes.size() - 3);
  bytes += "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  Record decoded;
  EXPECT_FALSE(decode(bytes, decoded));
  EXPECT_TRUE(decoded.parties.empty());
}

TEST(Names, ReadBackToTheirValues) {
  for (const Sensitivity value : {Sensitivity::unknown, Sensitivity::none, Sensitivity::internal,
                                  Sensitivity::confidential, Sensitivity::secret}) {
    EXPECT_EQ(sensitivity_from(to_string(value)), value);
  }
  for (const AccountInstance value : {AccountInstance::unknown, AccountInstance::corporate,
                                      AccountInstance::declared, AccountInstance::unclaimed}) {
    EXPECT_EQ(account_instance_from(to_string(value)), value);
  }
  for (const PartyRole value : {PartyRole::to, PartyRole::cc, PartyRole::bcc, PartyRole::from,
                                PartyRole::site, PartyRole::subject}) {
    EXPECT_EQ(party_role_from(to_string(value)), value);
  }
  EXPECT_EQ(to_string(RecipientClass::free_mail), "free_mail");
  EXPECT_FALSE(sensitivity_from("top"));
}

TEST(Names, EveryFlagHasOneOfItsOwn) {
  for (std::size_t i = 0; i < kFlags.size(); ++i) {
    EXPECT_EQ(kFlags[i], 1u << i);
    EXPECT_EQ(flag_from(to_string(kFlags[i])), kFlags[i]);
  }
  EXPECT_FALSE(flag_from("unknown"));
  EXPECT_EQ(to_string(static_cast<Flag>(0x8000)), "unknown");
}

}  // namespace
}  // namespace weir::event
