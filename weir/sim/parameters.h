#pragma once

#include <array>
#include <cstdint>

#include "weir/sim/roles.h"

/// Every number the simulator is made of, in one place but for roles (roles.h) and what insiders do
/// (scenario_ranges.h). A comment gives the range that is plausible and where the number comes
/// from:
///   [cert]    measured on CERT r4.2 (1,000 people, 501 days, 2010–2011), an artificial data set
///   [pilot]   the power study of the slow drip that this simulator has to repeat
///   [assumed] nobody's measurement: our judgement, to be replaced when there is one
/// CERT is easier than life (its daily counts hardly vary): where we depart from it, we say so.
namespace weir::sim::parameters {

// ---- the organisation --------------------------------------------------------------------------

/// Share of people who leave each month. 0–1.6 % by month, mean about 1 % [cert].
inline constexpr double kLeaversPerMonth = 0.010;
/// Days until an empty seat is filled again, log-normal: median 40, sigma 0.6 [assumed].
inline constexpr double kVacancyLogDays = 3.6889;
inline constexpr double kVacancySigma = 0.6;
/// Moves to another role or department per person and year. 2–8 % [assumed]; CERT has none.
inline constexpr double kMovesPerYear = 0.04;
/// Of the moves, those that change the department too [assumed].
inline constexpr double kMoveChangesDepartment = 0.7;
/// Seats in one department, and in one team under one manager. [cert] has 29 departments and
/// 67 teams for 1,000 people.
inline constexpr std::uint32_t kSeatsPerDepartment = 35;
inline constexpr std::uint32_t kSeatsPerTeam = 15;
/// Share of departments at the site in the second time zone [assumed].
inline constexpr double kDepartmentsOverseas = 0.35;
/// Work part of the week. 10–30 % [assumed]; CERT has none.
inline constexpr double kPartTime = 0.12;
/// Work for a project of another department, whose documents they rightly use. 20 % [cert r5.2].
inline constexpr double kOnForeignProject = 0.20;
/// User id and address change once (a new family name, a merged directory), per person and year
/// [assumed].
inline constexpr double kRenamesPerYear = 0.006;
/// People who declared a private mailbox when asked. 10–60 % [assumed].
inline constexpr double kDeclaresMailbox = 0.30;

// ---- presence ----------------------------------------------------------------------------------

/// A public holiday has this share of a weekday's people [cert].
inline constexpr double kHolidayAttendance = 0.07;
/// Of the other weekdays, single days off [cert: 97 % attendance, less vacation and sickness].
inline constexpr double kSingleDayOff = 0.02;
/// Sick runs a year, and their mean length in days [assumed].
inline constexpr double kSickRunsPerYear = 1.6;
inline constexpr double kSickRunDays = 4.0;
/// Long vacations a year and their mean length in days, and short ones [assumed].
inline constexpr double kLongVacationDays = 14.0;
inline constexpr double kShortVacationsPerYear = 2.5;
/// 15 % of people ever work at weekends, 5 % on more than 18 % of their days [cert].
inline constexpr double kEverAtWeekends = 0.15;
inline constexpr double kOftenAtWeekends = 0.05;
/// First logon: median 08:00, between people 07:15–09:00 (10–90 %) [cert].
inline constexpr double kStartMinute = 480.0;
inline constexpr double kStartSpreadMinutes = 40.0;
/// Within one person sd 5.4–8.4 minutes for 90 % of them [cert]. In life rather 10–30 [assumed].
inline constexpr double kOwnStartLogMinutes = 2.7;  // log-normal median 15 minutes
inline constexpr double kOwnStartSigma = 0.5;
inline constexpr double kDayMinutes = 520.0;
inline constexpr double kDayMinutesSpread = 35.0;

// ---- daily life --------------------------------------------------------------------------------

/// Variance over mean of a person's daily count of mails: 2–6, drawn per person [assumed]. CERT
/// has 0.1 there, which no real organisation has.
inline constexpr double kDispersionLow = 2.0;
inline constexpr double kDispersionHigh = 6.0;
/// Log-normal sigma of people's own mail rate around that of their role [assumed].
inline constexpr double kOwnRateSigma = 0.45;
/// Days before a quarter's end that are busier, and how much [assumed].
inline constexpr std::uint32_t kQuarterEndDays = 7;
inline constexpr double kQuarterEndFactor = 1.25;
/// Log-normal sigma of a day that is busy for all [assumed].
inline constexpr double kCommonDaySigma = 0.06;

/// Recipients of a mail: 1, 2, 3, 4, 5 or more [cert].
inline constexpr std::array<double, 5> kRecipients = {0.354, 0.274, 0.175, 0.117, 0.080};
/// A mail to outside has fewer: each further recipient is kept with this chance [assumed].
inline constexpr double kFurtherOutsideRecipient = 0.35;
/// Attachments: 0, 1, 2, 3 or more [cert].
inline constexpr std::array<double, 4> kAttachments = {0.785, 0.127, 0.047, 0.041};
/// Bytes of a mail without its attachments: 18.8/28.5/43.1 kB (10/50/90 %) [cert].
inline constexpr double kMailLogBytes = 10.2577;
inline constexpr double kMailBytesSigma = 0.32;
/// Correspondents outside per person: log-normal, median 60 [cert, less the internal ones].
inline constexpr double kCircleLog = 4.0943;
inline constexpr double kCircleSigma = 0.7;
/// Chance that a recipient is somebody never written to before, beside those whom a changing
/// circle brings. Together 6–20 % for ever [cert: 20 → 6.6 % over 17 months].
inline constexpr double kNewContact = 0.05;
/// Days a place in the circle keeps its person: this plus up to the spread [assumed].
inline constexpr std::uint32_t kContactDays = 200;
inline constexpr std::uint32_t kContactDaysSpread = 2200;
/// Places of the circle that are the department's common customers [assumed].
inline constexpr double kSharedContact = 0.30;
/// Of correspondents outside, those at partners [assumed].
inline constexpr double kPartnerContact = 0.25;
/// One new contact in a thousand uses a throw-away mailbox [assumed].
inline constexpr double kDisposableContact = 0.001;
/// In Reply-To set on a mail to outside, and on one from outside [assumed].
inline constexpr double kReplyShare = 0.45;

/// Mails from people outside per mail to outside, and automatic ones (newsletters, tickets) a day
/// [assumed].
inline constexpr double kInboundPerOutbound = 1.4;
inline constexpr double kNewslettersPerDay = 4.0;
/// What share of daily life is written. Opens of one's own documents and of others' are thinned
/// alike, since how often a place is used against others says whose it is.
struct Kept {
  bool everything = false;
  double inbound = 1;         // of mail from people outside
  double newsletters = 1;     // of automatic mail
  double internal = 1;        // of mail inside the organisation
  double opens = 1;           // of documents on shares
  double lookups = 1;         // of look-ups of persons and customers
  double plain_mail = 1;      // of mail to outside without an attachment
  double logons = 1;          // of first logons
  bool logoffs = true;        // the last of a day
  bool idle_connects = true;  // of media that nothing is then copied to
};
/// All of it; what evaluations of a few thousand people can afford: egress and look-ups whole; and
/// 300 records a person and year, for ten thousand.
inline constexpr Kept kFullDetail = {.everything = true};
inline constexpr Kept kThinned = {
    .inbound = 0.30, .newsletters = 0.02, .internal = 0.03, .opens = 0.08};
inline constexpr Kept kThin = {.inbound = 0.025,
                               .newsletters = 0,
                               .internal = 0,
                               .opens = 0.005,
                               .lookups = 0.05,
                               .plain_mail = 0.01,
                               .logons = 0.08,
                               .logoffs = false,
                               .idle_connects = false};
/// Of the documents opened, those of groups neither one's own nor one's project's. 1–8 %
/// [assumed].
inline constexpr double kForeignOpens = 0.02;

/// People who use removable media: 26.5 % [cert]. Their connects a weekday: median 1.8, 10–90 %
/// 0.35–8.4 [cert]; we take a quarter, since sticks have become rarer [assumed].
inline constexpr double kDeviceUsers = 0.265;
inline constexpr double kConnectsLog = -0.80;
inline constexpr double kConnectsSigma = 1.2;
/// Days with copies to the medium per day with a connect [assumed], and copies on such a day:
/// 2/6/25 (10/50/90 %) [cert].
inline constexpr double kCopyDay = 0.12;
inline constexpr double kCopiesLog = 1.7918;
inline constexpr double kCopiesSigma = 0.95;
/// Disconnects that are never logged [cert].
inline constexpr double kDisconnectMissing = 0.008;
/// Screen unlocks at lunch and later, beyond the first logon [cert: 1.42 logons a day].
inline constexpr double kSecondLogon = 0.42;
inline constexpr double kFailedLogon = 0.02;
/// People with a second machine, and how often they sit there [cert: 32 % use more than one].
inline constexpr double kSecondHost = 0.22;
inline constexpr double kSecondHostUse = 0.10;
/// Pages a person and day [cert]; full detail only.
inline constexpr double kPagesPerDay = 86.0;
inline constexpr std::uint32_t kWebSites = 6000;
/// Uploads a person and working day to sites of partners and authorities, and of those the share
/// into somebody's private cloud account [assumed].
inline constexpr double kUploadsPerDay = 0.02;
inline constexpr double kPrivateUpload = 0.04;

// ---- documents ---------------------------------------------------------------------------------

/// Document groups (shares) of a department; documents in each at the start, and new ones a day
/// [assumed].
inline constexpr std::uint32_t kGroupsPerDepartment = 2;
inline constexpr std::uint32_t kDocumentsAtStart = 300;
inline constexpr double kNewDocumentsPerDay = 0.3;
/// True sensitivity: none, internal, confidential, secret [assumed].
inline constexpr std::array<double, 4> kSensitivity = {0.55, 0.32, 0.10, 0.03};
/// What a source says of a document: a confidential or secret one is marked as such (else as
/// `none`), others are marked confidential falsely, as often as scenario_ranges.h says.
/// Of the confidential and secret documents, those the organisation has registered [assumed].
inline constexpr double kRegistered = 0.70;
/// The source can tell the group of an attached document that is not sensitive [assumed].
inline constexpr double kPlaceKnownOther = 0.60;
/// Confidential documents go to partners and customers too, less often than others are sent:
/// the chance that such a choice stands [assumed; about 3 % of business attachments].
inline constexpr double kBusinessSendsSensitive = 0.20;
/// Printing and copying follow use: the chance there [assumed].
inline constexpr double kPrintsSensitive = 0.50;

// ---- private mail from work, and look-alikes ---------------------------------------------------

/// Who never writes private mail from work, and who writes for a living elsewhere or to himself
/// [pilot]; the rest writes at a rate drawn from a Gamma of this shape and mean a year.
inline constexpr double kNeverPrivate = 0.45;
inline constexpr double kSelfMailers = 0.035;
inline constexpr double kFreelancers = 0.015;
inline constexpr double kPrivateShape = 0.6;
inline constexpr double kPrivatePerYear = 5.0;
/// To their own mailbox, else to friends [assumed].
inline constexpr double kPrivateToSelf = 0.30;
/// With a file, and of those with a document of the organisation [assumed]; marks of that
/// document: sensitive 1/3, of another group 1/4. Together 5 % of sends sensitive [pilot].
inline constexpr double kPrivateWithFile = 0.40;
inline constexpr double kPrivateWithDocument = 0.375;
inline constexpr double kPrivateSensitive = 0.33;
inline constexpr double kPrivateForeign = 0.25;
/// Sends that answer a mail from the same address, with a log-normal lag of median 0.5 days; and
/// sends that are answered [assumed].
inline constexpr double kPrivatePrompted = 0.40;
// NOLINTNEXTLINE(modernize-use-std-numbers): a parameter that happens to be near ln 2
inline constexpr double kPrivateLagLogDays = -0.69315;
inline constexpr double kPrivateLagSigma = 1.2;
inline constexpr double kPrivateAnswered = 0.50;

/// Self-mailers: sends a year (Gamma of shape 2), half of them sensitive [pilot]; with a document,
/// of another group [assumed]; and the work that comes back [assumed].
inline constexpr double kSelfMailsPerYear = 30.0;
inline constexpr double kSelfMailWithDocument = 0.90;
inline constexpr double kSelfMailSensitive = 0.55;
inline constexpr double kSelfMailForeign = 0.10;
inline constexpr double kSelfMailReturns = 0.40;
/// Freelancers: sends a year to one or two clients, on request, own files [assumed].
inline constexpr double kFreelanceSendsPerYear = 25.0;
inline constexpr double kFreelanceWithDocument = 0.10;
inline constexpr double kFreelanceSensitive = 0.20;
inline constexpr double kFreelancePrompted = 0.70;
// NOLINTNEXTLINE(modernize-use-std-numbers): a parameter that happens to be near ln 2
inline constexpr double kFreelanceLagLogDays = 0.69315;  // median two days
inline constexpr double kFreelanceLagSigma = 0.9;
inline constexpr double kFreelanceAnswered = 0.60;

/// Mails from outside mailboxes of the kind that precede a send, for everyone [pilot].
inline constexpr double kRequestsPerYear = 8.0;
/// From a friend, from somebody unknown at a free mailbox, else from another organisation
/// [assumed].
inline constexpr double kRequestFromFriend = 0.30;
inline constexpr double kRequestFromStranger = 0.40;

/// People who look for another job in a year: about 10 %. Half of those who leave do [assumed].
inline constexpr double kHuntBeforeLeaving = 0.50;
inline constexpr double kHuntWithoutLeaving = 0.045;
/// Length of the search in days [cert scenario 2: 44–58], and mails with a curriculum in it.
inline constexpr std::uint32_t kHuntDays = 50;
inline constexpr double kHuntMails = 8.0;
inline constexpr double kHuntVisitsPerDay = 1.5;
/// Leavers who take files along in their last two weeks: how many people, how many files
/// (median), how sensitive [assumed].
inline constexpr double kLeaverTakesFiles = 0.15;
inline constexpr double kLeaverFilesLog = 2.0;
inline constexpr double kLeaverFilesSigma = 0.7;
inline constexpr double kLeaverSensitive = 0.08;
/// People on call: 5 %, one week in four, and nights of it with work.
inline constexpr double kOnCall = 0.05;
inline constexpr double kOnCallNight = 0.25;
/// Travellers, their trips a year and days [assumed].
inline constexpr double kTravellers = 0.05;
inline constexpr double kTripsPerYear = 4.0;
inline constexpr std::uint32_t kTripDays = 4;
/// Mails an assistant sends in the name of the boss [assumed].
inline constexpr double kSendsForBoss = 0.20;
/// Rules that forward one's mail to one's own private mailbox, per person and year [assumed].
inline constexpr double kForwardRulesPerYear = 0.004;
/// Links to documents given to partners, per person and working day [assumed].
inline constexpr double kCloudSharesPerDay = 0.008;

// ---- shocks ------------------------------------------------------------------------------------

/// People whom a merger brings, for each that was there [assumed].
inline constexpr double kMergerShare = 0.33;
/// Days that a source says nothing, in an outage that is a shock: 21 to 55 [assumed].
inline constexpr std::uint32_t kOutageShockLeast = 21;
inline constexpr std::uint32_t kOutageShockSpread = 35;
/// Remote work: office people who go home; how much later they begin, how much less regularly, how
/// much longer they work, in minutes; and the prints that are left [assumed].
inline constexpr double kRemoteShare = 0.70;
inline constexpr double kRemoteLaterMinutes = 20.0;
inline constexpr double kRemoteLaterSpread = 40.0;
inline constexpr double kRemoteIrregular = 1.6;
inline constexpr double kRemoteLonger = 45.0;
inline constexpr double kRemotePrints = 0.15;

// ---- logs as they are --------------------------------------------------------------------------

/// Outages a year of each source, and their mean length in days [assumed].
inline constexpr double kOutagesPerYear = 0.8;
inline constexpr double kOutageDays = 0.7;
/// Lines that a shipper delivers twice, and mails that a second source logs too [assumed].
inline constexpr double kDeliveredTwice = 0.003;
inline constexpr double kSecondSource = 0.02;
/// Times a year that a person's machine delivers its log days later, for travellers, and the most
/// days [assumed].
inline constexpr double kLateDaysPerYear = 0.8;
inline constexpr double kLateDaysTraveller = 4.0;
inline constexpr std::uint32_t kLateDaysMost = 6;
/// People whose machine's clock is once wrong for a while, and by how many minutes at most
/// [assumed].
inline constexpr double kSkewedHosts = 0.03;
inline constexpr std::uint32_t kSkewMinutes = 40;

// ---- insiders ----------------------------------------------------------------------------------

/// How much, how often and how marked is in scenario_ranges.h. Here is what all worlds share.
///
/// A lag is never longer; also for private mail.
inline constexpr double kLongestLagDays = 90.0;

/// Burst: days over which it happens; sigma of the number of files; and then the person leaves
/// within so many days, as in cert-1, -2, -3 and -5. [assumed; CERT scenario 1 has 3 active days in
/// 6, scenario 2 some 80 device records in 56 days]
inline constexpr std::uint32_t kBurstDays = 10;
inline constexpr double kBurstFilesSigma = 0.5;
inline constexpr std::uint32_t kBurstLeavesWithinDays = 14;
/// Of the mails from an account of one's own at work (where the proxy shows them), those with a
/// file, and of these with a document of the organisation [assumed]; and how many there are for
/// each private mail from the work mailbox [assumed: most people use their own].
inline constexpr double kWebmailWithFile = 0.30;
inline constexpr double kWebmailWithDocument = 0.15;
inline constexpr double kWebmailPerPrivateMail = 1.5;
/// Logons at a colleague's machine, a year [assumed]; of administrators, who help there [cert: 10
/// to 720 machines].
inline constexpr double kVisitsPerYear = 1.0;
inline constexpr double kVisitsOfAdministrators = 60.0;

}  // namespace weir::sim::parameters
