// Clients that a verb makes for itself.
#include "common/step/env.h"

namespace baton {

HttpClient View::http(TlsSettings tls) const {
  return HttpClient(HttpSettings{.tls = std::move(tls)}, environment, clock);
}

}  // namespace baton
