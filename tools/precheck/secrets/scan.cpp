// All rules of this build.
#include "tools/precheck/secrets/scan.h"

#include "common/core/error.h"
#include "tools/precheck/secrets/compiled.h"

namespace baton::precheck::secrets {

Scan::Scan(Secrets& secrets, std::stop_token of) : book(all_rules()), scanner(book, secrets), stop(std::move(of)) {}

void Scan::go_on() const {
  if (stop.stop_requested()) throw Error(ExitCode::interrupted, "the scan for secrets was interrupted");
}

}  // namespace baton::precheck::secrets
