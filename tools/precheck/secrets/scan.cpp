// All rules of this build.
#include "tools/precheck/secrets/scan.h"

#include "tools/precheck/secrets/compiled.h"

namespace baton::precheck::secrets {

Scan::Scan(const std::string& app) : secrets(app), book(all_rules()), scanner(book, secrets) {}

}  // namespace baton::precheck::secrets
