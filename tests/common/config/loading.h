// Loads texts as baton.yaml for the tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/config/config.h"
#include "common/config/loaded.h"
#include "common/config/loader.h"
#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton::test {

using Variables = std::map<std::string, std::string, std::less<>>;

/// `text` below a line with the name of the application, so that its own first line is line 2.
inline LoadedConfig load(const std::string& text, const Variables& variables = {},
                         std::vector<ConfigOverride> overrides = {}) {
  return load_config({.text = "app: shop\n" + text, .overrides = std::move(overrides)}, Environment(variables));
}

inline LoadedConfig load_set(const std::string& key, const std::string& value) {
  return load("", {}, {{key, value, "--set"}});
}

/// What loading it is refused with; "taken" when it is not.
inline std::string refusal(const std::string& text, const Variables& variables = {},
                           std::vector<ConfigOverride> overrides = {}) {
  return refusal(ExitCode::usage, [&] { return load(text, variables, std::move(overrides)); });
}

inline std::string refusal_of_set(const std::string& key, const std::string& value) {
  return refusal("", {}, {{key, value, "--set"}});
}

}  // namespace baton::test
