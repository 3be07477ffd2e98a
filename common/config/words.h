// A key that takes one of a few words.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/source.h"
#include "common/core/json.h"

namespace baton::config {

/// One of the words of a key; the others are refused, those `is_later` knows as not available yet.
struct Words {
  std::vector<std::string> known;
  std::function<bool(std::string_view)> is_later = {};

  Json schema() const;
  std::string read(const Source& source, const YamlNode& node) const;
};

}  // namespace baton::config
