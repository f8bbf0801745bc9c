#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// What people work as, and how much of what that brings. [cert] and [assumed] as in parameters.h.
namespace weir::sim::parameters {

enum class Family : std::uint8_t {
  research,
  sales,
  manufacturing,
  administration,
  purchasing,
  finance
};
inline constexpr std::uint32_t kFamilies = 6;
inline constexpr std::array<std::string_view, kFamilies> kFamilyNames = {
    "research", "sales", "manufacturing", "administration", "purchasing", "finance"};

enum class Shift : std::uint8_t { office, rotating, guard };

struct Role {
  std::string_view name;
  Family family;
  std::uint16_t per_mille;  // of all seats; 0: given by place in the hierarchy
  double mails_per_day;     // all mails sent, on a working day [cert, by role]
  double outside;           // share with an outside recipient [assumed; CERT says 48 % for all]
  double free_mail;         // share of outside correspondents at free mailboxes: private
                            // customers, applicants [assumed]
  double opens_per_day;     // documents opened on shares [assumed]
  double prints_per_day;    // [assumed]
  double lookups_per_day;   // look-ups of persons or customers [assumed]
  Shift shift = Shift::office;
};

/// 42 roles in six functional units with CERT's shares: 18 % production, 16 % technicians,
/// 15 % sales …
inline constexpr std::array<Role, 42> kRoles = {{
    {"President", Family::administration, 0, 35.0, 0.30, 0.003, 12, 0.8, 0.1},
    {"Vice President", Family::administration, 0, 26.0, 0.30, 0.003, 12, 0.8, 0.1},
    {"Director", Family::administration, 0, 17.6, 0.25, 0.003, 12, 0.7, 0.1},
    {"Manager", Family::administration, 0, 13.5, 0.20, 0.003, 10, 0.6, 0.1},
    {"Administrative Assistant", Family::administration, 20, 10.6, 0.20, 0.01, 8, 1.2, 0.3},
    {"IT Administrator", Family::administration, 40, 10.6, 0.12, 0.003, 6, 0.1, 0.6},
    {"Human Resources", Family::administration, 12, 10.6, 0.25, 0.08, 9, 0.7, 1.5},
    {"Lawyer", Family::administration, 6, 9.0, 0.30, 0.01, 10, 0.8, 0.2},
    {"Security Guard", Family::administration, 12, 6.0, 0.03, 0.003, 1, 0.1, 0.3, Shift::guard},
    {"Nurse", Family::administration, 3, 5.0, 0.08, 0.02, 3, 0.3, 0.2},
    {"Receptionist", Family::administration, 7, 9.0, 0.30, 0.03, 2, 0.3, 0.6},
    {"Software Engineer", Family::research, 44, 8.8, 0.08, 0.003, 9, 0.1, 0.05},
    {"Computer Programmer", Family::research, 30, 8.8, 0.08, 0.003, 9, 0.1, 0.05},
    {"Hardware Engineer", Family::research, 28, 8.8, 0.10, 0.003, 9, 0.2, 0.02},
    {"Electrical Engineer", Family::research, 30, 8.8, 0.10, 0.003, 9, 0.2, 0.02},
    {"Mechanical Engineer", Family::research, 30, 8.8, 0.10, 0.003, 9, 0.2, 0.02},
    {"Test Engineer", Family::research, 25, 8.8, 0.06, 0.003, 8, 0.2, 0.02},
    {"Systems Engineer", Family::research, 22, 8.8, 0.12, 0.003, 9, 0.2, 0.1},
    {"Physicist", Family::research, 16, 8.8, 0.20, 0.003, 10, 0.3, 0.0},
    {"Chemist", Family::research, 16, 8.8, 0.18, 0.003, 10, 0.3, 0.0},
    {"Mathematician", Family::research, 12, 8.8, 0.18, 0.003, 9, 0.3, 0.0},
    {"Statistician", Family::research, 10, 8.8, 0.12, 0.003, 9, 0.3, 0.3},
    {"Materials Scientist", Family::research, 16, 8.8, 0.18, 0.003, 10, 0.3, 0.0},
    {"Laboratory Technician", Family::research, 22, 2.9, 0.05, 0.003, 5, 0.2, 0.0},
    {"Technical Writer", Family::research, 12, 7.0, 0.08, 0.003, 10, 0.3, 0.0},
    {"Patent Specialist", Family::research, 8, 7.5, 0.30, 0.003, 10, 0.5, 0.1},
    {"Chief Engineer", Family::research, 8, 17.6, 0.20, 0.003, 12, 0.3, 0.02},
    {"Salesman", Family::sales, 150, 14.5, 0.45, 0.02, 7, 0.4, 1.0},
    {"Field Service Engineer", Family::sales, 45, 7.5, 0.40, 0.02, 6, 0.2, 0.6},
    {"Customer Support", Family::sales, 50, 12.0, 0.50, 0.04, 4, 0.1, 3.0},
    {"Marketing Specialist", Family::sales, 30, 9.5, 0.35, 0.003, 8, 0.5, 0.3},
    {"Account Manager", Family::sales, 25, 14.5, 0.50, 0.01, 8, 0.4, 1.2},
    {"Technical Trainer", Family::sales, 15, 7.0, 0.30, 0.01, 7, 0.6, 0.1},
    {"Production Line Worker", Family::manufacturing, 90, 1.0, 0.02, 0.003, 0.5, 0.02, 0.0,
     Shift::rotating},
    {"Machine Operator", Family::manufacturing, 55, 1.2, 0.02, 0.003, 0.6, 0.03, 0.0,
     Shift::rotating},
    {"Maintenance Technician", Family::manufacturing, 35, 2.9, 0.06, 0.003, 2, 0.1, 0.0},
    {"Quality Inspector", Family::manufacturing, 20, 4.5, 0.12, 0.003, 6, 0.3, 0.0},
    {"Logistics Planner", Family::manufacturing, 20, 9.0, 0.35, 0.003, 6, 0.4, 0.3},
    {"Buyer", Family::purchasing, 14, 11.0, 0.45, 0.003, 7, 0.4, 0.2},
    {"Contract Administrator", Family::purchasing, 6, 9.0, 0.40, 0.003, 9, 0.6, 0.1},
    {"Accountant", Family::finance, 9, 4.9, 0.20, 0.003, 9, 0.6, 1.0},
    {"Financial Analyst", Family::finance, 7, 7.0, 0.15, 0.003, 10, 0.5, 0.5},
}};

}  // namespace weir::sim::parameters
