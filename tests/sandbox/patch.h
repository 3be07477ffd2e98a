// The patches that kubectl and Baton send.
#pragma once

#include "common/core/json.h"

namespace baton::sandbox {

/// RFC 6902. A failed `test`, like anything else that cannot be done, is Refusal 422: the object stays as it was.
Json json_patched(Json object, const Json& operations);
/// RFC 7386.
Json merge_patched(Json object, const Json& patch);
/// As a merge patch, but lists whose items have an identity (name of containers, volumes and variables, type of
/// conditions, port of ports) are merged item by item, and "$patch: delete" removes one. Other directives
/// ($setElementOrder, $retainKeys, $deleteFromPrimitiveList) are ignored: enough for `kubectl patch`, `set image` and
/// `scale`.
Json strategic_patched(Json object, const Json& patch);

}  // namespace baton::sandbox
