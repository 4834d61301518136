#include "codec/marshal.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.hpp"

namespace relapse {
namespace {

/// What the real Python makes of a program that reads hex from its argument.
std::string python(const std::string& program, const std::string& argument) {
  const std::string command = "/usr/bin/python3 -c '" + program + "' " + argument + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT: a fixed program and hex digits
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    out.append(buffer.data(), size);
  }
  ::pclose(pipe);
  while (out.ends_with('\n')) {
    out.pop_back();
  }
  return out;
}

std::string plain_hex(const Bytes& octets) {
  std::string hex = to_hex(octets);
  std::erase(hex, ' ');
  return hex;
}

struct Example {
  const char* json;
  const char* repr;  ///< what Python shows of it
};

const Example examples[] = {
    {"null", "None"},
    {"true", "True"},
    {"-7", "-7"},
    {"2147483648", "2147483648"},
    {"-9223372036854775807", "-9223372036854775807"},
    {R"({"$int":"-123456789012345678901234567890"})", "-123456789012345678901234567890"},
    {"1.5", "1.5"},
    {R"({"$float":"inf"})", "inf"},
    {R"({"$float":"-inf"})", "-inf"},
    {R"({"$float":"nan"})", "nan"},
    {R"("h\u00e9")", "'h\\xe9'"},
    {R"({"$str_hex":"61 ed b3 a9"})", "'a\\udce9'"},
    {R"({"$bytes":"host"})", "b'host'"},
    {R"({"$hex":"ff 00"})", "b'\\xff\\x00'"},
    {R"([1,[],{"$tuple":[]}])", "[1, [], ()]"},
    {R"({"$tuple":["127.0.0.1",80]})", "('127.0.0.1', 80)"},
    {R"({"type":"http","headers":[[{"$bytes":"a"},{"$bytes":"b"}]],"client":null})",
     "{'type': 'http', 'headers': [[b'a', b'b']], 'client': None}"},
    {R"({"$dict":[[1,"a"],[{"$bytes":"k"},null]]})", "{1: 'a', b'k': None}"},
    {R"({"$dict":[["$bytes","x"]]})", "{'$bytes': 'x'}"},
};

TEST_CASE("marshal: Python reads what is written, and what it writes comes back") {
  for (const Example& example : examples) {
    CAPTURE(example.json);
    const Json value = Json::parse(example.json);
    const Bytes octets = to_marshal(value);
    CHECK(python("import marshal,sys; print(ascii(marshal.loads(bytes.fromhex(sys.argv[1]))))",
                 plain_hex(octets)) == example.repr);
    const auto back = from_hex(
        python("import marshal,sys; print(marshal.dumps(marshal.loads(bytes.fromhex(sys.argv[1])), "
               "2).hex())",
               plain_hex(octets)));
    REQUIRE(back);
    Json again;
    CHECK(from_marshal(*back, again));
    CHECK(again.dump() == value.dump());
  }
}

TEST_CASE("marshal: a repeated value is written out") {
  Json out;
  CHECK(from_marshal(to_marshal(Json::parse(R"({"$repeat":"ab","times":3})")), out));
  CHECK(out == Json("ababab"));
  CHECK(from_marshal(to_marshal(Json::parse(R"({"$repeat":[1,2],"times":2})")), out));
  CHECK(out == Json::parse("[1,2,1,2]"));
  CHECK(from_marshal(to_marshal(Json::parse(R"({"$repeat":{"$hex":"ff"},"times":2})")), out));
  CHECK(out == Json::parse(R"({"$hex":"ff ff"})"));
}

TEST_CASE("marshal: what only Python has is shown as an object") {
  const auto read = [](const char* expression) {
    const auto octets = from_hex(python(
        std::string("import marshal; print(marshal.dumps(") + expression + ", 2).hex())", ""));
    Json out;
    REQUIRE(octets);
    CHECK(from_marshal(*octets, out));
    return out.dump();
  };
  CHECK(read("{1}") == R"({"$object":{"type":"set","repr":"[1]"}})");
  CHECK(read("...") == R"({"$object":{"type":"ellipsis","repr":"Ellipsis"}})");
  CHECK(read("[1j, 2]") == R"([{"$object":{"type":"complex","repr":"a complex number"}},2])");
}

TEST_CASE("marshal: a cut or foreign text fails and never reads beyond its end") {
  const Bytes whole = to_marshal(Json::parse(
      R"({"a":[1,{"$tuple":["x",{"$bytes":"y"}]},1.5,{"$int":"99999999999999999999"}],"b":null})"));
  Json out;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(from_marshal(std::string_view(whole).substr(0, size), out));
  }
  CHECK(from_marshal(whole, out));
  CHECK_FALSE(from_marshal(whole + "N", out));
  CHECK_FALSE(from_marshal("Z", out));
  CHECK_FALSE(from_marshal(std::string("[\xff\xff\xff\x7f", 5), out));
  Bytes deep;
  for (int i = 0; i < 5000; ++i) {
    deep += std::string("[\x01\x00\x00\x00", 5);
  }
  CHECK_FALSE(from_marshal(deep + "N", out));
}

TEST_CASE("marshal: the reader takes what is asked for and nothing else") {
  MarshalWriter writer;
  writer.tuple(5);
  writer.text("sent");
  writer.integer(1'700'000'000'123'456'789);
  writer.integer(-1);
  writer.none();
  writer.bytes("x");
  MarshalReader reader(writer.octets());
  CHECK(reader.sequence() == 5);
  CHECK(reader.text() == "sent");
  CHECK(reader.integer() == 1'700'000'000'123'456'789);
  CHECK(reader.integer() == -1);
  CHECK(reader.none());
  CHECK(reader.bytes() == "x");
  CHECK((reader.at_end() && !reader.failed()));
  MarshalReader wrong(writer.octets());
  CHECK(wrong.integer() == 0);
  CHECK(wrong.failed());
  CHECK(wrong.text().empty());
}

}  // namespace
}  // namespace relapse
