#include "scenario/schema_table.hpp"

// The top level of a scenario file.

namespace relapse::schema {
namespace {

using K = Type::Kind;
using namespace types;

constexpr std::array<Key, 6> incident_keys{{
    {.name = "ref",
     .type = &words,
     .doc = "\"issue #466\", \"encode/uvicorn#1234\".",
     .required = true},
    {.name = "seen", .type = &date, .doc = "The day it was seen.", .required = true},
    {.name = "story",
     .type = &words,
     .doc = "Two sentences for whoever reads the report at night.",
     .required = true},
    {.name = "evidence",
     .type = &words,
     .doc = "The log line, close code or status that was seen, verbatim.",
     .required = true},
    {.name = "fix", .type = &words, .doc = "The commit, version or change that repaired it."},
    {.name = "spec", .type = &words, .doc = "Clause of a standard: \"RFC 6455 section 7.4.1\"."},
}};
constexpr ObjectTable incident_table{"incident", "an incident", "What once went wrong.",
                                     incident_keys};

constexpr std::array<Key, 5> guards_keys{{
    {.name = "server_error", .type = &boolean, .doc = "No 5xx that no step expected."},
    {.name = "log", .type = &boolean, .doc = "No unhandled exception in the log."},
    {.name = "liveness",
     .type = &boolean,
     .doc = "The health probes still work afterwards, on the same process."},
    {.name = "exception",
     .type = &boolean,
     .doc = "ASGI plane: no exception leaves the application that no step expected."},
    {.name = "protocol",
     .type = &boolean,
     .doc = "ASGI plane: what the application sends is right by the specification."},
}};
constexpr ObjectTable guards_table{"guards", "guards", "Built-in claims; false switches one off.",
                                   guards_keys};

constexpr std::array<Key, 2> proof_entry_keys{{
    {.name = "fault", .type = &word, .doc = "A fault of the target file.", .required = true},
    {.name = "claim",
     .type = &words,
     .doc = "The claim, step or guard through which it must relapse; any when absent."},
}};
constexpr ObjectTable proof_entry_table{"proof_entry", "a proof entry",
                                        "A fault and the claim it must break.", proof_entry_keys};
constexpr Type proof_entry_object{
    .kind = K::object, .noun = "an object", .table = &proof_entry_table};
constexpr std::array<const Type*, 2> proof_entry_alternatives{&word, &proof_entry_object};
constexpr Type proof_entry{.kind = K::one_of,
                           .noun = "a fault or {\"fault\", \"claim\"}",
                           .alternatives = proof_entry_alternatives};
constexpr Type proof_entries{
    .kind = K::list, .noun = "a list of faults", .item = &proof_entry, .min_items = 1};
constexpr std::array<Key, 1> proof_keys{{
    {.name = "relapses_on",
     .type = &proof_entries,
     .doc = "Faults that bring the bug back; on each the scenario must relapse.",
     .required = true},
}};
constexpr ObjectTable proof_table{"proof", "a proof", "How this scenario is seen to fail.",
                                  proof_keys};

constexpr Type incident{.kind = K::object, .noun = "an object", .table = &incident_table};
constexpr Type guards{.kind = K::object, .noun = "an object", .table = &guards_table};
constexpr Type proof{.kind = K::object, .noun = "an object", .table = &proof_table};

constexpr Type replays{.kind = K::integer, .noun = "a number of replays", .min = 1, .max = 1000};
constexpr std::array<Key, 2> repeat_keys{{
    {.name = "times",
     .type = &replays,
     .doc = "How often the scenario is replayed: 1 to 1000.",
     .required = true},
    {.name = "at_least", .type = &replays, .doc = "So many of them must hold; all when absent."},
}};
constexpr ObjectTable repeat_table{
    "replays", "a repeat", "Replays of this scenario that are judged together.", repeat_keys};
constexpr Type repeat{.kind = K::object, .noun = "an object", .table = &repeat_table};

constexpr std::array<std::string_view, 2> clock_names{"real", "virtual"};
constexpr Type clock{.kind = K::choice, .noun = "a clock", .values = clock_names};
constexpr Type case_values{.kind = K::map,
                           .noun = "an object of parameters and values",
                           .check = check_variable,
                           .item = &any};
constexpr Type cases{.kind = K::map,
                     .noun = "an object of cases",
                     .check = check_case_name,
                     .item = &case_values,
                     .min_items = 1};

constexpr std::array<Key, 17> scenario_keys{{
    {.name = "$schema", .type = &plain, .doc = "For editors; relapse does not read it."},
    {.name = "title", .type = &words, .doc = "What must hold, as a sentence.", .required = true},
    {.name = "incident", .type = &incident, .doc = "What once went wrong.", .required = true},
    {.name = "tags", .type = &word_list, .doc = "For selecting: tag:NAME."},
    {.name = "aliases",
     .type = &word_list,
     .doc = "Earlier ids, so that history survives a rename."},
    {.name = "requires", .type = &word_list, .doc = "Capabilities that the target must provide."},
    {.name = "within",
     .type = &deadline,
     .doc = "Deadline of every expectation that names none; 2s when absent."},
    {.name = "budget", .type = &deadline, .doc = "Time for the whole replay; 30s when absent."},
    {.name = "clock",
     .type = &clock,
     .doc = "ASGI plane: with \"virtual\" the event loop's clock jumps to the next timer; "
            "\"real\" when absent."},
    {.name = "repeat",
     .type = &repeat,
     .doc = "Replays of this scenario that are judged together; one when absent."},
    {.name = "steps",
     .type = &step_list,
     .doc = "What is done and expected, in this order.",
     .required = true},
    {.name = "never", .type = &claim_list, .doc = "No event of the timeline matches."},
    {.name = "always",
     .type = &claim_list,
     .doc = "Every event of that kind matches, and there is at least one."},
    {.name = "count", .type = &count_list, .doc = "How many events match."},
    {.name = "guards", .type = &guards, .doc = "Built-in claims; false switches one off."},
    {.name = "proof",
     .type = &proof,
     .doc = "How this scenario is seen to fail.",
     .required = true},
    {.name = "cases",
     .type = &cases,
     .doc = "Makes the file a template: a scenario for each case, with the values of its "
            "parameters for ${name}."},
}};

}  // namespace

constinit const ObjectTable scenario_table{
    "scenario", "a scenario",
    "One recorded failure: the steps that provoke it and the claims that must hold.",
    scenario_keys};
constinit const ObjectTable cases_table{"cases", "a scenario", "The cases of a template.",
                                        std::span<const Key>(scenario_keys).last(1)};

}  // namespace relapse::schema
