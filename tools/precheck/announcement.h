// "Deployment v1.6.0 scheduled": told before the checks, so that its delivery is one of the things they look at.
#pragma once

#include "common/step/announce.h"

namespace baton::precheck {

/// To every channel of notify.to and notify.incident, once a deployment: which release, in which window, by whom.
void announce_deployment(Env& env);
/// Of that announcement.
Delivered delivered_to(const View& env, Audience audience);

}  // namespace baton::precheck
