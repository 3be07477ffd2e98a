// What may stand in a request's head.
#pragma once

#include <string_view>

#include "common/io/http/client.h"

namespace baton {

/// Error{usage} when the method or a header's name is no token (RFC 9110), or a value holds CR, LF or NUL: Poco would
/// write them as they are, and with them headers or requests of somebody else's making.
void check_head(const HttpRequest& request);
bool is_same_header(std::string_view one, std::string_view other);
/// The header's value, nullptr when absent.
const std::string* find_header(const Headers& headers, std::string_view name);

}  // namespace baton
