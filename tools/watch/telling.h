// What people are told of a watch, once each.
#pragma once

#include <string>
#include <string_view>

#include "common/step/env.h"

namespace baton::watch {

/// To everybody who hears of incidents.
void tell(Env& env, std::string_view event, const std::string& subject, const std::string& text);

}  // namespace baton::watch
