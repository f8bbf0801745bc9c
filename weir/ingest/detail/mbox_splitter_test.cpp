#include "weir/ingest/detail/mbox_splitter.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::ingest {
namespace {

TEST(MboxFromLine, HoldsADate) {
  EXPECT_TRUE(is_mbox_from_line("From rssfeeds@jmason.org  Tue Oct  1 10:37:42 2002"));
  EXPECT_TRUE(is_mbox_from_line("From - Mon May 14 16:39:00 2001\r"));
  EXPECT_TRUE(is_mbox_from_line("From MAILER-DAEMON Fri Jul  8 12:08:34 2011 +0000"));
  EXPECT_TRUE(is_mbox_from_line("From a@b Mon May 14 16:39 2001 remote from c"));
  EXPECT_TRUE(is_mbox_from_line("From John Doe Mon May 14 16:39:00 2001"));
}

TEST(MboxFromLine, IsNoSentence) {
  EXPECT_FALSE(is_mbox_from_line("From: a@b"));
  EXPECT_FALSE(is_mbox_from_line("From"));
  EXPECT_FALSE(is_mbox_from_line("From now on we meet at 10:30 on Mondays"));
  EXPECT_FALSE(is_mbox_from_line("From May 14 2001 it rains"));
  EXPECT_FALSE(is_mbox_from_line("    From a@b Mon May 14 16:39:00 2001"));
  EXPECT_FALSE(is_mbox_from_line(">From a@b Mon May 14 16:39:00 2001"));
  EXPECT_FALSE(is_mbox_from_line("From " + std::string(600, 'x') + " Mon May 14 16:39:00 2001"));
}

}  // namespace
}  // namespace weir::ingest
