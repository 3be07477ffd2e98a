// Points in, memory out: neither store nor clock is asked.
#pragma once

#include <vector>

#include "common/judge/criteria.h"
#include "common/judge/grid.h"
#include "common/judge/memory.h"

namespace baton::judge {

/// Takes the points that come after what `memory` has judged, oldest first: lays every rule over each, updates the
/// conditions and breaches, and keeps figures and gaps.
void replay(const Criteria& criteria, std::vector<Point> fresh, Memory& memory);

/// Nobody watched at the point: what is judged first of all was not seen, whether requests fail.
bool is_gap(const Criteria& criteria, const Point& point);

}  // namespace baton::judge
