// What a certificate says of itself.
#pragma once

#include <optional>
#include <string>

#include "common/core/time.h"

namespace baton {

/// When the first certificate of the PEM text ends; nothing where there is none.
std::optional<Time> certificate_end(const std::string& pem);

}  // namespace baton
