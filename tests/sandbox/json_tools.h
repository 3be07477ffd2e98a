// What the sandbox does to JSON in several places.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::sandbox {

/// Members sorted by name at every depth: equal values then have equal text.
Json sorted(const Json& value);
/// Equal whatever the order of members.
bool is_same(const Json& one, const Json& other);
/// "metadata.name" → its value; null when there is none.
const Json& at_path(const Json& object, std::string_view dotted);

const std::string& name_of(const Json& object);
const std::string& uid_of(const Json& object);
std::string namespace_of(const Json& object);
bool is_terminating(const Json& object);
/// The reference that makes `owner` the controller of another object.
Json controller_reference(const Json& owner);
/// uid of the controlling owner; empty when there is none.
std::string controller_uid(const Json& object);

/// The value for `key` in an array of conditions is replaced, or added; its transition time moves only when the status
/// does.
void set_condition(Json& status, std::string_view type, bool is_true, Time now, std::string_view reason = {},
                   std::string_view message = {});
bool has_condition(const Json& object, std::string_view type);

/// Whole seconds, as objects carry them.
std::string seconds_stamp(Time time);

}  // namespace baton::sandbox
