// The process environment as a value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}
  static Environment of_process();

  /// Nothing when unset; an empty value counts as unset, as the contract says of flags.
  std::optional<std::string> find(std::string_view name) const;
  std::string value_or(std::string_view name, std::string_view fallback) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// $HOME, else the password file's entry, else "/".
std::string home_folder(const Environment& environment);

}  // namespace baton
