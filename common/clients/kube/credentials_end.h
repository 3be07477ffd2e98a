// How long credentials last.
#pragma once

#include <optional>

#include "common/clients/kube/kubeconfig.h"
#include "common/core/time.h"

namespace baton::kube {

/// When the token (a JWT) or the client certificate ends. Nothing where it cannot be told, and where the token's file
/// or the plugin renews it.
std::optional<Time> end_of(const Credentials& credentials);

}  // namespace baton::kube
