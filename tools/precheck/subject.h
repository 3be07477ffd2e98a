// What is checked: the image of the release and what serves now.
#pragma once

#include "common/step/env.h"

namespace baton::precheck {

/// Image, cluster, namespace, database and what is live. What cannot be known stays empty: its check says why.
Identity identify(Env& env);

}  // namespace baton::precheck
