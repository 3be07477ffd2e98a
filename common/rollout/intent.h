// The write-ahead record: what was, what shall be, and by whom, in the same patch as the selector.
#pragma once

#include <optional>
#include <string_view>

#include "common/rollout/move.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

inline constexpr std::string_view kMoveAnnotation = "baton/move";

/// The move in an object's annotations, if there is one.
std::optional<Move> move_in(const Json& object);
/// Of the Service's record and the Lease's copy the one that was written last; of two that are as old, the Lease's.
std::optional<Move> further(const std::optional<Move>& on_service, const std::optional<Move>& on_lease);

/// One operation of a JSON patch.
Json operation(std::string_view verb, std::string path, Json value);
Json removal(std::string path);
/// Operations that set an annotation, the map first where there is none.
void add_annotation(Json& operations, const Json& object, std::string_view key, std::string_view value);
/// Guards: the object is the one that was read, and nobody has written it since.
Json guarded(const Json& object);
/// JSON patch: the selector becomes `to` and the record `move`, unless anybody has written the Service since it was
/// read.
Json selector_patch(const Json& service, const Labels& to, const Move& move);
/// JSON patch: the record goes.
Json forget_patch(const Json& service);

}  // namespace baton::rollout
