#include "scenario/schema_table.hpp"

// The steps: what is sent, what is expected, and what is done to connection and process.

namespace relapse::schema {
namespace {

using K = Type::Kind;
using Mode = Group::Mode;
using namespace types;

// Octets to send.

constexpr Type hex{
    .kind = K::string, .noun = "hex digits", .check = check_hex, .regex = "^[0-9A-Fa-f\\s]*$"};
constexpr Type base64{.kind = K::string, .noun = "base64", .check = check_base64};
constexpr Type file{
    .kind = K::string, .noun = "a relative path", .check = check_relative_path, .regex = "^[^/]"};
constexpr std::array<Key, 4> plain_octets_keys{{
    {.name = "text", .type = &text, .doc = "As UTF-8; ${name} is replaced.", .group = "form"},
    {.name = "hex", .type = &hex, .doc = "Pairs of hex digits.", .group = "form"},
    {.name = "base64", .type = &base64, .doc = "RFC 4648 section 4.", .group = "form"},
    {.name = "file", .type = &file, .doc = "Content of a file beside this one.", .group = "form"},
}};
constexpr std::array<Group, 1> one_form{{{.name = "form"}}};
constexpr ObjectTable plain_octets_table{"plain_octets", "an object of octets",
                                         "Octets in one of four forms.", plain_octets_keys,
                                         one_form};
constexpr Type plain_octets_object{
    .kind = K::object, .noun = "an object", .table = &plain_octets_table};
constexpr std::array<const Type*, 2> plain_octets_alternatives{&text, &plain_octets_object};
constexpr Type plain_octets{
    .kind = K::one_of,
    .noun = "a string or one of {\"text\"}, {\"hex\"}, {\"base64\"}, {\"file\"}",
    .alternatives = plain_octets_alternatives};
constexpr Type times{.kind = K::integer, .noun = "a number of times", .max = max_sent_octets};
constexpr std::array<Key, 2> repeated_octets_keys{{
    {.name = "repeat",
     .type = &plain_octets,
     .doc = "These octets, as often as times says; 64 MiB in all at most.",
     .group = "form"},
    {.name = "times", .type = &times, .doc = "How often.", .needs = "repeat"},
}};
constexpr auto octets_keys = join_keys(plain_octets_keys, repeated_octets_keys);
constexpr ObjectTable octets_table{"octets", "an object of octets", "Octets in one of five forms.",
                                   octets_keys, one_form};
constexpr Type octets_object{.kind = K::object, .noun = "an object", .table = &octets_table};
constexpr std::array<const Type*, 2> octets_alternatives{&text, &octets_object};
constexpr Type octets{.kind = K::one_of,
                      .noun =
                          "a string or one of {\"text\"}, {\"hex\"}, {\"base64\"}, "
                          "{\"file\"}, {\"repeat\", \"times\"}",
                      .alternatives = octets_alternatives};

// HTTP.

constexpr std::array<Key, 2> repeated_text_keys{{
    {.name = "repeat", .type = &text, .doc = "The text to repeat.", .required = true},
    {.name = "times", .type = &times, .doc = "How often; 64 MiB in all at most.", .required = true},
}};
constexpr ObjectTable repeated_text_table{"repeated_text", "a repeated text",
                                          "A text many times over, 64 MiB in all at most.",
                                          repeated_text_keys};
constexpr Type repeated_text{.kind = K::object, .noun = "an object", .table = &repeated_text_table};
constexpr std::array<const Type*, 3> header_alternatives{&text, &text_list, &repeated_text};
constexpr Type header_value{.kind = K::one_of,
                            .noun = "a string, a list of strings or {\"repeat\", \"times\"}",
                            .alternatives = header_alternatives};
constexpr Type header_map{.kind = K::map,
                          .noun = "an object of names and values",
                          .check = check_text,
                          .item = &header_value};

constexpr std::array<Group, 1> one_body{{{.name = "body", .mode = Mode::at_most_one}}};

constexpr std::array<Key, 8> request_keys{{
    {.name = "method", .type = &text, .doc = "GET when absent; any text is sent as it is."},
    {.name = "path",
     .type = &text,
     .doc = "Request target without the query; sent as it is.",
     .required = true},
    {.name = "query",
     .type = &texts_map,
     .doc = "Parameters, percent-encoded when sent; a list repeats the name."},
    {.name = "headers",
     .type = &header_map,
     .doc = "Sent in this order; one that a default has too replaces it; a list repeats it."},
    {.name = "omit", .type = &text_list, .doc = "Default headers to leave out, by name."},
    {.name = "http_version", .type = &text, .doc = "\"1.1\" when absent."},
    {.name = "body",
     .type = &octets,
     .doc = "Octets behind the head, with a Content-Length unless omitted.",
     .group = "body"},
    {.name = "json", .type = &any, .doc = "Body as JSON, with its Content-Type.", .group = "body"},
}};
// permessage-deflate (RFC 7692 section 7.1).
constexpr Type window_bits{.kind = K::integer, .noun = "window bits", .min = 8, .max = 15};
constexpr Type true_only{.kind = K::boolean, .noun = "true"};
constexpr std::array<const Type*, 2> client_bits_alternatives{&window_bits, &true_only};
constexpr Type client_bits{.kind = K::one_of,
                           .noun = "8 to 15, or true for a parameter without a value",
                           .alternatives = client_bits_alternatives};
constexpr std::array<Key, 4> deflate_keys{{
    {.name = "server_no_context_takeover",
     .type = &boolean,
     .doc = "true: the target is to compress every message by itself."},
    {.name = "client_no_context_takeover",
     .type = &boolean,
     .doc = "true: relapse would do so, if that is accepted."},
    {.name = "server_max_window_bits",
     .type = &window_bits,
     .doc = "8 to 15: the window that the target may use."},
    {.name = "client_max_window_bits",
     .type = &client_bits,
     .doc = "8 to 15, or true without a value: the window that relapse may be told to use."},
}};
constexpr ObjectTable deflate_table{"deflate", "an offer of compression",
                                    "The parameters of permessage-deflate (RFC 7692).",
                                    deflate_keys};
constexpr Type deflate_object{.kind = K::object, .noun = "an object", .table = &deflate_table};
constexpr std::array<const Type*, 2> deflate_alternatives{&boolean, &deflate_object};
constexpr Type deflate{.kind = K::one_of,
                       .noun = "true, false or an object of parameters",
                       .alternatives = deflate_alternatives};

constexpr std::array<Key, 4> upgrade_only_keys{{
    {.name = "version", .type = &text, .doc = "Sec-WebSocket-Version; \"13\" when absent."},
    {.name = "key", .type = &text, .doc = "Sec-WebSocket-Key; random when absent."},
    {.name = "answers",
     .type = &boolean,
     .doc = "false: the target's pings and Close frames stay unanswered. true when absent."},
    {.name = "deflate",
     .type = &deflate,
     .doc = "Offers permessage-deflate, plainly (true) or with parameters."},
}};
constexpr auto upgrade_keys = join_keys(request_keys, upgrade_only_keys);

constexpr ObjectTable upgrade_table{"upgrade", "an upgrade",
                                    "An HTTP request that asks for WebSocket (RFC 6455 section "
                                    "4.1); any part of it may be wrong on purpose.",
                                    upgrade_keys, one_body};

// WebSocket.

constexpr Type close_code{.kind = K::integer, .noun = "a close code", .max = 65535};
constexpr std::array<Key, 2> send_close_keys{{
    {.name = "code",
     .type = &close_code,
     .doc = "Any of 0 to 65535. Absent: an empty Close frame."},
    {.name = "reason", .type = &text, .doc = "Text behind the code.", .needs = "code"},
}};
constexpr ObjectTable send_close_table{"send_close", "a close",
                                       "A Close frame (RFC 6455 section 5.5.1).", send_close_keys};

constexpr std::array<std::string_view, 6> opcode_names{"continuation", "text", "binary",
                                                       "close",        "ping", "pong"};
constexpr Type opcode_number{.kind = K::integer, .noun = "an opcode", .max = 15};
constexpr Type opcode_name{.kind = K::choice, .noun = "a name", .values = opcode_names};
constexpr std::array<const Type*, 2> opcode_alternatives{&opcode_number, &opcode_name};
constexpr Type opcode{.kind = K::one_of,
                      .noun = "a number from 0 to 15 or a name",
                      .alternatives = opcode_alternatives};
constexpr Type mask_key{
    .kind = K::string, .noun = "8 hex digits", .check = check_mask, .regex = "^[0-9A-Fa-f]{8}$"};
constexpr std::array<const Type*, 2> mask_alternatives{&boolean, &mask_key};
constexpr Type mask{
    .kind = K::one_of, .noun = "true, false or 8 hex digits", .alternatives = mask_alternatives};
constexpr Type rsv{.kind = K::integer, .noun = "reserved bits", .max = 7};
constexpr Type length{.kind = K::integer, .noun = "a number of octets"};
constexpr std::array<std::string_view, 3> length_sizes{"0", "2", "8"};
constexpr Type length_bytes{
    .kind = K::integer, .noun = "a number of octets", .max = 8, .values = length_sizes};
constexpr std::array<Key, 7> send_frame_keys{{
    {.name = "fin", .type = &boolean, .doc = "The FIN bit; true when absent."},
    {.name = "rsv", .type = &rsv, .doc = "0 to 7: RSV1 is 4, RSV2 is 2, RSV3 is 1."},
    {.name = "opcode", .type = &opcode, .doc = "0 to 15 or a name; text when absent."},
    {.name = "mask",
     .type = &mask,
     .doc = "false: unmasked; 8 hex digits: that masking key. A random key when absent."},
    {.name = "length", .type = &length, .doc = "Announced payload length; may lie."},
    {.name = "length_bytes",
     .type = &length_bytes,
     .doc = "Octets of extended length, when not the fewest that do."},
    {.name = "payload", .type = &octets, .doc = "The payload before masking."},
}};
constexpr ObjectTable send_frame_table{"send_frame", "a frame",
                                       "One frame with every bit chosen; may be illegal on purpose "
                                       "(RFC 6455 section 5.2).",
                                       send_frame_keys};

// send

constexpr Type segment{.kind = K::integer, .noun = "a number of octets", .min = 1};
constexpr Type segments{
    .kind = K::list, .noun = "a list of sizes", .item = &segment, .min_items = 1};
constexpr std::array<std::string_view, 1> every_byte_values{"every-byte"};
constexpr Type every_byte{.kind = K::choice, .noun = "\"every-byte\"", .values = every_byte_values};
constexpr std::array<const Type*, 2> sizes_alternatives{&segments, &every_byte};
constexpr Type sizes{.kind = K::one_of,
                     .noun = "a list of sizes or \"every-byte\"",
                     .alternatives = sizes_alternatives};
constexpr std::array<Key, 2> split_keys{{
    {.name = "sizes",
     .type = &sizes,
     .doc = "Octets of the first segments, the rest follows in one; or \"every-byte\".",
     .required = true},
    {.name = "gap", .type = &duration, .doc = "Pause between segments."},
}};
constexpr ObjectTable split_table{"split", "a split", "TCP segments with pauses.", split_keys};
constexpr Type split_object{.kind = K::object, .noun = "an object", .table = &split_table};
constexpr std::array<const Type*, 3> split_alternatives{&every_byte, &segments, &split_object};
constexpr Type split{.kind = K::one_of,
                     .noun = "\"every-byte\", a list of sizes or {\"sizes\", \"gap\"}",
                     .alternatives = split_alternatives};

constexpr Type upgrade{.kind = K::object, .noun = "an object", .table = &upgrade_table};
constexpr Type request{.kind = K::object, .noun = "an object", .table = &request_table};
constexpr Type send_close{.kind = K::object, .noun = "an object", .table = &send_close_table};
constexpr Type send_frame{.kind = K::object, .noun = "an object", .table = &send_frame_table};
constexpr std::array<Key, 13> send_keys{{
    {.name = "upgrade", .type = &upgrade, .doc = "Ask for WebSocket.", .group = "what"},
    {.name = "request", .type = &request, .doc = "An HTTP request.", .group = "what"},
    {.name = "text", .type = &text, .doc = "A whole text message.", .group = "what"},
    {.name = "json", .type = &any, .doc = "A text message: this value as JSON.", .group = "what"},
    {.name = "binary", .type = &octets, .doc = "A whole binary message.", .group = "what"},
    {.name = "ping", .type = &octets, .doc = "A Ping frame.", .group = "what"},
    {.name = "pong", .type = &octets, .doc = "A Pong frame.", .group = "what"},
    {.name = "close", .type = &send_close, .doc = "A Close frame.", .group = "what"},
    {.name = "frame",
     .type = &send_frame,
     .doc = "A frame with every bit chosen.",
     .group = "what"},
    {.name = "bytes", .type = &octets, .doc = "Octets as they are.", .group = "what"},
    {.name = "compress",
     .type = &boolean,
     .doc = "true, beside text, json or binary: with permessage-deflate and RSV1."},
    {.name = "split", .type = &split, .doc = "How the octets are cut into TCP segments."},
    {.name = "after", .type = &duration, .doc = "Wait this long before sending."},
}};
constexpr std::array<Group, 1> one_what{{{.name = "what"}}};
constexpr ObjectTable send_table{"send", "a send",
                                 "Sends on the step's connection; the first send opens it.",
                                 send_keys, one_what};

// The other steps.

constexpr std::array<std::string_view, 3> end_values{"fin", "rst", "half_close"};
constexpr Type end{.kind = K::choice, .noun = "how to end", .values = end_values};
constexpr Type points{.kind = K::integer, .noun = "a number of points", .min = 2, .max = 1000};
constexpr std::array<Key, 3> sweep_keys{{
    {.name = "from", .type = &duration, .doc = "The first point.", .required = true},
    {.name = "to", .type = &duration, .doc = "The last point.", .required = true},
    {.name = "points",
     .type = &points,
     .doc = "How many, evenly spaced, both ends included: 2 to 1000.",
     .required = true},
}};
constexpr ObjectTable sweep_table{
    "sweep", "a sweep",
    "The whole scenario is replayed once at every point, and holds only if all of them hold.",
    sweep_keys};
constexpr Type sweep{.kind = K::object, .noun = "an object", .table = &sweep_table};
constexpr std::array<const Type*, 2> pause_alternatives{&duration, &sweep};
constexpr Type pause{.kind = K::one_of,
                     .noun = "a duration like \"2s\" or {\"from\", \"to\", \"points\"}",
                     .alternatives = pause_alternatives};
constexpr std::array<std::string_view, 1> ready_values{"either"};
constexpr Type ready_either{.kind = K::choice, .noun = "\"either\"", .values = ready_values};
constexpr std::array<const Type*, 2> ready_alternatives{&boolean, &ready_either};
constexpr Type ready{
    .kind = K::one_of, .noun = "true, false or \"either\"", .alternatives = ready_alternatives};
constexpr std::array<Key, 4> start_keys{{
    {.name = "env",
     .type = &environment,
     .doc = "On top of the target's environment; null removes a variable."},
    {.name = "args", .type = &text_list, .doc = "Appended to the target's command."},
    {.name = "files", .type = &file_map, .doc = "Name to content, written to ${dir} before."},
    {.name = "ready",
     .type = &ready,
     .doc = "true (when absent): it must become ready. false: wait for nothing. \"either\": wait "
            "until it is ready or has ended, and judge neither."},
}};
constexpr ObjectTable start_table{
    "start", "a start",
    "Launches the target for this scenario alone, with changes to its launch settings.",
    start_keys};
constexpr ObjectTable stop_table{
    "stop", "a stop", "The target's stop signal, then wait for the exit.", {}};
constexpr Type start{.kind = K::object, .noun = "an object", .table = &start_table};
constexpr Type stop{.kind = K::object, .noun = "an empty object", .table = &stop_table};

}  // namespace

constinit const ObjectTable request_table{
    "request", "a request", "An HTTP/1.1 request under full control.", request_keys, one_body};

namespace {

constexpr Type send{.kind = K::object, .noun = "an object", .table = &send_table};
constexpr Type expect{.kind = K::object, .noun = "an object", .table = &expect_table};
// Composition: what stands for several steps.

constexpr Type variable{.kind = K::string, .noun = "a name", .check = check_variable};
constexpr Type repeat_times{.kind = K::integer, .noun = "a number", .min = 1, .max = 10000};
constexpr std::array<Key, 3> repeat_keys{{
    {.name = "times", .type = &repeat_times, .doc = "How often, 1 to 10,000.", .required = true},
    {.name = "as",
     .type = &variable,
     .doc = "Name of the counter: ${i} is 1, 2, ... in the steps."},
    {.name = "steps", .type = &step_list, .doc = "What is repeated.", .required = true},
}};
constexpr ObjectTable repeat_table{"repeat", "a repeat", "The same steps several times in a row.",
                                   repeat_keys};
constexpr Type repeat{.kind = K::object, .noun = "an object", .table = &repeat_table};
constexpr std::array<Key, 2> branch_keys{{
    {.name = "on",
     .type = &lane,
     .doc = "The connection of the steps that name none.",
     .required = true},
    {.name = "steps", .type = &step_list, .doc = "One after another.", .required = true},
}};
constexpr ObjectTable branch_table{
    "branch", "a branch", "Steps that run beside those of the other branches.", branch_keys};
constexpr Type branch_object{.kind = K::object, .noun = "an object", .table = &branch_table};
constexpr std::array<const Type*, 2> branch_alternatives{&step_list, &branch_object};
constexpr Type branch{.kind = K::one_of,
                      .noun = "a list of steps or {\"on\", \"steps\"}",
                      .alternatives = branch_alternatives};
constexpr Type branches{
    .kind = K::list, .noun = "a list of branches", .item = &branch, .min_items = 2};
constexpr Type arguments{
    .kind = K::map, .noun = "an object of parameters", .check = check_variable, .item = &any};

constexpr std::array<Key, 21> step_keys{{
    {.name = "name", .type = &words, .doc = "How reports and proofs call this step."},
    {.name = "on", .type = &lane, .doc = "The connection or call; \"main\" when absent."},
    {.name = "send", .type = &send, .doc = "Send something.", .group = "action"},
    {.name = "expect", .type = &expect, .doc = "Wait for something.", .group = "action"},
    {.name = "end",
     .type = &end,
     .doc = "Hang up: fin closes after draining, rst resets, half_close only stops sending.",
     .group = "action"},
    {.name = "pause",
     .type = &pause,
     .doc = "Do nothing for a while, or for a different while in every replay.",
     .group = "action"},
    {.name = "start", .type = &start, .doc = "Launch the target.", .group = "action"},
    {.name = "signal",
     .type = &signal,
     .doc = "Signal the process that this scenario started.",
     .group = "action"},
    {.name = "stop", .type = &stop, .doc = "Stop that process.", .group = "action"},
    {.name = "call",
     .type = &asgi::call,
     .doc = "ASGI plane: call the application.",
     .group = "action"},
    {.name = "receive",
     .type = &any,
     .doc = "ASGI plane: what receive() gives next, normally an object with a type.",
     .group = "action"},
    {.name = "fail_send",
     .type = &asgi::fail_send,
     .doc = "ASGI plane: make a send() raise.",
     .group = "action"},
    {.name = "hold_send",
     .type = &asgi::hold_send,
     .doc = "ASGI plane: make a send() wait.",
     .group = "action"},
    {.name = "release_send",
     .type = &asgi::release_send,
     .doc = "ASGI plane: let the oldest held send() return.",
     .group = "action"},
    {.name = "disconnect",
     .type = &asgi::disconnect,
     .doc = "ASGI plane: the client is gone.",
     .group = "action"},
    {.name = "cancel",
     .type = &asgi::cancel,
     .doc = "ASGI plane: cancel the call.",
     .group = "action"},
    {.name = "use",
     .type = &word,
     .doc = "The steps of scenarios/fragments/NAME.json.",
     .group = "action"},
    {.name = "with", .type = &arguments, .doc = "Values of its parameters.", .needs = "use"},
    {.name = "repeat", .type = &repeat, .doc = "Steps several times.", .group = "action"},
    {.name = "together",
     .type = &branches,
     .doc = "Branches of steps that run side by side.",
     .group = "action"},
    {.name = "within", .type = &deadline, .doc = "Deadline of this step."},
}};
constexpr std::array<Group, 1> one_action{{{.name = "action"}}};
constexpr ObjectTable step_table{"step", "a step", "One thing the replayer does or waits for.",
                                 step_keys, one_action};
constexpr Type step{.kind = K::object, .noun = "an object", .table = &step_table};

// A fragment file.

constexpr std::array<Key, 2> parameter_keys{{
    {.name = "doc", .type = &words, .doc = "What it is for."},
    {.name = "default", .type = &any, .doc = "Its value when a use gives none."},
}};
constexpr ObjectTable parameter_table{"parameter", "a parameter",
                                      "A value that each use may give; without a default it must.",
                                      parameter_keys};
constexpr Type parameter{.kind = K::object, .noun = "an object", .table = &parameter_table};
constexpr Type parameters{
    .kind = K::map, .noun = "an object of parameters", .check = check_variable, .item = &parameter};
constexpr std::array<Key, 4> fragment_keys{{
    {.name = "$schema", .type = &plain, .doc = "For editors; relapse does not read it."},
    {.name = "title", .type = &words, .doc = "What its steps do.", .required = true},
    {.name = "parameters", .type = &parameters, .doc = "What a use gives it, by name."},
    {.name = "steps", .type = &step_list, .doc = "The steps.", .required = true},
}};

}  // namespace

constinit const ObjectTable fragment_table{"fragment", "a fragment",
                                           "Steps that several scenarios share.", fragment_keys};

constinit const Type step_list{
    .kind = K::list, .noun = "a list of steps", .item = &step, .min_items = 1};

}  // namespace relapse::schema
