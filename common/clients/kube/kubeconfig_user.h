// A kubeconfig's user: as whom the API server is spoken to.
#pragma once

#include "common/clients/kube/kubeconfig_file.h"

namespace baton::kube {

/// As whom. Throws Error{usage} on kinds that are not spoken.
Credentials read_credentials(const Fields& user, const Fields& cluster);

}  // namespace baton::kube
