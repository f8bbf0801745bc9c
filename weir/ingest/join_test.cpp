#include "weir/ingest/join.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "weir/base/random.h"

namespace weir::ingest {
namespace {

using namespace event;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kNoon = Instant{Day{std::chrono::year{2021} / 5 / 3}} + std::chrono::hours{12};
constexpr PersonId kAnn{11}, kBen{12};
constexpr AddressToken kAnnMail{111}, kBenMail{112}, kStranger{900}, kFriend{901};
constexpr SourceId kServer{1}, kGateway{2};

Record send(std::uint64_t id, SourceId source, Instant time, std::uint64_t content) {
  Record record;
  record.id = {0, id};
  record.source = source;
  record.time = record.claimed_time = record.seen = time;
  record.activity = Activity::mail_send;
  record.person = kAnn;
  record.account = kAnnMail;
  record.parties = {{.address = kStranger,
                     .domain = DomainToken{9},
                     .person = {},
                     .role = PartyRole::to,
                     .recipient_class = RecipientClass::free_mail}};
  record.content = {0, content};
  return record;
}

Record receive(std::uint64_t id, AddressToken from, std::vector<Party> to) {
  Record record = send(id, kServer, kNoon, 5);
  record.activity = Activity::mail_receive;
  record.person = kNobody;
  record.account = {};
  record.parties = std::move(to);
  record.parties.push_back({.address = from,
                            .domain = {},
                            .person = {},
                            .role = PartyRole::from,
                            .recipient_class = RecipientClass::free_mail});
  return record;
}

Party to(AddressToken address, PersonId person) {
  return {.address = address,
          .domain = {},
          .person = person,
          .role = PartyRole::to,
          .recipient_class = RecipientClass::internal};
}

std::vector<Act> join(std::vector<Record> records, JoinOptions options = {}) {
  return join_records(records, options);
}

TEST(Join, MakesOneActOfOneMailSeenByTwoSources) {
  const std::vector<Act> acts =
      join({send(2, kServer, kNoon, 5), send(1, kGateway, kNoon + seconds{90}, 5)});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].id, (RecordId{0, 1}));
  EXPECT_EQ(acts[0].records, (std::vector<RecordId>{{0, 1}, {0, 2}}));
  EXPECT_EQ(acts[0].time, kNoon);
  EXPECT_EQ(acts[0].person, kAnn);
}

DocumentMatch excerpt(std::uint32_t document, std::uint32_t words) {
  return {.document = document,
          .kind = MatchKind::verbatim,
          .sensitivity = Sensitivity::secret,
          .words = words,
          .unique_words = words,
          .document_words = 5000,
          .blocks = {}};
}

TEST(Join, UnitesTheDocumentsThatSourcesRecognised) {
  Record log = send(2, kServer, kNoon, 5);
  log.documents = {excerpt(7, 0)};
  log.documents[0].kind = MatchKind::whole_file;
  Record archive = send(1, kGateway, kNoon, 5);
  archive.documents = {excerpt(3, 40), excerpt(7, 300)};
  const std::vector<Act> acts = join({log, archive});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].documents, (std::vector{archive.documents[0], log.documents[0]}));
}

TEST(Join, KeepsMailsApartThatDifferInContentPersonRecipientOrTime) {
  Record other_recipient = send(3, kGateway, kNoon, 5);
  other_recipient.parties[0].address = kFriend;
  Record other_person = send(4, kGateway, kNoon, 5);
  other_person.person = kBen;
  EXPECT_EQ(join({send(1, kServer, kNoon, 5), send(2, kGateway, kNoon, 6), other_recipient,
                  other_person, send(5, kGateway, kNoon + seconds{121}, 5)})
                .size(),
            5u);
}

TEST(Join, TakesCopiesInTheFoldersOfOneMailboxForOneAct) {
  EXPECT_EQ(join({send(1, kServer, kNoon, 5), send(2, kServer, kNoon, 5)}).size(), 1u);
}

TEST(Join, KeepsRecordsOfOneSourceApartWithoutContentToProveACopy) {
  EXPECT_EQ(join({send(1, kServer, kNoon, 0), send(2, kServer, kNoon, 0)}).size(), 2u);
  EXPECT_EQ(join({send(1, kServer, kNoon, 5), send(2, kServer, kNoon, 0)}).size(), 2u);
}

TEST(Join, KeepsTheSameWordsWithOtherAttachmentsApart) {
  Record first = send(1, kServer, kNoon, 5);
  Record second = send(2, kServer, kNoon + seconds{30}, 5);
  first.objects = {{.content = {0, 71}}};
  second.objects = {{.content = {0, 72}}};
  EXPECT_EQ(join({first, second}).size(), 2u);
  second.source = kGateway;
  EXPECT_EQ(join({first, second}).size(), 2u);
  second.objects.push_back(first.objects[0]);
  EXPECT_EQ(join({first, second}).size(), 1u);
}

TEST(Join, PairsTheCopiesOfTwoSourcesOneByOne) {
  const std::vector<Act> acts =
      join({send(1, kServer, kNoon, 0), send(2, kServer, kNoon + seconds{10}, 0),
            send(3, kGateway, kNoon + seconds{2}, 0), send(4, kGateway, kNoon + seconds{12}, 0)});
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_EQ(acts[0].records, (std::vector<RecordId>{{0, 1}, {0, 3}}));
  EXPECT_EQ(acts[1].records, (std::vector<RecordId>{{0, 2}, {0, 4}}));
}

TEST(Join, CountsTheSameRecordOnce) {
  const Record record = send(1, kServer, kNoon, 0);
  EXPECT_EQ(join({record, record}).size(), 1u);
}

TEST(Join, UnitesMarksSoThatNothingLooksMoreInnocent) {
  Record plain = send(1, kServer, kNoon, 5);
  plain.sensitivity = Sensitivity::none;
  plain.bytes = 100;
  plain.objects = {{.content = {0, 7}, .place = {}, .bytes = 3}};
  Record marked = send(2, kGateway, kNoon, 5);
  marked.sensitivity = Sensitivity::secret;
  marked.bytes = 90;
  marked.flags = kFlagEncrypted;
  marked.account_instance = AccountInstance::unclaimed;
  marked.parties[0].recipient_class = RecipientClass::disposable;
  marked.objects = {{.content = {0, 7},
                     .place = {},
                     .bytes = 3,
                     .sensitivity = Sensitivity::confidential,
                     .flags = kFlagRenamed},
                    {.content = {0, 8}}};
  const std::vector<Act> acts = join({plain, marked});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].sensitivity, Sensitivity::secret);
  EXPECT_EQ(acts[0].bytes, 100u);
  EXPECT_EQ(acts[0].flags, kFlagEncrypted);
  EXPECT_EQ(acts[0].account_instance, AccountInstance::unclaimed);
  ASSERT_EQ(acts[0].parties.size(), 1u);
  EXPECT_EQ(acts[0].parties[0].recipient_class, RecipientClass::disposable);
  ASSERT_EQ(acts[0].objects.size(), 2u);
  EXPECT_EQ(acts[0].objects[0].sensitivity, Sensitivity::confidential);
  EXPECT_EQ(acts[0].objects[0].flags, kFlagRenamed);
}

TEST(Join, JoinsAcrossMidnightWhenGivenBothRecords) {
  constexpr Instant kMidnight = kNoon + std::chrono::hours{12};
  const std::vector<Act> acts = join({send(1, kServer, kMidnight + seconds{20}, 5),
                                      send(2, kGateway, kMidnight - seconds{20}, 5)});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].time, kMidnight - seconds{20});
}

TEST(Join, FansMailFromOutsideOutToEveryPersonAmongTheRecipients) {
  const std::vector<Act> acts =
      join({receive(1, kStranger, {to(kAnnMail, kAnn), to(kBenMail, kBen), to(kFriend, kNobody)})});
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_EQ(acts[0].person, kAnn);
  EXPECT_EQ(acts[0].account, kAnnMail);
  EXPECT_EQ(acts[1].person, kBen);
  EXPECT_EQ(acts[0].activity, Activity::mail_receive);
  EXPECT_EQ(acts[0].id, acts[1].id);
}

TEST(Join, MakesOneContactOfAMailLoggedOncePerRecipient) {
  const std::vector<Party> both = {to(kAnnMail, kAnn), to(kBenMail, kBen)};
  Record first = receive(1, kStranger, both);
  Record second = receive(2, kStranger, both);
  first.content = second.content = {};
  EXPECT_EQ(join({first, second}).size(), 2u);  // one for each person
}

TEST(Join, CountsOnePersonWithTwoAddressesAsOneContact) {
  EXPECT_EQ(join({receive(1, kStranger, {to(kAnnMail, kAnn), to(AddressToken{113}, kAnn)})}).size(),
            1u);
}

TEST(Join, GivesAReceiverWhomNoHeaderNamesTheContact) {
  Record blind = receive(1, kStranger, {to(kFriend, kNobody)});
  blind.person = kBen;
  const std::vector<Act> acts = join({blind});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].person, kBen);
}

TEST(Join, MakesAMailBetweenColleaguesAnActOfItsSenderOnly) {
  Record sent = send(1, kServer, kNoon, 5);
  sent.parties = {to(kBenMail, kBen)};
  Record received = receive(2, kAnnMail, {to(kBenMail, kBen)});
  received.source = kGateway;
  received.sensitivity = Sensitivity::secret;
  received.time = kNoon - seconds{5};
  received.parties.back().person = kAnn;
  received.parties.back().recipient_class = RecipientClass::internal;
  const std::vector<Act> acts = join({sent, received});
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].person, kAnn);
  EXPECT_EQ(acts[0].activity, Activity::mail_send);
  EXPECT_EQ(acts[0].sensitivity, Sensitivity::secret);
  EXPECT_EQ(acts[0].records.size(), 2u);
  EXPECT_EQ(join({received}).size(), 0u);
}

TEST(Join, MakesNoActOfNobody) {
  Record nobody = send(1, kServer, kNoon, 5);
  nobody.person = kNobody;
  EXPECT_TRUE(join({nobody, receive(2, kStranger, {to(kFriend, kNobody)})}).empty());
}

TEST(Join, KeepsLogonsOnDifferentHostsApart) {
  Record first = send(1, kServer, kNoon, 0);
  first.activity = Activity::logon;
  first.parties.clear();
  first.host = HostToken{1};
  Record second = first;
  second.id = {0, 2};
  second.source = kGateway;
  EXPECT_EQ(join({first, second}).size(), 1u);
  second.host = HostToken{2};
  EXPECT_EQ(join({first, second}).size(), 2u);
}

TEST(Join, KeyFindsACopyAgainThatArrivesOnALaterDay) {
  const Act act = join({send(1, kServer, kNoon, 5)}).at(0);
  const Act copy = join({send(2, kGateway, kNoon + seconds{3}, 0)}).at(0);
  Record other = send(3, kGateway, kNoon, 5);
  other.parties[0].address = kFriend;
  EXPECT_EQ(act_key(act), act_key(copy));
  EXPECT_NE(act_key(act), act_key(join({other}).at(0)));
}

// ---- against the slow, obvious version ----

std::set<AddressToken> obvious_envelope(const Record& record) {
  std::set<AddressToken> envelope;
  for (const Party& party : record.parties) {
    if (party.role != PartyRole::from || record.activity == Activity::mail_receive) {
      envelope.insert(party.address);
    }
  }
  return envelope;
}

std::set<ContentHash> obvious_objects(const Record& record) {
  std::set<ContentHash> contents;
  for (const Object& object : record.objects) {
    if (object.content) contents.insert(object.content);
  }
  return contents;
}

bool obviously_one(const Record& a, const Record& b) {
  if (a.person != b.person || a.activity != b.activity || a.account != b.account) return false;
  if (obvious_envelope(a) != obvious_envelope(b)) return false;
  if (a.content && b.content && a.content != b.content) return false;
  const std::set<ContentHash> in_a = obvious_objects(a);
  const std::set<ContentHash> in_b = obvious_objects(b);
  if (a.source == b.source) {
    const bool both_known = (a.content && b.content) || (!a.content && !b.content && !in_a.empty());
    return both_known && in_a == in_b;
  }
  const bool common = std::ranges::any_of(in_a, [&](const auto& c) { return in_b.contains(c); });
  return in_a.empty() || in_b.empty() || common;
}

/// Each record in order of time joins the earliest act that it fits in every record of.
std::set<std::vector<RecordId>> obvious_join(std::vector<Record> records) {
  std::ranges::sort(records, {}, [](const Record& r) { return std::tuple(r.time, r.id); });
  std::vector<std::vector<Record>> acts;
  for (const Record& record : records) {
    const auto fits = [&](const std::vector<Record>& act) {
      return record.time - act.front().time <= JoinOptions{}.tolerance &&
             std::ranges::all_of(act, [&](const Record& r) { return obviously_one(r, record); });
    };
    const auto found = std::ranges::find_if(acts, fits);
    if (found == acts.end()) {
      acts.push_back({record});
    } else {
      found->push_back(record);
    }
  }
  std::set<std::vector<RecordId>> ids;
  for (const auto& act : acts) {
    std::vector<RecordId> of_act;
    for (const Record& record : act) of_act.push_back(record.id);
    std::ranges::sort(of_act);
    ids.insert(of_act);
  }
  return ids;
}

std::vector<Record> random_records(std::uint32_t run) {
  Random random(3, run, 0, 0);
  std::vector<Record> records;
  const std::uint32_t count = 1 + random.below(40);
  for (std::uint32_t i = 0; i < count; ++i) {
    Record record = send(1000 - i, SourceId{1 + random.below(3)}, kNoon, random.below(3));
    record.time = kNoon + seconds{random.below(600)};
    record.person = PersonId{11 + random.below(2)};
    if (random.chance(0.3)) record.parties[0].address = kFriend;
    if (random.chance(0.3)) record.parties.push_back(record.parties[0]);
    if (random.chance(0.4)) record.objects.push_back({.content = {0, 50 + random.below(2)}});
    if (random.chance(0.2)) record.objects.push_back({.content = {0, 60}});
    record.sensitivity = static_cast<Sensitivity>(random.below(5));
    record.flags = static_cast<std::uint16_t>(1u << random.below(6));
    records.push_back(record);
  }
  return records;
}

TEST(Join, AgreesWithTheObviousVersionOnRandomRecords) {
  for (std::uint32_t run = 0; run < 2000; ++run) {
    const std::vector<Record> records = random_records(run);
    std::set<std::vector<RecordId>> found;
    for (const Act& act : join_records(records, {})) found.insert(act.records);
    ASSERT_EQ(found, obvious_join(records)) << "run " << run;
  }
}

TEST(Join, LosesNoRecordAndNoMarkInWhateverOrderTheyCome) {
  for (std::uint32_t run = 0; run < 500; ++run) {
    std::vector<Record> records = random_records(run);
    const std::vector<Act> acts = join_records(records, {});
    std::size_t joined = 0;
    std::uint16_t flags = 0;
    std::uint16_t all_flags = 0;
    for (const Act& act : acts) {
      joined += act.records.size();
      flags |= act.flags;
      EXPECT_EQ(act.id, act.records.front());
    }
    for (const Record& record : records) all_flags |= record.flags;
    EXPECT_EQ(joined, records.size());
    EXPECT_EQ(flags, all_flags);

    Random random(4, run, 0, 0);
    for (std::size_t i = records.size(); i > 1; --i) {
      std::swap(records[i - 1], records[random.below(static_cast<std::uint32_t>(i))]);
    }
    const std::vector<Act> again = join_records(records, {});
    ASSERT_EQ(again.size(), acts.size());
    for (std::size_t i = 0; i < acts.size(); ++i) {
      EXPECT_EQ(again[i].records, acts[i].records);
      EXPECT_EQ(again[i].flags, acts[i].flags);
      EXPECT_EQ(again[i].sensitivity, acts[i].sensitivity);
      EXPECT_EQ(again[i].content, acts[i].content);
      EXPECT_TRUE(again[i].parties == acts[i].parties);
      EXPECT_TRUE(again[i].objects == acts[i].objects);
    }
  }
}

TEST(Join, BoundsTheWorkOnAFloodOfAlikeRecords) {
  std::vector<Record> flood;
  for (std::uint64_t i = 0; i < 20'000; ++i) flood.push_back(send(i + 1, kServer, kNoon, 0));
  EXPECT_EQ(join_records(flood, {}).size(), flood.size());
}

}  // namespace
}  // namespace weir::ingest
