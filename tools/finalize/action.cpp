// The table of finalizing actions.
#include "tools/finalize/action.h"

#include <array>

namespace baton::finalize {
namespace {

const std::array kActions = {&summary, &history, &scale_down, &remove_old, &archive};

}  // namespace

std::span<const Action* const> actions() { return kActions; }

}  // namespace baton::finalize
