// SHA-256, base64, hexadecimal and unguessable identifiers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace baton {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// PBKDF2 over HMAC-SHA-256, 32 bytes as hexadecimal digits: a hash that costs `rounds` times as much to guess at.
std::string stretched_hex(std::string_view text, std::string_view salt, int rounds);

/// SHA-256 of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  std::string finish_hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
/// Standard or URL alphabet, padding optional. Throws Error{unknown} on anything else.
std::string from_base64(std::string_view text);
/// The same of text that tools break into lines, as kubectl and Docker read it.
std::string from_wrapped_base64(std::string text);
/// `bytes` random bytes as 2·bytes hexadecimal digits, from the system's generator.
std::string random_hex(std::size_t bytes);
/// True for exactly 64 hexadecimal digits.
bool is_sha256_hex(std::string_view text);

}  // namespace baton
