// The fixed words of a handoff, shared by its writer, reader and schema.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/json.h"

namespace baton {

inline constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view kPredicateType = "urn:baton:handoff:v1";
inline constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
inline constexpr std::string_view kHandoffSchema = "1.1";  ///< major.minor; a reader refuses another major
inline constexpr std::string_view kSopVersion = "1.0.0";

/// The path of the first integer that a double cannot hold, e.g. "state.rows"; empty when there is none.
std::string first_too_large(const Json& value, const std::string& path = {});

}  // namespace baton
