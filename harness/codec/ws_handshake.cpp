#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "codec/ws_frame.hpp"

namespace relapse::ws {
namespace {

template <std::size_t N>
void fill_random(std::array<unsigned char, N>& octets) {
  static_assert(N <= 256);  // up to here getrandom is never interrupted and never short
  if (getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size())) {
    throw std::runtime_error("the operating system gave no random octets");
  }
}

/// Octets in stock, because a system call for each frame would dominate a load run.
struct Stock {
  std::array<unsigned char, 256> octets{};
  std::size_t used = 256;
};

}  // namespace

std::string random_key() {
  std::array<unsigned char, 16> octets{};
  fill_random(octets);
  Bytes bytes(octets.size(), '\0');
  std::memcpy(bytes.data(), octets.data(), octets.size());
  return to_base64(bytes);
}

std::string accept_for(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL refused SHA-1");
  }
  Bytes bytes(size, '\0');
  std::memcpy(bytes.data(), digest.data(), size);
  return to_base64(bytes);
}

std::uint32_t random_mask() {
  thread_local Stock stock;
  std::uint32_t mask = 0;
  if (stock.used + sizeof mask > stock.octets.size()) {
    fill_random(stock.octets);
    stock.used = 0;
  }
  std::memcpy(&mask, stock.octets.data() + stock.used, sizeof mask);
  stock.used += sizeof mask;
  return mask;
}

}  // namespace relapse::ws
