// Secrets kept out of what is printed.
#pragma once

#include <string>
#include <string_view>

namespace baton {

/// A URL or libpq connection text without its password and without the values of query parameters that carry secrets.
std::string redact(std::string_view url);

}  // namespace baton
