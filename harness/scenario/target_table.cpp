#include "scenario/schema_table.hpp"

// The top level of a target file.

namespace relapse::schema {
namespace {

using K = Type::Kind;
using Mode = Group::Mode;
using namespace types;

constexpr Type command{
    .kind = K::list, .noun = "a list: program and arguments", .item = &text, .min_items = 1};
constexpr Type status{.kind = K::integer, .noun = "an HTTP status", .min = 100, .max = 999};
constexpr Type request{.kind = K::object, .noun = "an object", .table = &request_table};

constexpr std::array<Key, 4> ready_keys{{
    {.name = "path", .type = &text, .doc = "GET this path.", .group = "probe"},
    {.name = "request", .type = &request, .doc = "Send this request.", .group = "probe"},
    {.name = "status", .type = &status, .doc = "The answer that means ready; 200 when absent."},
    {.name = "within", .type = &deadline, .doc = "How long it may take; 10s when absent."},
}};
constexpr std::array<Group, 1> one_probe{{{.name = "probe"}}};
constexpr ObjectTable ready_table{"ready", "a readiness probe", "Polled until the target answers.",
                                  ready_keys, one_probe};
constexpr Type ready{.kind = K::object, .noun = "an object", .table = &ready_table};

constexpr Type exit_code{.kind = K::integer, .noun = "an exit code", .min = -64, .max = 255};
constexpr Type exit_codes{
    .kind = K::list, .noun = "a list of exit codes", .item = &exit_code, .min_items = 1};
constexpr std::array<Key, 3> stop_keys{{
    {.name = "signal", .type = &signal, .doc = "TERM when absent."},
    {.name = "within", .type = &deadline, .doc = "How long it may take; 5s when absent."},
    {.name = "exit",
     .type = &exit_codes,
     .doc = "Accepted exit codes; -15 means ended by signal 15. [0] when absent."},
}};
constexpr ObjectTable stop_table{"stopping", "a stop", "How the target is stopped.", stop_keys};
constexpr Type stop{.kind = K::object, .noun = "an object", .table = &stop_table};

constexpr std::array<Key, 6> launch_keys{{
    {.name = "command",
     .type = &command,
     .doc = "Program and arguments; no shell.",
     .required = true},
    {.name = "cwd",
     .type = &text,
     .doc = "Working directory, from this file's folder; that folder when absent."},
    {.name = "env", .type = &environment, .doc = "On top of the harness's own; null removes."},
    {.name = "files", .type = &file_map, .doc = "Name to content, written to ${dir} before."},
    {.name = "ready", .type = &ready, .doc = "How to see that it is ready.", .required = true},
    {.name = "stop", .type = &stop, .doc = "How it is stopped."},
}};
constexpr ObjectTable launch_table{"launch", "a launch", "How to start the target.", launch_keys};
constexpr Type launch{.kind = K::object, .noun = "an object", .table = &launch_table};

constexpr Type probes{.kind = K::map,
                      .noun = "an object of probe names and steps",
                      .check = check_word,
                      .item = &step_list,
                      .max_items = 4};

constexpr Type pointer{
    .kind = K::string, .noun = "a JSON pointer", .check = check_pointer, .regex = "^(/.*)?$"};
constexpr std::array<Key, 4> identity_keys{{
    {.name = "path", .type = &text, .doc = "GET this path.", .group = "probe"},
    {.name = "request", .type = &request, .doc = "Send this request.", .group = "probe"},
    {.name = "same",
     .type = &pointer,
     .doc = "Into {status, headers, body, json} of the answer: what stays as it is until the "
            "target restarts, like a boot id.",
     .group = "rule"},
    {.name = "grows",
     .type = &pointer,
     .doc = "The same for a number that only grows until then, like an uptime.",
     .group = "rule"},
}};
constexpr std::array<Group, 2> identity_groups{{{.name = "probe"}, {.name = "rule"}}};
constexpr ObjectTable identity_table{"identity", "an identity",
                                     "How the target tells that it is still the same process.",
                                     identity_keys, identity_groups};
constexpr Type identity{.kind = K::object, .noun = "an object", .table = &identity_table};

constexpr Type limit{.kind = K::integer, .noun = "a number, at least 1", .min = 1, .max = 1000000};
constexpr std::array<Key, 2> limits_keys{{
    {.name = "connections",
     .type = &limit,
     .doc = "Open at once; a scenario that needs more is skipped.",
     .group = "limit"},
    {.name = "per_second",
     .type = &limit,
     .doc = "New connections and HTTP requests, probes and log marks included.",
     .group = "limit"},
}};
constexpr std::array<Group, 1> some_limit{{{.name = "limit", .mode = Mode::at_least_one}}};
constexpr ObjectTable limits_table{"limits", "limits", "How much the target is asked to bear.",
                                   limits_keys, some_limit};
constexpr Type limits{.kind = K::object, .noun = "an object", .table = &limits_table};

constexpr std::array<Key, 3> log_keys{{
    {.name = "process",
     .type = &boolean,
     .doc = "true: what the launched process prints.",
     .group = "source"},
    {.name = "file",
     .type = &text,
     .doc = "A file, from this file's folder. It may be rotated, truncated and come late.",
     .group = "source"},
    {.name = "command",
     .type = &command,
     .doc = "A program that prints the log and goes on, like kubectl logs -f; no shell.",
     .group = "source"},
}};
constexpr std::array<Group, 1> one_source{{{.name = "source"}}};
constexpr ObjectTable log_table{"log", "a log source", "Where the target's log is read.", log_keys,
                                one_source};
constexpr Type log{.kind = K::object, .noun = "an object", .table = &log_table};
constexpr Type logs{.kind = K::list, .noun = "a list of log sources", .item = &log};

constexpr std::array<Key, 2> log_mark_keys{{
    {.name = "path",
     .type = &text,
     .doc = "Requested with the query relapse-mark=NONCE, which must appear in the log.",
     .required = true},
    {.name = "within", .type = &deadline, .doc = "How late it may appear; 2s when absent."},
}};
constexpr ObjectTable log_mark_table{"log_mark", "a log mark",
                                     "A request whose access line proves that the log is alive.",
                                     log_mark_keys};
constexpr Type log_mark{.kind = K::object, .noun = "an object", .table = &log_mark_table};

constexpr std::array<Key, 3> signature_keys{{
    {.name = "name", .type = &words, .doc = "For people.", .required = true},
    {.name = "contains",
     .type = &words,
     .doc = "A log entry with this text is an unhandled fault.",
     .required = true},
    {.name = "late",
     .type = &boolean,
     .doc =
         "true: the log tells it at any later time, so that it may belong to any session before."},
}};
constexpr ObjectTable signature_table{"fault_signature", "a fault signature",
                                      "What guard:log looks for, beside the built-in signatures.",
                                      signature_keys};
constexpr Type signature{.kind = K::object, .noun = "an object", .table = &signature_table};
constexpr Type signatures{
    .kind = K::list, .noun = "a list of fault signatures", .item = &signature};

constexpr std::array<std::string_view, 6> algorithm_names{"HS256", "HS384", "HS512",
                                                          "RS256", "ES256", "none"};
constexpr Type algorithm{.kind = K::choice, .noun = "an algorithm", .values = algorithm_names};
constexpr std::array<std::string_view, 4> garble_names{"signature", "payload", "header",
                                                       "segments"};
constexpr Type garble{.kind = K::choice, .noun = "a part", .values = garble_names};
constexpr Type fields{.kind = K::map, .noun = "an object", .check = check_text, .item = &any};
constexpr std::array<Key, 6> token_keys{{
    {.name = "algorithm", .type = &algorithm, .doc = "HS256 when absent."},
    {.name = "secret",
     .type = &text,
     .doc = "The key of HS256, HS384, HS512; \"${env:NAME}\" keeps it out of the file."},
    {.name = "key", .type = &word, .doc = "The key of RS256, ES256: a name under \"keys\"."},
    {.name = "claims",
     .type = &fields,
     .doc =
         "The payload. \"+1h\" or \"-5m\" under exp, nbf and iat count from now; {\"$literal\": "
         "\"Infinity\"} is put in as it stands, {\"$repeat\": \"A\", \"times\": 70000} is a long "
         "text."},
    {.name = "header", .type = &fields, .doc = "Merged into {\"alg\", \"typ\"}; null removes."},
    {.name = "garble", .type = &garble, .doc = "Damage this part on purpose."},
}};
constexpr ObjectTable token_table{"token", "a token recipe",
                                  "A JSON Web Token for ${token:NAME} (RFC 7519).", token_keys};
constexpr Type token{.kind = K::object, .noun = "an object", .table = &token_table};

constexpr std::array<std::string_view, 2> key_names{"RSA", "EC"};
constexpr Type key_type{.kind = K::choice, .noun = "a kind of key", .values = key_names};
constexpr std::array<Key, 2> key_keys{{
    {.name = "type",
     .type = &key_type,
     .doc = "Made anew for every start: RSA with 2048 bits, or EC on P-256.",
     .group = "origin"},
    {.name = "file",
     .type = &plain,
     .doc = "A private key in PEM form, from this file's folder.",
     .group = "origin"},
}};
constexpr std::array<Group, 1> one_origin{{{.name = "origin"}}};
constexpr ObjectTable key_table{"key", "a key", "A key pair that tokens are signed with.", key_keys,
                                one_origin};
constexpr Type token_key{.kind = K::object, .noun = "an object", .table = &key_table};
constexpr Type token_key_map{
    .kind = K::map, .noun = "an object of keys", .check = check_word, .item = &token_key};

constexpr Type tokens{
    .kind = K::map, .noun = "an object of token recipes", .check = check_word, .item = &token};

constexpr std::array<Key, 3> revision_keys{{
    {.name = "repository",
     .type = &words,
     .doc = "A folder of the git repository; relative to this file. \".\" when absent."},
    {.name = "commit",
     .type = &words,
     .doc = "The revision to check out, as git names it.",
     .required = true},
    {.name = "build", .type = &command, .doc = "Run at the root of the checkout."},
}};
constexpr ObjectTable revision_table{"revision", "a revision",
                                     "A checkout aside (git worktree), built and launched from.",
                                     revision_keys};
constexpr Type revision{.kind = K::object, .noun = "an object", .table = &revision_table};
constexpr Type reasons{.kind = K::map,
                       .noun = "an object of scenario ids and reasons",
                       .check = check_text,
                       .item = &words};
constexpr std::array<Key, 6> fault_keys{{
    {.name = "title", .type = &words, .doc = "What is broken again.", .required = true},
    {.name = "env",
     .type = &environment,
     .doc = "Environment that brings it back.",
     .group = "change"},
    {.name = "args",
     .type = &text_list,
     .doc = "Appended to the launch command.",
     .group = "change"},
    {.name = "command",
     .type = &command,
     .doc = "Instead of the launch command.",
     .group = "change"},
    {.name = "revision",
     .type = &revision,
     .doc = "The target as it was at this commit.",
     .group = "change"},
    {.name = "unseen_by",
     .type = &reasons,
     .doc =
         "Scenarios that name this fault and cannot show it on this target, each with the reason."},
}};
constexpr std::array<Group, 1> some_change{{{.name = "change", .mode = Mode::at_least_one}}};
constexpr ObjectTable fault_table{"fault", "a fault", "What brings an old bug back.", fault_keys,
                                  some_change};
constexpr Type fault{.kind = K::object, .noun = "an object", .table = &fault_table};
constexpr Type faults{
    .kind = K::map, .noun = "an object of faults", .check = check_word, .item = &fault};

constexpr std::array<Key, 3> known_keys{{
    {.name = "scenario", .type = &word, .doc = "Its id.", .required = true},
    {.name = "reason", .type = &words, .doc = "Why it relapses here.", .required = true},
    {.name = "until",
     .type = &date,
     .doc = "After this day it counts as a relapse again.",
     .required = true},
}};
constexpr ObjectTable known_table{"known", "a known relapse",
                                  "A scenario that is expected to relapse here.", known_keys};
constexpr Type known{.kind = K::object, .noun = "an object", .table = &known_table};
constexpr Type known_list{.kind = K::list, .noun = "a list of known relapses", .item = &known};
constexpr Type host_list{.kind = K::list, .noun = "a list of host names", .item = &words};

constexpr Type address{.kind = K::string,
                       .noun = "an address like \"ws://127.0.0.1:8000\"",
                       .check = check_address,
                       .regex = "^(wss?|https?)://",
                       .variables = true};

// The target as an ASGI application.

constexpr Type application{.kind = K::string,
                           .noun = "an application like \"package.module:name\"",
                           .check = check_application,
                           .regex = "^[A-Za-z0-9_.]+:[A-Za-z0-9_.]+$"};
constexpr std::array<std::string_view, 1> lifespan_names{"either"};
constexpr Type lifespan_either{.kind = K::choice, .noun = "\"either\"", .values = lifespan_names};
constexpr std::array<const Type*, 2> lifespan_alternatives{&boolean, &lifespan_either};
constexpr Type lifespan{
    .kind = K::one_of, .noun = "true, false or \"either\"", .alternatives = lifespan_alternatives};
constexpr std::array<Key, 1> asgi_ready_keys{{
    {.name = "within", .type = &deadline, .doc = "How long it may take; 10s when absent."},
}};
constexpr ObjectTable asgi_ready_table{"asgi_ready", "a readiness",
                                       "The import of the application and its lifespan.startup.",
                                       asgi_ready_keys};
constexpr Type asgi_ready{.kind = K::object, .noun = "an object", .table = &asgi_ready_table};
constexpr std::array<Key, 9> asgi_keys{{
    {.name = "app",
     .type = &application,
     .doc = "Where it is: \"package.module:name\".",
     .required = true},
    {.name = "factory",
     .type = &boolean,
     .doc = "true: the name is called for the application. false when absent."},
    {.name = "folder",
     .type = &text,
     .doc = "First on sys.path, from this file's folder; that folder when absent."},
    {.name = "python",
     .type = &command,
     .doc = "The interpreter and its arguments; /usr/bin/python3 when absent."},
    {.name = "env", .type = &environment, .doc = "On top of the harness's own; null removes."},
    {.name = "files", .type = &file_map, .doc = "Name to content, written to ${dir} before."},
    {.name = "by_keyword",
     .type = &boolean,
     .doc = "true: called with scope=, receive= and send=, as daphne does. false when absent."},
    {.name = "lifespan",
     .type = &lifespan,
     .doc = "true: it must take a lifespan call. false: none is made. \"either\" (when absent): an "
            "application that raises on that scope is served without."},
    {.name = "ready", .type = &asgi_ready, .doc = "How long its start may take."},
}};
constexpr ObjectTable asgi_table{"asgi", "an application",
                                 "The target as an ASGI application that the harness calls itself.",
                                 asgi_keys};
constexpr Type asgi_app{.kind = K::object, .noun = "an object", .table = &asgi_table};

constexpr std::array<std::string_view, 2> tls_versions{"1.2", "1.3"};
constexpr Type tls_version{.kind = K::choice, .noun = "a TLS version", .values = tls_versions};
constexpr std::array<Key, 6> tls_keys{{
    {.name = "ca",
     .type = &text,
     .doc = "PEM file of trusted certificates, from this file's folder; the system's when absent."},
    {.name = "cert", .type = &text, .doc = "PEM file: the client's certificate.", .needs = "key"},
    {.name = "key", .type = &text, .doc = "PEM file: its private key.", .needs = "cert"},
    {.name = "server_name",
     .type = &words,
     .doc = "For SNI and the host name check; the address's host when absent."},
    {.name = "min_version", .type = &tls_version, .doc = "\"1.2\" when absent."},
    {.name = "verify",
     .type = &boolean,
     .doc = "false: any certificate will do, and every report says so. true when absent."},
}};
constexpr ObjectTable tls_table{"tls", "TLS settings",
                                "How a wss:// or https:// target is spoken to.", tls_keys};
constexpr Type tls{.kind = K::object, .noun = "an object", .table = &tls_table};

constexpr std::array<Key, 23> target_keys{{
    {.name = "$schema", .type = &plain, .doc = "For editors; relapse does not read it."},
    {.name = "title", .type = &words, .doc = "For reports.", .required = true},
    {.name = "address",
     .type = &address,
     .doc = "Scheme, host and port; ${port} is a free one that the launch command gets too.",
     .group = "reach"},
    {.name = "tls",
     .type = &tls,
     .doc = "Certificates, for wss:// and https://.",
     .needs = "address"},
    {.name = "headers", .type = &texts_map, .doc = "Added to every request."},
    {.name = "trace_headers",
     .type = &boolean,
     .doc = "false: requests carry no X-Request-Id and no traceparent. true when absent."},
    {.name = "provides",
     .type = &word_list,
     .doc = "Capabilities, for the \"requires\" of scenarios."},
    {.name = "launch", .type = &launch, .doc = "How to start it.", .needs = "address"},
    {.name = "asgi",
     .type = &asgi_app,
     .doc = "The application itself, for the ASGI plane; beside the address or alone.",
     .group = "reach"},
    {.name = "probes",
     .type = &probes,
     .doc = "Up to four health sessions that must work before and after every replay."},
    {.name = "identity", .type = &identity, .doc = "How a restart is noticed."},
    {.name = "limits", .type = &limits, .doc = "How much it is asked to bear."},
    {.name = "logs", .type = &logs, .doc = "Where its log is read."},
    {.name = "log_mark", .type = &log_mark, .doc = "How the log is seen to be alive."},
    {.name = "log_settle",
     .type = &duration,
     .doc = "How late a log line may arrive; 200ms when absent."},
    {.name = "fault_signatures",
     .type = &signatures,
     .doc = "Texts in the log that mean an unhandled fault, beside the built-in ones."},
    {.name = "keys",
     .type = &token_key_map,
     .doc = "Key pairs for tokens; ${public_key:NAME} is the public half."},
    {.name = "tokens", .type = &tokens, .doc = "Recipes for ${token:NAME}."},
    {.name = "faults", .type = &faults, .doc = "What brings old bugs back, for relapse prove."},
    {.name = "known", .type = &known_list, .doc = "Scenarios that are expected to relapse here."},
    {.name = "allow_hosts",
     .type = &host_list,
     .doc = "Hosts other than loopback that may be sent to."},
    {.name = "protected",
     .type = &boolean,
     .doc = "true: refuses scenarios with the tag destructive."},
    {.name = "version_command", .type = &command, .doc = "Prints what is running, for the report."},
}};
constexpr std::array<Group, 1> some_reach{{{.name = "reach", .mode = Mode::at_least_one}}};

}  // namespace

constinit const ObjectTable target_table{"target", "a target", "Where scenarios are replayed.",
                                         target_keys, some_reach};

}  // namespace relapse::schema
