#include "drive/secrets.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "catch.hpp"

namespace relapse {
namespace {

// With characters that percent-encoding, JSON and both base64 alphabets treat differently.
const std::string secret_text = "p\"a/ss?>~w\xc3\xb6rd";

Secrets secrets() {
  Secrets made;
  REQUIRE(made.add("secret:KEY", secret_text));
  return made;
}

}  // namespace

TEST_CASE("secrets: the mark tells name, size and equality, and differs between runs", "[drive]") {
  const Secrets all = secrets();
  std::string text = "a " + secret_text + " b " + to_base64(secret_text);
  all.redact(text);
  const std::string mark = all.vault().mark("secret:KEY", secret_text);
  CHECK(text.starts_with("a " + mark + " b " + mark));
  CHECK(mark.starts_with("[redacted secret:KEY, 14 bytes, #"));
  CHECK(end_of_mark(mark, 0) == mark.size());
  CHECK(mark.size() == std::string("[redacted secret:KEY, 14 bytes, #a1b2]").size());
  // 16 bits: that two runs have the same tag for each of three values does not happen.
  const Vault other;
  const Vault third;
  const auto tags = [](const Vault& vault) {
    return vault.mark("x", "1") + vault.mark("x", "2") + vault.mark("x", "3");
  };
  CHECK(tags(other) != tags(third));
  CHECK(tags(other) == tags(other));
}

TEST_CASE("secrets: of two that overlap the longer one is named, and nothing is marked twice",
          "[drive]") {
  Secrets both;
  REQUIRE(both.add("secret:SHORT", "abcdef"));
  REQUIRE(both.add("secret:LONG", "abcdefghij"));
  std::string text = "abcdefghij abcdef";
  both.redact(text);
  CHECK(text == both.vault().mark("secret:LONG", "abcdefghij") + " " +
                    both.vault().mark("secret:SHORT", "abcdef"));
  std::string line = "Cookie: a=1; b=abcdef\r\nAuthorization: Bearer abcdef\r\nGET /?token=x1y2";
  both.redact(line);
  const std::string once = line;
  both.redact(line);
  CHECK(line == once);
  // A known value names what is wholly one; with other octets around it, the rule does.
  CHECK(line == "Cookie: a=" + both.vault().mark("cookie", "1") +
                    "; b=" + both.vault().mark("secret:SHORT", "abcdef") +
                    "\r\nAuthorization: Bearer " + both.vault().mark("secret:SHORT", "abcdef") +
                    "\r\nGET /?token=" + both.vault().mark("token", "x1y2"));
  std::string written = "Cookie: a=${secret:SHORT}";
  both.redact(written);
  CHECK(written == "Cookie: a=${secret:SHORT}");
  std::string wider = "Cookie: a=abcdef-and-more";
  both.redact(wider);
  CHECK(wider == "Cookie: a=" + both.vault().mark("cookie", "abcdef-and-more"));
}

TEST_CASE("secrets: words that quote the beginning of a value hide it", "[drive]") {
  const Secrets all = secrets();
  std::string text = "send TEXT \"" + secret_text.substr(0, 8) + "… (6 more bytes)\"";
  all.redact(text);
  CHECK(text ==
        "send TEXT \"" + all.vault().mark("secret:KEY", secret_text) + "… (6 more bytes)\"");
}

TEST_CASE("secrets: what only looks like a mark hides nothing", "[drive]") {
  const Secrets all = secrets();
  for (const std::string& text : {std::string("Cookie: a=[redacted x] real"),
                                  "Cookie: a=[redacted x, 3 bytes, #a1b2]real-" + secret_text}) {
    std::string shown = text;
    all.redact(shown);
    INFO(shown);
    CHECK(shown.find("real") == std::string::npos);
    CHECK(shown.find(secret_text) == std::string::npos);
  }
}

TEST_CASE("secrets: a value too short to be told from other text is refused", "[drive]") {
  Secrets made;
  const auto refused = made.add("secret:PIN", "123");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "the value of ${secret:PIN} has 3 octets: too few to be kept out of the output");
  CHECK_FALSE(made.add("secret:PIN", "123"));  // and not let through the next time
  CHECK(made.add("secret:NONE", ""));
  CHECK(made.known().empty());
  CHECK(made.add_from({{"token:bad", "x"}, {"env:E", "y"}}));  // a token that is broken on purpose
  CHECK_FALSE(made.add_from({{"secret:S", "x"}}));
}

TEST_CASE("secrets: a name may stand for one value after another", "[drive]") {
  Secrets made;
  REQUIRE(made.add_from({{"token:t", "first-value"}}));
  REQUIRE(made.add_from({{"token:t", "second-value"}}));
  std::string text = "first-value second-value";
  made.redact(text);
  CHECK(text == made.vault().mark("token:t", "first-value") + " " +
                    made.vault().mark("token:t", "second-value"));
}

TEST_CASE("secrets: variables are shown by their marks", "[drive]") {
  const Secrets all = secrets();
  const Variables shown = all.shown({{"secret:KEY", secret_text},
                                     {"token:t", "eyJ"},
                                     {"env:URL", "http://" + secret_text},
                                     {"nonce", "n"}});
  CHECK(shown.at("secret:KEY") == all.vault().mark("secret:KEY", secret_text));
  CHECK(shown.at("token:t") == all.vault().mark("token:t", "eyJ"));
  CHECK(shown.at("env:URL") == "http://" + all.vault().mark("secret:KEY", secret_text));
  CHECK(shown.at("nonce") == "n");
}

TEST_CASE("secrets: a vault gives to all what came from outside, and knows what each used",
          "[drive]") {
  const auto vault = std::make_shared<Vault>();
  REQUIRE(vault->give("--secret-env PASS", "outside-value"));
  CHECK_FALSE(vault->give("--secret-env PIN", "12"));
  CHECK(vault->give("--secret-env EMPTY", ""));
  Secrets one(vault);
  const Secrets two(vault);
  REQUIRE(one.add("secret:KEY", "inside-value"));
  std::string text = "outside-value inside-value";
  two.redact(text);
  CHECK(text == vault->mark("--secret-env PASS", "outside-value") + " inside-value");
  Secrets::of_run(vault).redact(text);
  CHECK(text == vault->mark("--secret-env PASS", "outside-value") + " " +
                    vault->mark("secret:KEY", "inside-value"));
  vault->count("cookie", 2);
  vault->count("cookie", 1);
  CHECK(vault->counts() == std::map<std::string, long>{{"cookie", 3}});
}

}  // namespace relapse
