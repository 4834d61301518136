#include "scenario/schema_table.hpp"

// What an expectation or claim can speak about, and the keys of the view that its pattern sees
// (match/selector.cpp makes the views).

namespace relapse::schema {
namespace {

using K = Type::Kind;
using namespace types;

constexpr Type status{.kind = K::integer, .noun = "an HTTP status", .min = 100, .max = 999};
constexpr Type close_code{.kind = K::integer, .noun = "a close code", .max = 65535};
constexpr Type count{.kind = K::integer, .noun = "a number"};
constexpr Type opcode{.kind = K::integer, .noun = "an opcode", .max = 15};
constexpr Type rsv{.kind = K::integer, .noun = "reserved bits", .max = 7};
constexpr Type exit_code{.kind = K::integer, .noun = "an exit code", .max = 255};
constexpr Type signal_value{.kind = K::integer, .noun = "a signal's number", .min = 1, .max = 64};
constexpr Type hex{
    .kind = K::string, .noun = "hex digits", .check = check_hex, .regex = "^[0-9A-Fa-f\\s]*$"};
constexpr std::array<std::string_view, 2> by_values{"client", "server"};
constexpr Type by{.kind = K::choice, .noun = "who closed first", .values = by_values};
constexpr std::array<std::string_view, 3> end_values{"fin", "rst", "any"};
constexpr Type end{.kind = K::choice, .noun = "how it ended", .values = end_values};

constexpr Type p_any{.kind = K::pattern, .noun = "a pattern", .item = &any};
constexpr Type p_text{.kind = K::pattern, .noun = "a string or operators", .item = &text};
constexpr Type p_hex{.kind = K::pattern, .noun = "hex or operators", .item = &hex};
constexpr Type p_bool{.kind = K::pattern, .noun = "true, false or operators", .item = &boolean};
constexpr Type p_status{.kind = K::pattern, .noun = "a status or operators", .item = &status};
constexpr Type p_code{.kind = K::pattern, .noun = "a close code or operators", .item = &close_code};
constexpr Type p_count{.kind = K::pattern, .noun = "a number or operators", .item = &count};
constexpr Type p_opcode{.kind = K::pattern, .noun = "an opcode or operators", .item = &opcode};
constexpr Type p_rsv{.kind = K::pattern, .noun = "0 to 7 or operators", .item = &rsv};
constexpr Type p_by{.kind = K::pattern, .noun = "\"client\", \"server\" or operators", .item = &by};
constexpr Type p_exit{.kind = K::pattern, .noun = "an exit code or operators", .item = &exit_code};
constexpr Type p_signal{
    .kind = K::pattern, .noun = "a signal's number or operators", .item = &signal_value};

constexpr Type header_patterns{.kind = K::map,
                               .noun = "an object of header names and patterns",
                               .check = check_header_name,
                               .item = &p_text};

constexpr std::array<Key, 8> http_keys{{
    {.name = "status", .type = &p_status, .doc = "The status code."},
    {.name = "reason", .type = &p_text, .doc = "The reason phrase."},
    {.name = "version", .type = &p_text, .doc = "The HTTP version: \"1.1\"."},
    {.name = "headers",
     .type = &header_patterns,
     .doc = "By lower-case name; repeated headers are joined with \", \"."},
    {.name = "subprotocol", .type = &p_text, .doc = "Value of Sec-WebSocket-Protocol."},
    {.name = "extensions", .type = &p_text, .doc = "Value of Sec-WebSocket-Extensions."},
    {.name = "body", .type = &p_text, .doc = "The body as text."},
    {.name = "json", .type = &p_any, .doc = "The body parsed as JSON."},
}};
constexpr ObjectTable http_table{"http_view", "an HTTP answer", "What is seen of an HTTP answer.",
                                 http_keys};

constexpr std::array<Key, 3> octets_keys{{
    {.name = "text", .type = &p_text, .doc = "The octets as text."},
    {.name = "hex", .type = &p_hex, .doc = "In hex: \"68 69\", lower case, one space between."},
    {.name = "size", .type = &p_count, .doc = "How many."},
}};
constexpr ObjectTable octets_table{"octets_view", "received octets", "What is seen of octets.",
                                   octets_keys};

constexpr std::array<Key, 6> frame_keys{{
    {.name = "fin", .type = &p_bool, .doc = "The FIN bit."},
    {.name = "rsv", .type = &p_rsv, .doc = "RSV1 is 4, RSV2 is 2, RSV3 is 1."},
    {.name = "opcode", .type = &p_opcode, .doc = "The opcode as a number."},
    {.name = "masked", .type = &p_bool, .doc = "Whether it was masked."},
    {.name = "length", .type = &p_count, .doc = "The announced payload length."},
    {.name = "payload", .type = &p_text, .doc = "The payload as text."},
}};
constexpr ObjectTable frame_table{"frame_view", "a frame", "What is seen of a frame.", frame_keys};

constexpr std::array<Key, 4> close_keys{{
    {.name = "code",
     .type = &p_code,
     .doc = "The code; null (\"absent\") in an empty Close frame."},
    {.name = "reason", .type = &p_text, .doc = "The reason."},
    {.name = "by", .type = &p_by, .doc = "Who sent the first Close frame: client or server."},
    {.name = "clean",
     .type = &p_bool,
     .doc = "Close frames both ways, then a FIN (RFC 6455 section 7.1.4)."},
}};
constexpr ObjectTable close_table{"close_view", "a Close frame", "What is seen of a Close frame.",
                                  close_keys};

constexpr std::array<Key, 2> exit_keys{{
    {.name = "code", .type = &p_exit, .doc = "The exit status; null when a signal ended it."},
    {.name = "signal", .type = &p_signal, .doc = "The number of the signal that ended it."},
}};
constexpr ObjectTable exit_table{"exit_view", "an exit", "What is seen of the process's end.",
                                 exit_keys};

constexpr Type http_object{
    .kind = K::object, .noun = "an object with status, headers, ...", .table = &http_table};
constexpr Type octets_object{
    .kind = K::object, .noun = "an object with text, hex, size", .table = &octets_table};
constexpr Type frame_object{
    .kind = K::object, .noun = "an object with fin, opcode, ...", .table = &frame_table};
constexpr Type close_object{
    .kind = K::object, .noun = "an object with code, reason, by, clean", .table = &close_table};
constexpr Type exit_object{
    .kind = K::object, .noun = "an object with code or signal", .table = &exit_table};
constexpr std::array<const Type*, 2> octets_alternatives{&hex, &octets_object};
constexpr Type octets_literal{.kind = K::one_of,
                              .noun = "hex digits or an object with text, hex, size",
                              .alternatives = octets_alternatives};

constexpr Type p_http{
    .kind = K::pattern, .noun = "an object with status, headers, ...", .item = &http_object};
constexpr Type p_octets{.kind = K::pattern,
                        .noun = "hex digits or an object with text, hex, size",
                        .item = &octets_literal};
constexpr Type p_frame{
    .kind = K::pattern, .noun = "an object with fin, opcode, ...", .item = &frame_object};
constexpr Type p_close{
    .kind = K::pattern, .noun = "an object with code, reason, by, clean", .item = &close_object};
constexpr Type p_end{.kind = K::pattern, .noun = "fin, rst or any", .item = &end};
constexpr Type p_exit_view{
    .kind = K::pattern, .noun = "an object with code or signal", .item = &exit_object};

constexpr std::array<Key, 19> selector_keys{{
    {.name = "upgrade",
     .type = &p_http,
     .doc = "The HTTP answer to an upgrade request.",
     .group = "selector"},
    {.name = "response",
     .type = &p_http,
     .doc = "The HTTP answer to a request.",
     .group = "selector"},
    {.name = "text", .type = &p_text, .doc = "A whole text message.", .group = "selector"},
    {.name = "json",
     .type = &p_any,
     .doc = "A whole text message parsed as JSON; an object matches a subset of its keys.",
     .group = "selector"},
    {.name = "binary", .type = &p_octets, .doc = "A whole binary message.", .group = "selector"},
    {.name = "ping", .type = &p_text, .doc = "A Ping's payload.", .group = "selector"},
    {.name = "pong", .type = &p_text, .doc = "A Pong's payload.", .group = "selector"},
    {.name = "frame", .type = &p_frame, .doc = "Any single frame.", .group = "selector"},
    {.name = "bytes",
     .type = &p_octets,
     .doc = "Octets that are neither HTTP nor a frame.",
     .group = "selector"},
    {.name = "close", .type = &p_close, .doc = "A Close frame.", .group = "selector"},
    {.name = "end",
     .type = &p_end,
     .doc = "The target ends the TCP connection: fin, rst or any.",
     .group = "selector"},
    {.name = "log", .type = &p_text, .doc = "One entry of the log.", .group = "selector"},
    {.name = "exit",
     .type = &p_exit_view,
     .doc = "The launched process ends.",
     .group = "selector"},
    {.name = "sent",
     .type = &asgi::sent,
     .doc = "ASGI plane: an event that the application sends; a string is its type.",
     .group = "selector"},
    {.name = "raised",
     .type = &asgi::raised,
     .doc = "ASGI plane: an exception leaves the application; a string is its type.",
     .group = "selector"},
    {.name = "returned",
     .type = &asgi::returned,
     .doc = "ASGI plane: true, the application returns.",
     .group = "selector"},
    {.name = "waiting",
     .type = &asgi::waiting,
     .doc = "ASGI plane: nothing is left to run, and the call waits in receive, send or other.",
     .group = "selector"},
    {.name = "pending_tasks",
     .type = &asgi::pending_tasks,
     .doc = "ASGI plane: how many tasks there are besides the calls.",
     .group = "selector"},
    {.name = "complaint",
     .type = &asgi::complaint,
     .doc = "ASGI plane: the interpreter or its event loop complains; a string is the kind.",
     .group = "selector"},
}};
constexpr Type capture_pointer{
    .kind = K::string, .noun = "a JSON pointer", .check = check_pointer, .regex = "^(/.*)?$"};
constexpr Type capture{.kind = K::map,
                       .noun = "an object of variable names and JSON pointers",
                       .check = check_variable,
                       .item = &capture_pointer,
                       .min_items = 1};
constexpr std::array<Key, 3> expect_only_keys{{
    {.name = "silence",
     .type = &deadline,
     .doc = "Nothing arrives for this long.",
     .group = "selector"},
    {.name = "skip", .type = &boolean, .doc = "true: step over other events and count them."},
    {.name = "capture",
     .type = &capture,
     .doc = "Variable to JSON pointer into what matched; later steps use ${variable}."},
}};
constexpr auto expect_keys = join_keys(selector_keys, expect_only_keys);
constexpr std::array<Group, 1> one_selector{{{.name = "selector"}}};

// Claims over the whole timeline.

constexpr std::array<Key, 3> claim_only_keys{{
    {.name = "on", .type = &lane, .doc = "Only this connection; every connection when absent."},
    {.name = "name", .type = &words, .doc = "How reports and proofs call this claim."},
    {.name = "if_observed",
     .type = &boolean,
     .doc = "true: a log that was not seen alive does not make the verdict inconclusive."},
}};
constexpr auto claim_keys = join_keys(selector_keys, claim_only_keys);
constexpr ObjectTable claim_table{"claim", "a claim", "Speaks about every event of its kind.",
                                  claim_keys, one_selector};
constexpr Type claim{.kind = K::object, .noun = "an object", .table = &claim_table};

constexpr ObjectTable of_table{"selector", "a selector", "One kind of event and its pattern.",
                               selector_keys, one_selector};
constexpr Type of{.kind = K::object, .noun = "an object", .table = &of_table};
constexpr std::array<Key, 2> count_head_keys{{
    {.name = "of", .type = &of, .doc = "Which events are counted.", .required = true},
    {.name = "is",
     .type = &p_count,
     .doc = "Their number, or operators: {\"less\": 3}.",
     .required = true},
}};
constexpr auto count_keys = join_keys(count_head_keys, claim_only_keys);
constexpr ObjectTable count_table{"count", "a count", "How many events of the timeline match.",
                                  count_keys};
constexpr Type count_claim{.kind = K::object, .noun = "an object", .table = &count_table};

}  // namespace

constinit const ObjectTable expect_table{"expect", "an expectation",
                                         "The next event on the connection, which must match.",
                                         expect_keys, one_selector};
constinit const Type claim_list{.kind = K::list, .noun = "a list of claims", .item = &claim};
constinit const Type count_list{.kind = K::list, .noun = "a list of counts", .item = &count_claim};

}  // namespace relapse::schema
