// What every target may do with bad input: say so by a baton::Error. Anything else that is thrown ends the run.
#pragma once

#include "common/core/error.h"

namespace baton {

template <typename Act>
void expect_only_errors(Act act) {
  try {
    act();
  } catch (const Error&) {
  }
}

}  // namespace baton
