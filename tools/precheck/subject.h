// What is checked: the image of the release and what serves now.
#pragma once

#include <optional>
#include <string>

#include "common/clients/registry/client.h"
#include "common/judge/baseline.h"
#include "common/step/env.h"

namespace baton::precheck {

struct Image {
  std::string name;                                 ///< "registry.example.com/shop:v1.6.0"
  std::optional<registry::Manifest> manifest = {};  ///< nothing: the registry says there is no such tag
};

/// Asks the registry for the release's tag. Throws Error{unknown} when it could not be asked.
Image resolve_image(Env& env);

/// The series of what serves now: the release's baseline. Throws where the live Deployment cannot be told.
judge::Scope scope_of_live(Env& env);

/// Image, cluster, namespace, database and what is live. What cannot be known stays empty: its check says why.
Identity identify(Env& env);

}  // namespace baton::precheck
