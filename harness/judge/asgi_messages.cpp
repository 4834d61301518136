#include "judge/asgi_messages.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "model/describe_words.hpp"
#include "model/python_value.hpp"
#include "model/ws_message.hpp"

namespace relapse {
namespace {

using python::Type;

struct Section {
  std::string_view type;
  std::string_view protocol;
  std::string_view name;
};
constexpr std::array<Section, 11> sections{
    {{"http.response.start", "http", "Response Start - send event"},
     {"http.response.body", "http", "Response Body - send event"},
     {"websocket.accept", "websocket", "Accept - send event"},
     {"websocket.send", "websocket", "Send - send event"},
     {"websocket.close", "websocket", "Close - send event"},
     {"websocket.http.response.start", "extensions", "Websocket Denial Response"},
     {"websocket.http.response.body", "extensions", "Websocket Denial Response"},
     {"lifespan.startup.complete", "lifespan", "Startup Complete - send event"},
     {"lifespan.startup.failed", "lifespan", "Startup Failed - send event"},
     {"lifespan.shutdown.complete", "lifespan", "Shutdown Complete - send event"},
     {"lifespan.shutdown.failed", "lifespan", "Shutdown Failed - send event"}}};

std::string shown(std::string_view octets) {
  return words::quoted(octets, 60);
}

/// Collects what is wrong with one message.
class MessageChecker {
 public:
  MessageChecker(std::string_view type, const Json& message, const Json& scope)
      : type_(type), message_(message), scope_(scope) {}

  std::vector<AsgiProblem> run() {
    if (type_.ends_with("response.start")) {
      status();
      headers();
    } else if (type_.ends_with("response.body")) {
      is_a("body", Type::bytes);
      is_a("more_body", Type::boolean);
    } else if (type_ == "websocket.accept") {
      subprotocol();
      headers();
    } else if (type_ == "websocket.send") {
      content();
    } else if (type_ == "websocket.close") {
      close();
    } else if (type_.ends_with(".failed")) {
      is_a("message", Type::str);
    }
    return std::move(problems_);
  }

 private:
  void add(std::string text) {
    problems_.push_back({std::string(type_) + ": " + std::move(text), section_of_message(type_)});
  }

  /// A key that may be absent; None is then not the same as absent.
  bool is_a(std::string_view key, Type type) {
    const Json* value = python::at(message_, key);
    if (value == nullptr || python::type_of(*value) == type) {
      return value != nullptr;
    }
    const char* wanted = type == Type::bytes ? "bytes" : type == Type::boolean ? "a bool" : "a str";
    add(std::string(key) + " is " + python::a_type(*value) + ", not " + wanted);
    return false;
  }

  void status() {
    const Json* value = python::at(message_, "status");
    if (value == nullptr) {
      add("status is missing");
      return;
    }
    if (python::type_of(*value) != Type::integer) {
      add("status is " + python::a_type(*value) + ", not an int");
      return;
    }
    const auto number = python::integer(*value);
    if (!number || *number < 100 || *number > 599) {
      add("status is " + (number ? std::to_string(*number) : "beyond 64 bits") +
          ", no status of HTTP (100 to 599)");
    } else if (*number < 200) {
      add("status is " + std::to_string(*number) + ", which is no final response");
    }
  }

  void content() {
    const Json* text = python::given(message_, "text");
    const Json* bytes = python::given(message_, "bytes");
    if (text != nullptr && bytes != nullptr) {
      add("both text and bytes are given");
    } else if (text == nullptr && bytes == nullptr) {
      add("neither text nor bytes is given");
    }
    if (text != nullptr) {
      is_a("text", Type::str);
    }
    if (bytes != nullptr) {
      is_a("bytes", Type::bytes);
    }
  }

  void close() {
    if (const Json* code = python::at(message_, "code")) {
      const auto number = python::integer(*code);
      if (python::type_of(*code) != Type::integer) {
        add("code is " + python::a_type(*code) + ", not an int");
      } else if (!number || !is_wire_close_code(*number)) {
        add("code " + (number ? std::to_string(*number) : "beyond 64 bits") +
            " may not be sent (RFC 6455 section 7.4)");
      }
    }
    // None is the same as absent since 2.3.
    if (python::given(message_, "reason") != nullptr && is_a("reason", Type::str)) {
      constexpr std::size_t most = 123;  // 125 octets of a control frame less two of the code
      const auto octets = python::octets(*python::at(message_, "reason"));
      if (octets && octets->size() > most) {
        add("reason of " + std::to_string(octets->size()) +
            " octets, more than the 123 of a Close frame (RFC 6455 section 5.5)");
      }
    }
  }

  void subprotocol() {
    const Json* value = python::given(message_, "subprotocol");
    if (value == nullptr || !is_a("subprotocol", Type::str)) {
      return;
    }
    const Json* offered = python::given(scope_, "subprotocols");
    const Json* list = offered == nullptr ? nullptr : python::items(*offered);
    if (offered != nullptr && list == nullptr) {
      return;  // a broken scope: nobody can say what was offered
    }
    if (list == nullptr || std::find(list->begin(), list->end(), *value) == list->end()) {
      add("subprotocol " + shown(python::octets(*value).value_or("")) + " was not offered");
    }
  }

  void headers() {
    const Json* value = python::at(message_, "headers");
    if (value == nullptr || python::is_empty_dict(*value) ||
        python::type_of(*value) == Type::other) {
      return;  // of some other iterable no more than its type is on record
    }
    const Json* list = python::items(*value);
    if (list == nullptr) {
      add("headers is " + python::a_type(*value) + ", no iterable of pairs");
      return;
    }
    for (const Json& pair : *list) {
      const Json* two = python::items(pair);
      if (two == nullptr || two->size() != 2) {
        add(two == nullptr ? "headers holds " + python::a_type(pair) + ", no pair"
                           : "headers holds " + python::a_type(pair) + " of " +
                                 std::to_string(two->size()) + ", no pair");
        return;
      }
      header((*two)[0], (*two)[1]);
    }
  }

  void header(const Json& name, const Json& value) {
    const std::string octets = python::octets(name).value_or("");
    if (python::type_of(name) != Type::bytes) {
      add("header name " + (octets.empty() ? "" : shown(octets) + " ") + "is " +
          python::a_type(name) + ", not bytes");
      return;
    }
    if (octets != to_lower(octets)) {
      add("header name " + shown(octets) + " is not lower case");
    }
    if (octets.starts_with(':')) {
      add("pseudo header " + shown(octets));
    }
    if (type_ == "websocket.accept" && to_lower(octets) == "sec-websocket-protocol") {
      add("header sec-websocket-protocol, which is what subprotocol is for");
    }
    const std::string content = python::octets(value).value_or("");
    if (python::type_of(value) != Type::bytes) {
      add("value of header " + shown(octets) + " is " + python::a_type(value) + ", not bytes");
    } else if ((octets + content).find_first_of("\r\n") != std::string::npos) {
      add("header " + shown(octets) + " holds an end of line");
    }
  }

  std::string_view type_;
  const Json& message_;
  const Json& scope_;
  std::vector<AsgiProblem> problems_;
};

}  // namespace

std::string asgi_section(std::string_view protocol, std::string_view section) {
  return "ASGI " + std::string(protocol) + ", section " + std::string(section);
}

std::string section_of_message(std::string_view type) {
  const auto* const found = std::find_if(sections.begin(), sections.end(),
                                         [&](const Section& one) { return one.type == type; });
  return found == sections.end() ? std::string() : asgi_section(found->protocol, found->name);
}

std::vector<AsgiProblem> message_problems(std::string_view type, const Json& message,
                                          const Json& scope) {
  return MessageChecker(type, message, scope).run();
}

bool offers(const Json& scope, std::string_view extension) {
  const Json* extensions = python::given(scope, "extensions");
  return extensions != nullptr && python::at(*extensions, extension) != nullptr;
}

}  // namespace relapse
