// What was found: never the value, of which only a slow, salted hash is kept.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/secrets/rules/rule.h"

namespace baton::precheck::secrets {

struct Secret {
  std::string rule;
  std::string title;
  Severity severity = Severity::live;
  Sureness sureness = Sureness::observed;
  std::string place;       ///< the first one: "src/a.py:12"
  std::size_t places = 1;  ///< where the same value stands
  std::size_t length = 0;  ///< bytes of the value
  std::string hash;        ///< as precheck.security.secrets_allow names it
};

/// The hash by which a value is allowed: PBKDF2 over SHA-256, salted with the application's name, 20,000 rounds: who
/// reads it in a report or in baton.yaml tries a hundred values a second, and for each application anew. 64 hexadecimal
/// digits.
std::string secret_hash(std::string_view app, std::string_view value);

/// By value; the first thousand, the others are counted. Safe from several threads.
class Secrets {
 public:
  explicit Secrets(std::string app) : app_(std::move(app)) {}

  /// Of a value that is known its place is counted; the graver severity stays, else the place that comes first.
  void add(const Rule& rule, Severity severity, std::string_view value, const std::string& place);
  /// The gravest first, then by place.
  std::vector<Secret> all() const;
  std::size_t left_out() const { return left_out_; }

 private:
  std::string app_;
  std::mutex mutex_ = {};
  std::vector<Secret> all_ = {};
  std::map<std::string, std::size_t, std::less<>> known_ = {};  ///< by the value's SHA-256
  std::size_t left_out_ = 0;
};

}  // namespace baton::precheck::secrets
