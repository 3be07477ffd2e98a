// {{…}} in values: which names there are, and where this version fills them.
#pragma once

#include <span>
#include <string_view>

#include "common/config/source.h"
#include "common/core/json.h"

namespace baton::config {

/// Every name of the contract.
std::span<const std::string_view> placeholder_names();

/// Throws Error{usage} when a scalar of `node` holds a placeholder that is none, or one that is not filled here.
void check_placeholders(const Source& source, const YamlNode& node, std::span<const std::string_view> filled_here);

/// Lets no text of this schema hold a placeholder but these.
void forbid_placeholders(Json& schema, std::span<const std::string_view> filled_here);

}  // namespace baton::config
