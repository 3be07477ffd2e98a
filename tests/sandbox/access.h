// What the API server lets through: everything, until a test says otherwise.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "tests/sandbox/call.h"

namespace baton::sandbox {

/// A right is "patch deployments/scale". Safe from several threads.
class Access {
 public:
  /// From now on these and no others.
  void allow_only(std::set<std::string> rights);
  /// Everything but this.
  void deny(const std::string& right);
  /// Takes a deny back.
  void allow(const std::string& right);
  /// Objects of `kind` whose text holds `part` are refused with this by an admission webhook; empty: none is.
  void set_policy(std::string refusal, std::string kind = "Deployment", std::string part = {});

  bool allows(const std::string& right) const;
  /// Refusal 403 where the call's right is not allowed.
  void require(const Call& call) const;
  /// Refusal 403 where the policy refuses `object`, which the call would store.
  void require_policy(const Call& call, const Json& object) const;

 private:
  mutable std::mutex mutex_;
  bool is_limited_ = false;
  std::set<std::string> allowed_ = {};
  std::set<std::string> denied_ = {};
  std::string policy_ = {};
  std::string policy_kind_ = {};
  std::string policy_part_ = {};
};

}  // namespace baton::sandbox
