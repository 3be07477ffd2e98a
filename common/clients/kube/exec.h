// Credentials from a program: client-go's exec plugins.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/clients/kube/kubeconfig.h"
#include "common/core/time.h"

namespace baton::kube {

struct ExecCredential {
  std::string token = {};
  std::string certificate_pem = {};
  std::string key_pem = {};
  std::optional<Time> expires = {};  ///< nothing: as long as the process lives
};

/// Runs the plugin without a terminal, at most `timeout`. Throws Error{unknown} with what it said on stderr.
ExecCredential run_exec_plugin(const ExecPlugin& plugin, Duration timeout, std::stop_token stop = {});
/// What a plugin printed. Throws Error{unknown} when it is no ExecCredential of this version or holds no credential.
ExecCredential parse_exec_credential(std::string_view text, std::string_view api_version, std::string_view name);

}  // namespace baton::kube
