#include "scenario/schema_table.hpp"

// The ASGI plane: how an application is called and what it is given, and the keys of the views that
// patterns about it see (match/asgi_view.cpp makes the views).

namespace relapse::schema {
namespace {

using K = Type::Kind;
using namespace types;

// The steps.

constexpr std::array<std::string_view, 3> scope_names{"websocket", "http", "lifespan"};
constexpr Type scope{.kind = K::choice, .noun = "the type of a scope", .values = scope_names};
constexpr std::array<std::string_view, 9> python_names{"none",  "bool", "int",   "float", "str",
                                                       "bytes", "list", "tuple", "dict"};
constexpr Type python_type{.kind = K::choice, .noun = "a Python type", .values = python_names};
constexpr Type scope_pointer{.kind = K::string,
                             .noun = "a JSON pointer into the scope",
                             .check = check_scope_pointer,
                             .regex = "^/"};
constexpr Type set{.kind = K::map,
                   .noun = "an object of JSON pointers and values",
                   .check = check_scope_pointer,
                   .item = &any,
                   .min_items = 1};
constexpr Type remove{
    .kind = K::list, .noun = "a list of JSON pointers", .item = &scope_pointer, .min_items = 1};
constexpr Type retype{.kind = K::map,
                      .noun = "an object of JSON pointers and Python types",
                      .check = check_scope_pointer,
                      .item = &python_type,
                      .min_items = 1};
constexpr std::array<Key, 4> call_keys{{
    {.name = "scope",
     .type = &scope,
     .doc = "The valid scope to begin with: \"websocket\" when absent, \"http\" or \"lifespan\"."},
    {.name = "set",
     .type = &set,
     .doc = "Values by JSON pointer (RFC 6901); \"-\" behind a list appends to it."},
    {.name = "remove", .type = &remove, .doc = "What is taken away, by JSON pointer."},
    {.name = "retype",
     .type = &retype,
     .doc = "The same value as another Python type, by JSON pointer."},
}};
constexpr ObjectTable call_table{"call", "a call",
                                 "Calls the application with a scope that is valid but for what is "
                                 "changed here: set, then remove, then retype.",
                                 call_keys};

constexpr Type nth{.kind = K::integer, .noun = "a number, at least 1", .min = 1, .max = 1000000};
constexpr Type exception_name{.kind = K::string,
                              .noun = "the name of an exception",
                              .check = check_identifier,
                              .regex = "^[A-Za-z_][A-Za-z0-9_]*$"};
constexpr std::array<Key, 3> fail_send_keys{{
    {.name = "nth", .type = &nth, .doc = "Which send() from now; the next one, 1, when absent."},
    {.name = "raises",
     .type = &exception_name,
     .doc = "A built-in exception of Python; OSError when absent."},
    {.name = "message", .type = &text, .doc = "What the exception says."},
}};
constexpr ObjectTable fail_send_table{
    "fail_send", "a fail_send", "Makes a send() of the application raise, as if the peer was gone.",
    fail_send_keys};
constexpr std::array<Key, 1> hold_send_keys{{
    {.name = "nth", .type = &nth, .doc = "Which send() from now; the next one, 1, when absent."},
}};
constexpr ObjectTable hold_send_table{
    "hold_send", "a hold_send",
    "Makes a send() of the application wait, as for a peer that does "
    "not read.",
    hold_send_keys};
constexpr ObjectTable release_send_table{
    "release_send", "a release_send", "The oldest send() that is held returns.", {}};
constexpr Type close_code{.kind = K::integer, .noun = "a close code", .max = 65535};
constexpr std::array<Key, 2> disconnect_keys{{
    {.name = "code",
     .type = &close_code,
     .doc = "The code of websocket.disconnect, any of 0 to 65535; 1005 when absent."},
    {.name = "reason", .type = &text, .doc = "Its reason."},
}};
constexpr ObjectTable disconnect_table{
    "disconnect", "a disconnect",
    "The client is gone: receive() gives websocket.disconnect or http.disconnect.",
    disconnect_keys};
constexpr ObjectTable cancel_table{
    "cancel", "a cancel", "Cancels the call, as a server does that shuts down.", {}};

// What is seen.

constexpr Type number{.kind = K::integer, .noun = "a number"};
constexpr Type p_any{.kind = K::pattern, .noun = "a pattern", .item = &any};
constexpr Type p_text{.kind = K::pattern, .noun = "a string or operators", .item = &text};
constexpr Type p_bool{.kind = K::pattern, .noun = "true, false or operators", .item = &boolean};

constexpr Type event_keys{.kind = K::map, .noun = "an object of the event's keys", .item = &p_any};
constexpr Type event{
    .kind = K::pattern, .noun = "an object of the event's keys", .item = &event_keys};
constexpr std::array<const Type*, 2> sent_alternatives{&text, &event};

constexpr std::array<Key, 5> raised_keys{{
    {.name = "type",
     .type = &p_text,
     .doc = "The class, with its module unless it is built in: \"RuntimeError\"."},
    {.name = "message", .type = &p_text, .doc = "str() of the exception."},
    {.name = "where", .type = &p_text, .doc = "The innermost frame: \"/app/ws.py:12 in reply\"."},
    {.name = "chain",
     .type = &p_any,
     .doc = "A list of {type, message, where}: the exception, then what it was caused by."},
    {.name = "cancelled",
     .type = &p_bool,
     .doc = "Whether it is the cancellation that a step asked for."},
}};
constexpr ObjectTable raised_table{"raised_view", "an exception",
                                   "What is seen of an exception that left the application.",
                                   raised_keys};
constexpr Type raised_object{
    .kind = K::object, .noun = "an object with type, message, ...", .table = &raised_table};
constexpr Type p_raised{
    .kind = K::pattern, .noun = "an object with type, message, ...", .item = &raised_object};
constexpr std::array<const Type*, 2> raised_alternatives{&text, &p_raised};

constexpr std::array<Key, 1> returned_keys{{
    {.name = "value", .type = &p_text, .doc = "repr() of what was returned; null for None."},
}};
constexpr ObjectTable returned_table{"returned_view", "a return",
                                     "What is seen of the application's return.", returned_keys};
constexpr Type returned_object{
    .kind = K::object, .noun = "true or an object with value", .table = &returned_table};
constexpr Type p_returned{
    .kind = K::pattern, .noun = "true or an object with value", .item = &returned_object};
constexpr std::array<const Type*, 2> returned_alternatives{&boolean, &p_returned};

constexpr std::array<std::string_view, 3> waiting_names{"receive", "send", "other"};
constexpr Type waits_in{.kind = K::choice, .noun = "what it waits in", .values = waiting_names};
constexpr Type p_waits_in{
    .kind = K::pattern, .noun = "receive, send, other or operators", .item = &waits_in};
constexpr std::array<Key, 2> waiting_keys{{
    {.name = "what",
     .type = &p_waits_in,
     .doc = "receive, send (one that is held) or other: a lock, a timer, another task."},
    {.name = "where", .type = &p_text, .doc = "For other: the innermost frame."},
}};
constexpr ObjectTable waiting_table{
    "waiting_view", "a wait", "What is seen of a call when nothing is left to run.", waiting_keys};
constexpr Type waiting_object{
    .kind = K::object, .noun = "an object with what or where", .table = &waiting_table};
constexpr Type p_waiting{
    .kind = K::pattern, .noun = "an object with what or where", .item = &waiting_object};
constexpr std::array<const Type*, 2> waiting_alternatives{&waits_in, &p_waiting};

constexpr std::array<std::string_view, 7> complaint_names{
    "never_retrieved", "loop", "unraisable", "warning", "spinning", "blocked", "left_loop"};
constexpr Type complaint_kind{
    .kind = K::choice, .noun = "a kind of complaint", .values = complaint_names};
constexpr Type p_complaint_kind{
    .kind = K::pattern, .noun = "a kind of complaint or operators", .item = &complaint_kind};
constexpr std::array<Key, 6> complaint_keys{{
    {.name = "kind", .type = &p_complaint_kind, .doc = "What sort of complaint it is."},
    {.name = "text", .type = &p_text, .doc = "What the interpreter or the event loop said."},
    {.name = "type", .type = &p_text, .doc = "The class of the exception it is about."},
    {.name = "message", .type = &p_text, .doc = "str() of that exception."},
    {.name = "where", .type = &p_text, .doc = "The innermost frame of that exception."},
    {.name = "chain", .type = &p_any, .doc = "That exception, then what it was caused by."},
}};
constexpr ObjectTable complaint_table{
    "complaint_view", "a complaint",
    "What the interpreter or its event loop said about the application.", complaint_keys};
constexpr Type complaint_object{
    .kind = K::object, .noun = "an object with kind, text, ...", .table = &complaint_table};
constexpr Type p_complaint{
    .kind = K::pattern, .noun = "an object with kind, text, ...", .item = &complaint_object};
constexpr std::array<const Type*, 2> complaint_alternatives{&complaint_kind, &p_complaint};

}  // namespace

namespace asgi {

constinit const Type call{.kind = K::object, .noun = "an object", .table = &call_table};
constinit const Type fail_send{.kind = K::object, .noun = "an object", .table = &fail_send_table};
constinit const Type hold_send{.kind = K::object, .noun = "an object", .table = &hold_send_table};
constinit const Type release_send{
    .kind = K::object, .noun = "an empty object", .table = &release_send_table};
constinit const Type disconnect{.kind = K::object, .noun = "an object", .table = &disconnect_table};
constinit const Type cancel{.kind = K::object, .noun = "an empty object", .table = &cancel_table};

constinit const Type sent{.kind = K::one_of,
                          .noun = "the type of an event or an object of its keys",
                          .alternatives = sent_alternatives};
constinit const Type raised{.kind = K::one_of,
                            .noun = "the type of an exception or an object with type, message, ...",
                            .alternatives = raised_alternatives};
constinit const Type returned{.kind = K::one_of,
                              .noun = "true or an object with value",
                              .alternatives = returned_alternatives};
constinit const Type waiting{.kind = K::one_of,
                             .noun = "receive, send, other or an object with what or where",
                             .alternatives = waiting_alternatives};
constinit const Type pending_tasks{
    .kind = K::pattern, .noun = "a number or operators", .item = &number};
constinit const Type complaint{.kind = K::one_of,
                               .noun = "a kind of complaint or an object with kind, text, ...",
                               .alternatives = complaint_alternatives};

}  // namespace asgi
}  // namespace relapse::schema
