#include "engine/applicable.hpp"

#include "catch.hpp"

namespace relapse {
namespace {

bool allowed(const std::string& address, std::vector<std::string> listed = {}) {
  Target target;
  target.id = "t";
  target.address = address;
  target.allow_hosts = std::move(listed);
  return check_host_allowed(target, {}).has_value();
}

}  // namespace

TEST_CASE("allowed hosts: loopback is an address, not the beginning of a name", "[engine]") {
  CHECK(allowed("ws://127.0.0.1:80"));
  CHECK(allowed("ws://127.8.9.1:80"));
  CHECK(allowed("wss://[::1]:443"));
  CHECK(allowed("http://localhost"));
  CHECK_FALSE(allowed("http://127.0.0.1.example"));
  CHECK_FALSE(allowed("http://127.example:80"));
  CHECK_FALSE(allowed("http://localhost.example"));
  CHECK_FALSE(allowed("http://10.0.0.1"));
  CHECK_FALSE(allowed("http://[::2]:80"));
  CHECK_FALSE(allowed("http://0.0.0.0:80"));
  CHECK_FALSE(allowed("http://user@127.0.0.1:80"));
}

TEST_CASE("allowed hosts: another host must be listed, by its whole name", "[engine]") {
  CHECK(allowed("http://staging.example", {"staging.example"}));
  CHECK_FALSE(allowed("http://staging.example", {"staging"}));
  CHECK_FALSE(allowed("http://x.staging.example", {"staging.example"}));
}

}  // namespace relapse
