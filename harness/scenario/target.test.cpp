#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "catch.hpp"
#include "scenario/load.hpp"
#include "scenario/reader.hpp"

namespace relapse {
namespace {

using namespace std::chrono_literals;

Target target(const std::string& text, const std::filesystem::path& file = "/base/targets/t.json") {
  const auto parsed = parse_target(text, file);
  std::string messages;
  for (const Diagnostic& one : parsed.diagnostics) {
    messages += render(one, text);
  }
  INFO(messages);
  REQUIRE(parsed.value);
  return *parsed.value;
}

TEST_CASE("target: TLS", "[scenario]") {
  const Target full = target(R"({"title": "T", "address": "https://h:1", "tls": {
    "ca": "c/ca.pem", "cert": "/x/c.pem", "key": "${dir}/k.pem", "server_name": "s",
    "min_version": "1.3", "verify": false}})");
  CHECK(full.tls.ca == "/base/targets/c/ca.pem");
  CHECK(full.tls.cert == "/x/c.pem");
  CHECK(full.tls.key == "${dir}/k.pem");
  CHECK(full.tls.server_name == "s");
  CHECK(full.tls.min_version == "1.3");
  CHECK_FALSE(full.tls.verify);
  const Target plain = target(R"({"title": "T", "address": "wss://h:1", "tls": {}})");
  CHECK(plain.tls.ca.empty());
  CHECK(plain.tls.min_version == "1.2");
  CHECK(plain.tls.verify);
  for (const char* wrong :
       {R"({"title": "T", "address": "ws://h:1", "tls": {"ca": "x"}})",
        R"({"title": "T", "address": "wss://h:1", "tls": {"cert": "x"}})",
        R"({"title": "T", "address": "wss://h:1", "tls": {"key": "x"}})",
        R"({"title": "T", "address": "wss://h:1", "tls": {"min_version": "1.1"}})"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_target(wrong, "/base/targets/t.json").value);
  }
}

TEST_CASE("target: an application beside an address, and alone", "[scenario][asgi]") {
  const Target full = target(R"({"title": "T", "address": "ws://127.0.0.1:${port}",
    "launch": {"command": ["srv"], "ready": {"path": "/"}},
    "asgi": {"app": "a.b:make.app", "factory": true, "folder": "../apps",
      "python": ["../venv/bin/python", "-X", "dev"], "env": {"A": null, "B": "b"},
      "files": {"f": "c"}, "by_keyword": true, "lifespan": true, "ready": {"within": "3s"}}})");
  CHECK(full.launch);
  REQUIRE(full.asgi);
  CHECK(full.asgi->app == "a.b:make.app");
  CHECK(full.asgi->factory);
  CHECK(full.asgi->folder == "/base/apps");
  CHECK(full.asgi->python == std::vector<std::string>{"/base/venv/bin/python", "-X", "dev"});
  CHECK(full.asgi->env.at("A") == std::nullopt);
  CHECK(full.asgi->env.at("B") == "b");
  CHECK(full.asgi->files.at("f") == "c");
  CHECK(full.asgi->by_keyword);
  CHECK(full.asgi->lifespan == AsgiApp::Lifespan::on);
  CHECK(full.asgi->ready_within == 3s);

  const std::string alone = R"({"title": "T", "asgi": {"app": "a:b", "lifespan": )";
  const Target plain = target(alone + R"("either", "python": ["python3"]}, "fault_signatures":
    [{"name": "n", "contains": "c"}], "faults": {"f": {"title": "t", "env": {"F": "1"}}}})");
  CHECK(looks_like_target(alone + "true}}"));
  CHECK(plain.address.empty());
  CHECK_FALSE(plain.launch);
  CHECK(plain.asgi->folder == "/base/targets");
  CHECK(plain.asgi->python == std::vector<std::string>{"python3"});
  CHECK(plain.asgi->lifespan == AsgiApp::Lifespan::either);
  CHECK(plain.asgi->ready_within == 10s);
  CHECK_FALSE(plain.asgi->by_keyword);
  CHECK_FALSE(plain.asgi->factory);
  CHECK(plain.faults.at("f").env.at("F") == "1");
  CHECK(target(alone + "false}}").asgi->lifespan == AsgiApp::Lifespan::off);
  CHECK(target(R"({"title": "T", "asgi": {"app": "a:b", "folder": "${bin}/x"}})").asgi->folder ==
        "${bin}/x");
  CHECK_FALSE(target(R"({"title": "T", "address": "ws://h:1"})").asgi);
  for (const char* wrong : {"a", "a:", ":b", "a.py", "a/b:c", "a..b:c", "a:b c", "1a:b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_target(R"({"title": "T", "asgi": {"app": ")" + std::string(wrong) + "\"}}",
                             "/base/targets/t.json")
                    .value);
  }
}

TEST_CASE("target: everything", "[scenario]") {
  const Target t = target(R"({
    "title": "T", "address": "wss://[::1]:${port}/", "headers": {"A": ["1", "2"]},
    "provides": ["log"],
    "launch": {
      "command": ["srv", "${port}"], "cwd": "../apps", "env": {"A": null, "B": "b"},
      "files": {"f": "c"},
      "ready": {"request": {"path": "/r", "method": "HEAD"}, "status": 204, "within": "1s"},
      "stop": {"signal": "INT", "within": "3s", "exit": [0, -2]}
    },
    "probes": {
      "z": [{"send": {"request": {"path": "/"}}}, {"expect": {"response": {"status": 200}}}],
      "a": [{"send": {"request": {"path": "/"}}}, {"expect": {"response": {"status": 500}}}]
    },
    "logs": [{"process": true}, {"file": "log/x.log"}, {"file": "${dir}/y.log"},
             {"command": ["tail", "-F", "${dir}/z.log"]}],
    "log_mark": {"path": "/health", "within": "4s"}, "log_settle": "0ms",
    "fault_signatures": [{"name": "ours", "contains": "PANIC", "late": true}],
    "tokens": {"v": {"algorithm": "HS512", "secret": "s", "claims": {"sub": null},
               "header": {"kid": "1"}, "garble": "payload"}, "e": {},
               "r": {"algorithm": "RS256", "key": "k"}},
    "keys": {"k": {"type": "EC"}, "f": {"file": "k.pem"}},
    "faults": {"f": {"title": "F", "env": {"X": null}, "args": ["-f"]},
               "g": {"title": "G", "command": ["old"]}},
    "known": [{"scenario": "a/b", "reason": "r", "until": "2027-01-01"}],
    "allow_hosts": ["h"], "protected": true, "version_command": ["srv", "-V"]
  })");
  CHECK(t.id == "t");
  CHECK(t.file == "/base/targets/t.json");
  CHECK(t.title == "T");
  CHECK(t.headers == std::vector<Header>{{"A", "1"}, {"A", "2"}});
  REQUIRE(t.launch);
  CHECK(t.launch->command == std::vector<std::string>{"srv", "${port}"});
  CHECK(t.launch->cwd == "/base/apps");
  CHECK(t.launch->env.at("A") == std::nullopt);
  CHECK(t.launch->files.at("f") == "c");
  CHECK(t.launch->ready_request.path == "/r");
  CHECK(t.launch->ready_request.method == "HEAD");
  CHECK(t.launch->ready_status == 204);
  CHECK(t.launch->ready_within == 1s);
  CHECK(t.launch->stop_signal == 2);
  CHECK(t.launch->stop_within == 3s);
  CHECK(t.launch->stop_exit == std::vector<int>{0, -2});
  REQUIRE(t.probes.size() == 2);
  CHECK(t.probes[0].name == "z");
  CHECK(t.probes[1].steps.size() == 2);
  REQUIRE(t.logs.size() == 4);
  CHECK(t.logs[0].kind == LogSource::Kind::process);
  CHECK(t.logs[1].path == "/base/targets/log/x.log");
  CHECK(t.logs[2].path == "${dir}/y.log");
  CHECK(t.logs[3].kind == LogSource::Kind::command);
  CHECK(t.logs[3].command == std::vector<std::string>{"tail", "-F", "${dir}/z.log"});
  CHECK(t.logs[3].cwd == "/base/targets");
  CHECK(t.log_mark->path == "/health");
  CHECK(t.log_mark->within == 4s);
  CHECK(t.log_settle == 0s);
  CHECK(t.fault_signatures == std::vector<LogSignature>{{"ours", "PANIC", true}});
  CHECK(t.tokens.at("v").algorithm == "HS512");
  CHECK(t.tokens.at("v").claims.dump() == R"({"sub":null})");
  CHECK(t.tokens.at("v").header.dump() == R"({"kid":"1"})");
  CHECK(t.tokens.at("v").garble == "payload");
  CHECK(t.tokens.at("r").key == "k");
  CHECK(t.keys.at("k").type == TokenKey::Type::ec);
  CHECK(t.keys.at("f").file == "/base/targets/k.pem");
  CHECK(t.tokens.at("e").algorithm == "HS256");
  CHECK(t.tokens.at("e").claims.dump() == "{}");
  CHECK(t.faults.at("f").args == std::vector<std::string>{"-f"});
  CHECK_FALSE(t.faults.at("f").command);
  CHECK(t.faults.at("g").command == std::vector<std::string>{"old"});
  CHECK(t.known.at(0).until == "2027-01-01");
  CHECK(t.allow_hosts == std::vector<std::string>{"h"});
  CHECK(t.is_protected);
  CHECK(t.version_command.size() == 2);
}

TEST_CASE("target: identity, limits and trace headers", "[scenario]") {
  const Target boot = target(R"({"title": "T", "address": "http://h:1",
    "identity": {"path": "/health", "same": "/json/boot_id"},
    "limits": {"connections": 4, "per_second": 20}, "trace_headers": false})");
  REQUIRE(boot.identity);
  CHECK(boot.identity->request.path == "/health");
  CHECK(boot.identity->pointer == "/json/boot_id");
  CHECK_FALSE(boot.identity->grows);
  CHECK(boot.limits.connections == 4);
  CHECK(boot.limits.per_second == 20);
  CHECK_FALSE(boot.trace_headers);
  const Target uptime = target(R"({"title": "T", "address": "http://h:1",
    "identity": {"request": {"method": "POST", "path": "/s"}, "grows": "/json/uptime"},
    "limits": {"per_second": 7}})");
  CHECK(uptime.identity->request.method == "POST");
  CHECK(uptime.identity->pointer == "/json/uptime");
  CHECK(uptime.identity->grows);
  CHECK(uptime.limits.connections == 0);
  CHECK(uptime.limits.per_second == 7);
  CHECK(uptime.trace_headers);
}

TEST_CASE("target: defaults", "[scenario]") {
  const Target t = target(R"({"title": "T", "address": "http://127.0.0.1:${port}",
    "launch": {"command": ["x"], "ready": {"path": "/h"}}, "logs": [{"process": true}]})");
  CHECK(t.launch->cwd == "/base/targets");
  CHECK(t.launch->ready_request.path == "/h");
  CHECK(t.launch->ready_status == 200);
  CHECK(t.launch->ready_within == 10s);
  CHECK(t.launch->stop_signal == 15);
  CHECK(t.launch->stop_exit == std::vector<int>{0});
  CHECK(t.log_settle == 200ms);
  CHECK_FALSE(t.log_mark);
  CHECK_FALSE(t.is_protected);
}

TEST_CASE("target: addresses", "[scenario]") {
  const auto problem = [](const std::string& address) {
    const auto parsed = parse_target(R"({"title": "T", "address": ")" + address + "\"}", "t.json");
    return parsed.diagnostics.empty() ? "" : parsed.diagnostics[0].message;
  };
  for (const std::string good :
       {"ws://localhost", "wss://h.example:443", "http://127.0.0.1:8/", "https://[::1]",
        "ws://[::1]:80", "ws://${env:HOST}:${env:PORT}"}) {
    CHECK(problem(good) == "");
  }
  CHECK(problem("localhost:80").find("starts with ws://") != std::string::npos);
  CHECK(problem("ws://").find("names no host") != std::string::npos);
  CHECK(problem("ws://:80").find("names no host") != std::string::npos);
  CHECK(problem("ws://h:port").find("names no port") != std::string::npos);
  CHECK(problem("ws://h:").find("names no port") != std::string::npos);
  CHECK(problem("ws://h:99999").find("names no port") != std::string::npos);
  CHECK(problem("ws://u:p@h").find("user name") != std::string::npos);
  CHECK(problem("ws://h/x").find("holds a path") != std::string::npos);
}

TEST_CASE("target: every shipped target and scenario is read", "[scenario]") {
  const std::filesystem::path root = RELAPSE_SOURCE_DIR;
  const auto names = target_names(root / "fixtures" / "targets");
  CHECK_FALSE(names.empty());
  for (const std::string& name : names) {
    const auto path = root / "fixtures" / "targets" / (name + ".json");
    const auto text = read_file(path);
    REQUIRE(text);
    const Target read = target(*text, path);
    CHECK(read.id == name);
  }
  const auto loaded = load_scenarios(root / "scenarios");
  REQUIRE(loaded);
  std::string messages;
  for (const FileReport& report : loaded->reports) {
    for (const Diagnostic& one : report.diagnostics) {
      messages += render(one, report.text);
    }
  }
  CHECK(messages == "");
  CHECK(loaded->scenarios.size() >= loaded->files);  // a file with cases gives several
  CHECK(loaded->files >= 28);
}

}  // namespace
}  // namespace relapse
