// Answers by which the API server refuses a call.
#pragma once

#include <stdexcept>
#include <string>

#include "common/core/json.h"

namespace baton::sandbox {

class Refusal : public std::runtime_error {
 public:
  Refusal(int code, std::string reason, const std::string& message)
      : std::runtime_error(message), code_(code), reason_(std::move(reason)) {}
  int code() const { return code_; }
  const std::string& reason() const { return reason_; }

 private:
  int code_;
  std::string reason_;
};

/// The Status object that goes with it.
Json status_of(const Refusal& refusal);

Refusal not_found(const std::string& qualified_plural, const std::string& name);
Refusal conflict(const std::string& qualified_plural, const std::string& name, const std::string& why);
Refusal invalid(const std::string& message);
Refusal bad_request(const std::string& message);
/// A path that nothing is served under; not the absence of an object.
Refusal not_served();

}  // namespace baton::sandbox
