// How much of a window must have been judged before a release counts as watched.
#pragma once

namespace baton::judge {

inline constexpr double kMinCoverage = 95;  ///< percent of the window; decisions 11

}  // namespace baton::judge
