// docs/configuration.md, from the table of keys.
#pragma once

#include <string>

namespace pages {

std::string configuration_page();

}  // namespace pages
