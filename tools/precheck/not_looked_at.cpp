// What is said of a line that nobody looks at.
#include "tools/precheck/not_looked_at.h"

namespace baton::precheck {

Observation not_looked_at(const Look& /*look*/) {
  return {.message = "not looked at by this version; say in precheck.not_applicable who did"};
}

}  // namespace baton::precheck
