#include "drive/instance.hpp"

namespace relapse {

Result<Address> parse_address(const std::string& text) {
  const std::size_t scheme = text.find("://");
  const std::string name = text.substr(0, scheme);
  if (scheme == std::string::npos ||
      (name != "ws" && name != "wss" && name != "http" && name != "https")) {
    return Error{ErrorKind::usage,
                 "\"" + text + "\" is not an address",
                 {},
                 "write ws://host:port, wss://, http:// or https://"};
  }
  std::string rest = text.substr(scheme + 3);
  if (const std::size_t slash = rest.find('/'); slash != std::string::npos) {
    rest.resize(slash);
  }
  Address address{name, rest, name == "wss" || name == "https" ? "443" : "80"};
  const std::size_t colon = rest.rfind(':');
  const std::size_t bracket = rest.rfind(']');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    address.host = rest.substr(0, colon);
    address.port = rest.substr(colon + 1);
  }
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  return address;
}

}  // namespace relapse
