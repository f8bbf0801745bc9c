#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What insiders do, in numbers: for each the usual value and the range it may lie in. A world
/// made with `--held-out` draws each of them from its range, by its seed and name; nobody is to
/// tune to such a world. All others use the usual value.
///   [pilot] the power study of the slow drip   [cert] medians over CERT r4.2 and r5.2
///   [asked] as the scenario was described       [assumed] our judgement
/// Ranges are [assumed] throughout.
namespace weir::sim {

enum class Knob : std::uint8_t {
  sends_per_year,
  prompted,
  lag_log_days,
  lag_sigma,
  sensitive,
  foreign,
  opens_first,
  two_mailboxes,
  from_start,
  rotation_days,
  own_account,
  prints,
  upload_share,
  print_share,
  handover_log_days,
  decoys_per_year,
  decoy_lead_days,
  decoy_to_handler,
  burst_files_log,
  burst_sensitive,
  burst_foreign,
  burst_by_upload,
  after_hours,
  cert_1_days,
  cert_1_active_days,
  cert_1_copies,
  cert_2_days,
  cert_2_active_days,
  cert_2_visits,
  cert_2_connects,
  cert_2_mails,
  cert_3_mails,
  cert_4_days,
  cert_4_active_days,
  cert_4_opens,
  cert_4_mails,
  cert_5_uploads,
  cert_5_group,
  mark_recall,
  false_mark,
  place_known,
};

/// From here on they are properties of the logs, of all worlds with one seed alike.
inline constexpr Knob kFirstOfLogs = Knob::mark_recall;

struct Range {
  Knob knob;
  std::string_view name;
  double low, usual, high;
};

inline constexpr std::array<Range, 41> kRanges = {{
    // Drip and its kin. Documents a year, unless an option says how many.
    {Knob::sends_per_year, "sends_per_year", 1.0, 4.0, 6.0},  // [pilot]
    // Of them, those that follow a request, by a log-normal lag: median 2, 5, 20 days.
    {Knob::prompted, "prompted", 0.60, 0.90, 1.0},  // [pilot]
    // NOLINTNEXTLINE(modernize-use-std-numbers): a median of two days, as measured, not a constant.
    {Knob::lag_log_days, "lag_log_days", 0.69315, 1.60944, 2.99573},  // [pilot]
    {Knob::lag_sigma, "lag_sigma", 0.5, 0.9, 1.2},                    // [pilot]
    // Of them, those with a sensitive document, and with one of a group that is not the person's.
    {Knob::sensitive, "sensitive", 0.40, 0.70, 0.90},  // [pilot]
    {Knob::foreign, "foreign", 0.30, 0.60, 0.80},      // [pilot]
    // Opens the document on the share first.
    {Knob::opens_first, "opens_first", 0.50, 0.80, 1.0},  // [assumed]
    // Has two mailboxes outside; is at it from the first day and not from a random one.
    {Knob::two_mailboxes, "two_mailboxes", 0.20, 0.40, 0.80},  // [assumed]
    {Knob::from_start, "from_start", 0.25, 0.50, 0.75},        // [assumed]
    // rotation: days until all mailboxes are new, and sends from an anonymous account of the
    // person's own instead of the work mailbox (public-case too).
    {Knob::rotation_days, "rotation_days", 270.0, 548.0, 730.0},  // [asked]
    {Knob::own_account, "own_account", 0.20, 0.50, 0.80},         // [assumed]
    // media: who prints, and does not copy to removable media.
    {Knob::prints, "prints", 0.30, 0.50, 0.70},  // [assumed]
    // split: of four acts two mails, one upload, one print.
    {Knob::upload_share, "upload_share", 0.15, 0.25, 0.40},  // [asked]
    {Knob::print_share, "print_share", 0.15, 0.25, 0.40},    // [asked]
    // pair: from fetching to sending, median of half a day.
    {Knob::handover_log_days, "handover_log_days", -1.2, -0.7, 1.0},  // [assumed]
    // decoy: harmless private mails a year, days of them before the first document, and the share
    // that goes to the mailbox that later gets documents.
    {Knob::decoys_per_year, "decoys_per_year", 12.0, 24.0, 40.0},    // [assumed]
    {Knob::decoy_lead_days, "decoy_lead_days", 90.0, 200.0, 365.0},  // [assumed]
    {Knob::decoy_to_handler, "decoy_to_handler", 0.20, 0.50, 0.80},  // [assumed]
    // burst: files (log-normal, median 60), how sensitive, of other groups, by upload instead of
    // removable media.
    {Knob::burst_files_log, "burst_files_log", 3.4, 4.0943, 5.0},        // [assumed]
    {Knob::burst_sensitive, "burst_sensitive", 0.40, 0.60, 0.80},        // [assumed]
    {Knob::burst_foreign, "burst_foreign", 0.10, 0.30, 0.50},            // [assumed]
    {Knob::burst_by_upload, "burst_by_upload", 0.20, 0.40, 0.60},        // [assumed]
    {Knob::after_hours, "after_hours", 0.70, 0.88, 1.0},                 // [cert] cert-1
    {Knob::cert_1_days, "cert_1_days", 4.0, 6.0, 9.0},                   // [cert]
    {Knob::cert_1_active_days, "cert_1_active_days", 2.0, 3.0, 4.0},     // [cert]
    {Knob::cert_1_copies, "cert_1_copies", 3.0, 6.0, 15.0},              // [cert]
    {Knob::cert_2_days, "cert_2_days", 44.0, 56.0, 58.0},                // [cert]
    {Knob::cert_2_active_days, "cert_2_active_days", 20.0, 28.0, 34.0},  // [cert]
    {Knob::cert_2_visits, "cert_2_visits", 80.0, 125.0, 160.0},          // [cert]
    {Knob::cert_2_connects, "cert_2_connects", 50.0, 80.0, 100.0},       // [cert]
    {Knob::cert_2_mails, "cert_2_mails", 8.0, 14.0, 20.0},               // [cert]
    {Knob::cert_3_mails, "cert_3_mails", 3.0, 5.0, 12.0},                // [cert]
    {Knob::cert_4_days, "cert_4_days", 32.0, 72.0, 160.0},               // [cert]
    {Knob::cert_4_active_days, "cert_4_active_days", 7.0, 11.0, 16.0},   // [cert]
    {Knob::cert_4_opens, "cert_4_opens", 40.0, 58.0, 80.0},              // [cert]
    {Knob::cert_4_mails, "cert_4_mails", 14.0, 22.0, 40.0},              // [cert]
    {Knob::cert_5_uploads, "cert_5_uploads", 2.0, 4.0, 10.0},            // [cert]
    {Knob::cert_5_group, "cert_5_group", 3.0, 5.0, 8.0},                 // [assumed]
    // How well sources tell what is sensitive: the share of sensitive documents that they mark, of
    // others that they mark too, and of sensitive ones whose group a source of content can tell.
    {Knob::mark_recall, "mark_recall", 0.60, 0.80, 0.95},  // [assumed]
    {Knob::false_mark, "false_mark", 0.005, 0.02, 0.05},   // [assumed]
    {Knob::place_known, "place_known", 0.60, 0.85, 0.95},  // [assumed]
}};

constexpr double usual(Knob knob) { return kRanges[static_cast<std::size_t>(knob)].usual; }

}  // namespace weir::sim
