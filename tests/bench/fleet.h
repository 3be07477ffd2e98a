// A playground before whose API server a fleet stands: each of its pods is seen as many.
#pragma once

#include <string>

namespace baton {

/// Each pod of the playground is `times` pods to whoever asks at the address that is printed first, in lists of the
/// size that real ones have; the second word is the folder with `kubeconfig` (the fleet's) and `own` (the
/// playground's), the third its image. A line on the standard input is answered with how many requests came since the
/// last one.
void keep_fleet(int times);

}  // namespace baton
