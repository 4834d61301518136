#include "scenario/schema_table.hpp"

// relapse.json: what would otherwise be typed with every command. Each key but the folders is the
// long name of a flag, with _ for -; cli/settings.cpp hands it over as if it had been typed.

namespace relapse::schema {
namespace {

using K = Type::Kind;
using namespace types;

constexpr Type folder{.kind = K::string, .noun = "a folder", .check = check_text, .regex = "\\S"};
constexpr Type name_list{.kind = K::list, .noun = "a list of names", .item = &words};
constexpr Type host_names{.kind = K::list, .noun = "a list of host names", .item = &words};
constexpr Type jobs{.kind = K::integer, .noun = "a number from 1 to 64", .min = 1, .max = 64};
constexpr Type retries{.kind = K::integer, .noun = "a number from 0 to 10", .min = 0, .max = 10};
constexpr Type repeat{.kind = K::integer, .noun = "a number from 1 to 1000", .min = 1, .max = 1000};
constexpr Type failures{
    .kind = K::integer, .noun = "a number from 1 to 1000000", .min = 1, .max = 1'000'000};
constexpr std::array<std::string_view, 2> planes{"wire", "asgi"};
constexpr Type plane{.kind = K::choice, .noun = "a plane", .values = planes};
constexpr std::array<std::string_view, 3> colours{"auto", "always", "never"};
constexpr Type colour{.kind = K::choice, .noun = "a choice of colour", .values = colours};

constexpr std::array<Key, 15> settings_keys{{
    {.name = "$schema", .type = &plain, .doc = "For editors."},
    {.name = "scenarios_dir", .type = &folder, .doc = "The folder of the scenarios."},
    {.name = "targets_dir", .type = &folder, .doc = "The folder of the target files."},
    {.name = "reports_dir", .type = &folder, .doc = "Where runs are kept and pages are written."},
    {.name = "target", .type = &name_list, .doc = "Targets when no -t names one."},
    {.name = "exclude", .type = &name_list, .doc = "Selectors of scenarios to leave out."},
    {.name = "allow_hosts",
     .type = &host_names,
     .doc = "Hosts other than loopback that may be sent to."},
    {.name = "plane", .type = &plane, .doc = "The plane that every scenario is replayed on."},
    {.name = "jobs", .type = &jobs, .doc = "Targets side by side."},
    {.name = "retries", .type = &retries, .doc = "How often what did not hold is repeated."},
    {.name = "repeat", .type = &repeat, .doc = "How often every scenario is replayed."},
    {.name = "fail_fast", .type = &failures, .doc = "Stop after so many relapses."},
    {.name = "timeout", .type = &deadline, .doc = "How long a whole run may take."},
    {.name = "strict", .type = &boolean, .doc = "true: flaky and known failures fail a run."},
    {.name = "color", .type = &colour, .doc = "auto, always or never."},
}};

}  // namespace

constinit const ObjectTable settings_table{"settings", "a settings file",
                                           "What would otherwise be typed with every command.",
                                           settings_keys};

}  // namespace relapse::schema
