#include "judge/asgi_call.hpp"

#include <nlohmann/json.hpp>

#include "model/describe_words.hpp"
#include "model/python_value.hpp"

namespace relapse {
namespace {

constexpr std::string_view denial = "websocket.http.response";

std::string type_of_event(const Json& event) {
  const Json* type = python::at(event, "type");
  return type != nullptr && type->is_string() ? type->get<std::string>() : std::string();
}

/// An extension's message, which sends the body in another way.
bool is_body_of_extension(std::string_view type) {
  return type == "http.response.pathsend" || type == "http.response.zerocopysend";
}

}  // namespace

AsgiCall::AsgiCall(const Json& scope) : scope_(scope), protocol_name_(type_of_event(scope)) {
  if (protocol_name_ == "http") {
    protocol_ = Protocol::http;
  } else if (protocol_name_ == "websocket") {
    protocol_ = Protocol::websocket;
  } else if (protocol_name_ == "lifespan") {
    protocol_ = Protocol::lifespan;
  }
}

void AsgiCall::fed(const Json& event) {
  const std::string type = type_of_event(event);
  connect_fed_ = connect_fed_ || type == "websocket.connect";
  gone_ = gone_ || type == "websocket.disconnect" || type == "http.disconnect";
  startup_fed_ = startup_fed_ || type == "lifespan.startup";
  shutdown_fed_ = shutdown_fed_ || type == "lifespan.shutdown";
}

std::vector<AsgiProblem> AsgiCall::sent(int number, const Json& message) {
  problems_.clear();
  number_ = number;
  const std::string events = asgi_section("specification", "Events");
  if (python::type_of(message) != python::Type::dict) {
    refuse_in("send() was given " + python::a_type(message) + ", not a dict", events);
    return std::move(problems_);
  }
  const Json* type = python::at(message, "type");
  if (type == nullptr || !type->is_string()) {
    refuse_in(type == nullptr ? std::string("a message without a type")
                              : "the type of a message is " + python::a_type(*type) + ", not a str",
              events);
    return std::move(problems_);
  }
  const std::string name = type->get<std::string>();
  order(name, message);
  for (AsgiProblem& problem : message_problems(name, message, scope_.json())) {
    problems_.push_back(std::move(problem));
  }
  return std::move(problems_);
}

void AsgiCall::send_raised(int number) {
  gone_ = true;
  if (stage_ == Stage::finished && finished_by_ == number) {
    stage_ = before_finish_;
  }
}

std::vector<AsgiProblem> AsgiCall::returned() const {
  if (gone_ || may_end_) {
    return {};
  }
  if (protocol_ == Protocol::websocket && stage_ == Stage::fresh) {
    return {{"returned without websocket.accept or websocket.close",
             asgi_section("websocket", "Connect - receive event")}};
  }
  if (stage_ == Stage::denying) {
    return {{"returned before its denial response was complete",
             section_of_message("websocket.http.response.body")}};
  }
  if (protocol_ == Protocol::http && stage_ == Stage::fresh) {
    return {{"returned without http.response.start",
             asgi_section("http", "Response Start - send event")}};
  }
  if (protocol_ == Protocol::http && stage_ == Stage::open) {
    return {{"returned before its response was complete: no http.response.body without more_body",
             asgi_section("http", "Response Body - send event")}};
  }
  return {};
}

void AsgiCall::order(std::string_view type, const Json& message) {
  switch (protocol_) {
    case Protocol::http:
      order_http(type, message);
      break;
    case Protocol::websocket:
      if (type.starts_with(denial)) {
        order_denial(type, message);
      } else {
        order_websocket(type);
      }
      break;
    case Protocol::lifespan:
      order_lifespan(type);
      break;
    case Protocol::unknown:
      break;  // no specification says what may be sent there
  }
}

void AsgiCall::order_http(std::string_view type, const Json& message) {
  const bool by_extension = is_body_of_extension(type) && offers(scope_.json(), type);
  if (type == "http.response.start") {
    if (stage_ == Stage::finished) {
      refuse("http.response.start after the response was complete", "http.response.body");
    } else if (stage_ == Stage::open && !gone_) {
      refuse("http.response.start twice", type);
    } else if (stage_ == Stage::fresh) {
      stage_ = Stage::open;
    }
  } else if (type == "http.response.body" || by_extension) {
    const std::string name(type);
    if (stage_ == Stage::finished) {
      refuse(name + " after the last one, which was without more_body", "http.response.body");
    } else if (stage_ == Stage::fresh) {
      if (!gone_) {
        refuse(name + " before http.response.start", "http.response.start");
      }
    } else if (type == "http.response.pathsend" || !more_body(message)) {
      finish();
    }
  } else if (!offers(scope_.json(), type)) {
    foreign(type);
  }
}

void AsgiCall::order_websocket(std::string_view type) {
  const bool known =
      type == "websocket.accept" || type == "websocket.send" || type == "websocket.close";
  if (!known) {
    if (!offers(scope_.json(), type)) {
      foreign(type);
    }
    return;
  }
  const std::string name(type);
  if (stage_ == Stage::finished) {
    refuse(last_ == name ? name + " twice" : name + " after " + last_,
           last_ == "websocket.close" ? "websocket.close" : "websocket.http.response.body");
  } else if (stage_ == Stage::denying) {
    if (!gone_) {
      refuse(name + " after websocket.http.response.start", "websocket.http.response.start");
    }
  } else if (type == "websocket.close") {
    last_ = name;
    finish();
  } else if (type == "websocket.accept") {
    if (stage_ == Stage::open && !gone_) {
      refuse("websocket.accept twice", type);
    } else if (!connect_fed_ && !gone_) {
      refuse_in("websocket.accept before websocket.connect was received",
                asgi_section("websocket", "Connect - receive event"));
    }
    stage_ = Stage::open;
  } else if (stage_ == Stage::fresh && !gone_) {
    refuse("websocket.send before websocket.accept", "websocket.accept");
  }
}

void AsgiCall::order_denial(std::string_view type, const Json& message) {
  const bool start = type == "websocket.http.response.start";
  const std::string name(type);
  if (!start && type != "websocket.http.response.body") {
    foreign(type);
  } else if (!offers(scope_.json(), denial)) {
    refuse(name + " without the extension " + std::string(denial) + " in the scope", type);
  } else if (stage_ == Stage::finished) {
    refuse(name + " after " + last_, last_ == "websocket.close" ? last_ : name);
  } else if (gone_) {
    stage_ = start && stage_ == Stage::fresh ? Stage::denying : stage_;
  } else if (stage_ == Stage::open) {
    refuse(name + " after websocket.accept", type);
  } else if (start) {
    if (stage_ == Stage::denying) {
      refuse(name + " twice", type);
    }
    stage_ = Stage::denying;
  } else if (stage_ == Stage::fresh) {
    refuse(name + " before websocket.http.response.start", type);
  } else if (!more_body(message)) {
    last_ = "the last " + name;
    finish();
  }
}

void AsgiCall::order_lifespan(std::string_view type) {
  const bool startup = type == "lifespan.startup.complete" || type == "lifespan.startup.failed";
  const bool shutdown = type == "lifespan.shutdown.complete" || type == "lifespan.shutdown.failed";
  if (!startup && !shutdown) {
    if (!offers(scope_.json(), type)) {
      foreign(type);
    }
    return;
  }
  bool& answered = startup ? startup_answered_ : shutdown_answered_;
  const char* asked = startup ? "lifespan.startup" : "lifespan.shutdown";
  if (answered) {
    refuse(std::string(type) + ", but " + asked + " was answered already", type);
  } else if (!(startup ? startup_fed_ : shutdown_fed_)) {
    refuse(std::string(type) + " before " + asked + " was received", type);
  }
  answered = true;
}

void AsgiCall::finish() {
  if (gone_) {
    return;  // it ends what has ended already; a second time is as harmless as the first
  }
  before_finish_ = stage_;
  finished_by_ = number_;
  stage_ = Stage::finished;
}

bool AsgiCall::more_body(const Json& message) const {
  const Json* more = python::at(message, "more_body");
  // What is no bool is a fault of its own; it is taken as Python would take it.
  return more != nullptr && !more->is_null() && *more != Json(false) && *more != Json(0) &&
         *more != Json("");
}

void AsgiCall::refuse(std::string text, std::string_view type) {
  refuse_in(std::move(text), section_of_message(type));
}

void AsgiCall::refuse_in(std::string text, std::string section) {
  problems_.push_back({std::move(text), std::move(section)});
}

void AsgiCall::foreign(std::string_view type) {
  const bool known = !section_of_message(type).empty();
  const std::string shown = words::quoted(type, 60);
  refuse_in(
      known ? shown + " on a call of type " + protocol_name_
            : shown + " is no message that may be sent on a call of type " + protocol_name_,
      asgi_section(protocol_name_, protocol_ == Protocol::lifespan ? "Scope" : "Connection Scope"));
}

}  // namespace relapse
