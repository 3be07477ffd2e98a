// What is said of a line that nobody looks at.
#include "tools/precheck/not_looked_at.h"

namespace baton::precheck {

Observation not_looked_at(const Look& /*look*/) {
  return {.message = "not looked at: this version cannot; name it in precheck.not_applicable with who looked instead"};
}

}  // namespace baton::precheck
