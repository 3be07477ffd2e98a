// `precheck.image:` how large the image may be.
#pragma once

#include <vector>

#include "common/core/units.h"

namespace baton {

/// SOP 2a, uncompressed; decisions 12.
struct ImageConfig {
  Size warn = {500'000'000};
  Size max = {1'000'000'000};
};

namespace config {
struct Key;
/// The keys of `precheck.image`.
void add_precheck_image(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
