#include <array>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "scenario/convert.hpp"
#include "scenario/schema_table.hpp"
#include "scenario/steps_view.hpp"

namespace relapse {
namespace {

struct KindName {
  std::string_view name;
  SelectorKind kind;
};
constexpr std::array<KindName, 20> kind_names{{{"upgrade", SelectorKind::upgrade},
                                               {"response", SelectorKind::response},
                                               {"text", SelectorKind::text},
                                               {"json", SelectorKind::json},
                                               {"binary", SelectorKind::binary},
                                               {"ping", SelectorKind::ping},
                                               {"pong", SelectorKind::pong},
                                               {"frame", SelectorKind::frame},
                                               {"bytes", SelectorKind::bytes},
                                               {"close", SelectorKind::close},
                                               {"end", SelectorKind::end},
                                               {"silence", SelectorKind::silence},
                                               {"log", SelectorKind::log},
                                               {"exit", SelectorKind::exit},
                                               {"sent", SelectorKind::sent},
                                               {"raised", SelectorKind::raised},
                                               {"returned", SelectorKind::returned},
                                               {"waiting", SelectorKind::waiting},
                                               {"pending_tasks", SelectorKind::pending_tasks},
                                               {"complaint", SelectorKind::complaint}}};

template <class T>
T number(const Node& node, int base = 10) {
  T value{};
  std::from_chars(node.text.data(), node.text.data() + node.text.size(), value, base);
  return value;
}

int opcode_of(const Node& node) {
  constexpr std::array<std::pair<std::string_view, int>, 6> names{
      {{"continuation", 0}, {"text", 1}, {"binary", 2}, {"close", 8}, {"ping", 9}, {"pong", 10}}};
  for (const auto& [name, opcode] : names) {
    if (node.is(Node::Kind::string) && node.text == name) {
      return opcode;
    }
  }
  return number<int>(node);
}

SendFrame convert_frame(const Node& node, Conversion& conversion) {
  SendFrame frame;
  frame.fin = flag(node, "fin", true);
  frame.rsv = small_number(node, "rsv", 0);
  if (const Node* opcode = node.find("opcode")) {
    frame.opcode = opcode_of(*opcode);
  }
  if (const Node* mask = node.find("mask")) {
    const bool key = mask->is(Node::Kind::string);
    frame.mask = key || mask->boolean;
    frame.mask_key = key ? std::optional(number<std::uint32_t>(*mask, 16)) : std::nullopt;
  }
  if (const Node* length = node.find("length")) {
    frame.length = number<std::uint64_t>(*length);
  }
  if (const Node* octets = node.find("length_bytes")) {
    frame.length_bytes = number<int>(*octets);
  }
  if (const Node* payload = node.find("payload")) {
    frame.payload = convert_octets(*payload, conversion);
  }
  return frame;
}

/// Nothing for `false`: that is no offer.
std::optional<DeflateOffer> convert_deflate(const Node& node) {
  if (node.is(Node::Kind::boolean)) {
    return node.boolean ? std::optional(DeflateOffer{}) : std::nullopt;
  }
  DeflateOffer offer;
  offer.server_no_context_takeover = flag(node, "server_no_context_takeover", false);
  offer.client_no_context_takeover = flag(node, "client_no_context_takeover", false);
  if (const Node* bits = node.find("server_max_window_bits")) {
    offer.server_max_window_bits = number<int>(*bits);
  }
  if (const Node* bits = node.find("client_max_window_bits")) {
    const bool bare = bits->is(Node::Kind::boolean);
    if (!bare || bits->boolean) {
      offer.client_max_window_bits = bare ? 0 : number<int>(*bits);
    }
  }
  return offer;
}

SendUpgrade convert_upgrade(const Node& node, Conversion& conversion) {
  SendUpgrade upgrade;
  upgrade.request = convert_request(node, conversion);
  if (const Node* version = node.find("version")) {
    upgrade.version = version->text;
  }
  if (const Node* key = node.find("key")) {
    upgrade.key = key->text;
  }
  upgrade.answers = flag(node, "answers", true);
  if (const Node* deflate = node.find("deflate")) {
    upgrade.deflate = convert_deflate(*deflate);
  }
  return upgrade;
}

SendClose convert_close(const Node& node) {
  SendClose close;
  if (const Node* code = node.find("code")) {
    close.code = number<int>(*code);
  }
  close.reason = text(node, "reason");
  return close;
}

Split convert_split(const Node& node) {
  Split split;
  const Node* sizes = node.is(Node::Kind::object) ? node.find("sizes") : &node;
  split.every_byte = sizes->is(Node::Kind::string);
  for (const Node& size : sizes->items) {
    split.sizes.push_back(number<std::size_t>(size));
  }
  split.gap = time_of(node, "gap").value_or(Duration{});
  return split;
}

SendWhat convert_what(const Member& what, Conversion& conversion) {
  const std::string& kind = what.key;
  const Node& node = what.value;
  if (kind == "upgrade") {
    return convert_upgrade(node, conversion);
  }
  if (kind == "request") {
    return SendRequest{convert_request(node, conversion)};
  }
  if (kind == "text") {
    return SendText{node.text};
  }
  if (kind == "json") {
    return SendJson{Value(to_json(node))};
  }
  if (kind == "binary") {
    return SendBinary{convert_octets(node, conversion)};
  }
  if (kind == "ping") {
    return SendPing{convert_octets(node, conversion)};
  }
  if (kind == "pong") {
    return SendPong{convert_octets(node, conversion)};
  }
  if (kind == "close") {
    return convert_close(node);
  }
  if (kind == "frame") {
    return convert_frame(node, conversion);
  }
  return SendBytes{convert_octets(node, conversion)};
}

Send convert_send(const Node& node, Conversion& conversion) {
  Send send{SendText{}};
  for (const Member& member : node.members) {
    if (member.key == "split") {
      send.split = convert_split(member.value);
    } else if (member.key == "compress") {
      send.compress = member.value.boolean;
    } else if (member.key == "after") {
      send.after = time_of(node, "after").value_or(Duration{});
    } else {
      send.what = convert_what(member, conversion);
    }
  }
  return send;
}

Expect convert_expect(const Node& node, const std::string& lane, const Conversion& conversion) {
  Expect expect;
  expect.selector = convert_selector(node, lane, conversion);
  expect.skip = flag(node, "skip", false);
  expect.silence = time_of(node, "silence").value_or(Duration{});
  if (const Node* capture = node.find("capture")) {
    for (const Member& member : capture->members) {
      expect.captures.push_back({member.key, member.value.text});
    }
  }
  return expect;
}

Start convert_start(const Node& node) {
  Start start;
  start.env = environment(node, "env");
  start.args = texts(node, "args");
  start.files = file_contents(node, "files");
  if (const Node* ready = node.find("ready")) {
    start.ready = ready->is(Node::Kind::string) ? ReadyWait::either
                  : ready->boolean              ? ReadyWait::required
                                                : ReadyWait::none;
  }
  return start;
}

Pause convert_pause(const Node& node) {
  if (node.is(Node::Kind::string)) {
    return {parse_duration(node.text).value_or(Duration{}), std::nullopt};
  }
  const Sweep sweep{time_of(node, "from").value_or(Duration{}),
                    time_of(node, "to").value_or(Duration{}), small_number(node, "points", 2)};
  return {sweep.from, sweep};
}

EndKind convert_end(const Node& node) {
  return node.text == "rst"          ? EndKind::rst
         : node.text == "half_close" ? EndKind::half_close
                                     : EndKind::fin;
}

Action convert_action(const StepView& view, Conversion& conversion) {
  const Node& body = *view.body;
  if (auto action = convert_asgi_action(view)) {
    return *std::move(action);
  }
  if (view.action == "send") {
    return convert_send(body, conversion);
  }
  if (view.action == "expect") {
    return convert_expect(body, view.lane, conversion);
  }
  if (view.action == "end") {
    return End{convert_end(body)};
  }
  if (view.action == "pause") {
    return convert_pause(body);
  }
  if (view.action == "start") {
    return convert_start(body);
  }
  if (view.action == "signal") {
    return Signal{schema::signal_number(body.text)};
  }
  return Stop{};
}

}  // namespace

Selector convert_selector(const Node& node, std::string lane, const Conversion& conversion) {
  Selector selector;
  for (const KindName& known : kind_names) {
    const Node* pattern = node.find(known.name);
    if (pattern == nullptr) {
      continue;
    }
    selector.kind = known.kind;
    if (known.kind != SelectorKind::silence) {
      selector.pattern = {Value(to_json(*pattern)), source(*pattern, conversion)};
    }
    if (!is_off_wire_selector(known.name)) {
      selector.lane = std::move(lane);
    }
    break;
  }
  return selector;
}

std::vector<Step> convert_steps(const Node& list, Conversion& conversion) {
  std::vector<Step> steps;
  const bool expanded = !conversion.metas.empty();
  for (const StepView& view : view_steps(&list, conversion.metas)) {
    Step step;
    step.at = source(*view.node, conversion);
    step.name = view.named ? view.name : std::string{};
    step.label = expanded ? view.label + conversion.metas[view.index].rounds : std::string{};
    step.group = view.group;
    step.branch = view.branch;
    step.lane = view.lane;
    step.within = time_of(*view.node, "within");
    step.action = convert_action(view, conversion);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace relapse
