// An OCI registry's reading half over the table of releases.
#pragma once

#include "tests/sandbox/http_server.h"
#include "tests/sandbox/releases.h"

namespace baton::sandbox {

/// /v2/, manifests by tag and by digest, the blobs of configuration and layer.
Answer answer_as_registry(const Question& question, const Releases& releases);

}  // namespace baton::sandbox
