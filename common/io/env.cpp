// Reads the process environment once, as a value.
#include "common/io/env.h"

#include <pwd.h>
#include <unistd.h>

#include <string>

namespace baton {

Environment Environment::of_process() {
  std::map<std::string, std::string, std::less<>> values;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    values.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(values));
}

std::optional<std::string> Environment::find(std::string_view name) const {
  const auto value = values_.find(name);
  if (value == values_.end() || value->second.empty()) return std::nullopt;
  return value->second;
}

std::string Environment::value_or(std::string_view name, std::string_view fallback) const {
  return find(name).value_or(std::string(fallback));
}

std::string home_folder(const Environment& environment) {
  if (const auto home = environment.find("HOME")) return *home;
  // A scratch image has no password file: then there is no entry.
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr && entry->pw_dir != nullptr ? entry->pw_dir : "/";
}

}  // namespace baton
