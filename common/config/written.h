// The configuration as it was written, for another machine to read.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/loaded.h"

namespace baton {

struct WrittenFor {
  std::span<const std::string_view> steps;      ///< whose keys are taken
  std::span<const std::string_view> without;    ///< keys and sections that are left out
  std::span<const std::string_view> also = {};  ///< keys that are taken whoever reads them
};

/// YAML of what the file and everything outside it gave: ${NAME} stands as it stood. Throws Error{usage} where a secret
/// stands in the clear.
std::string written_text(const LoadedConfig& loaded, const WrittenFor& wanted);
/// The variables that it needs: ${NAME} without a default.
std::vector<std::string> needed_variables(std::string_view text);

}  // namespace baton
