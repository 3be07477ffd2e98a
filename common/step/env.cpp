// Clients that a verb makes for itself.
#include "common/step/env.h"

namespace baton {

HttpClient View::http(TlsSettings tls, std::string origin) const {
  return HttpClient(HttpSettings{.tls = std::move(tls), .origin = std::move(origin)}, environment, clock);
}

}  // namespace baton
