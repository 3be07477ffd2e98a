// Reading INFO.
#include "common/clients/redis/info.h"

#include <charconv>

#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::redis {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

std::string text_in(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

/// Nothing where it is absent, or no number that counts something.
std::optional<std::int64_t> number_in(const Fields& fields, std::string_view name) {
  const auto text = text_in(fields, name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<double> share(const std::optional<std::int64_t>& part, const std::optional<std::int64_t>& whole) {
  if (!part || !whole || *whole <= 0) return std::nullopt;
  return static_cast<double>(*part) / static_cast<double>(*whole) * 100;
}

}  // namespace

std::optional<double> Info::memory_percent() const { return share(used_memory, max_memory); }
std::optional<double> Info::clients_percent() const { return share(clients, max_clients); }

Info parse_info(std::string_view text) {
  Fields fields;
  for (const auto& line : split(text, '\n')) {
    const auto trimmed = trim(std::string_view(line));
    const auto colon = trimmed.find(':');
    if (trimmed.starts_with('#') || colon == std::string_view::npos || colon == 0) continue;
    fields.emplace(trimmed.substr(0, colon), trimmed.substr(colon + 1));
  }
  if (fields.empty())
    throw Error(ExitCode::unknown, "INFO says nothing", "Check that the address is a Redis server's.");
  const auto loading = number_in(fields, "loading");
  return {.role = text_in(fields, "role"),
          .mode = text_in(fields, "redis_mode"),
          .version = text_in(fields, "redis_version"),
          .master_link = text_in(fields, "master_link_status"),
          .eviction = text_in(fields, "maxmemory_policy"),
          .is_loading = loading ? std::optional(*loading != 0) : std::nullopt,
          .used_memory = number_in(fields, "used_memory"),
          .max_memory = number_in(fields, "maxmemory"),
          .clients = number_in(fields, "connected_clients"),
          .max_clients = number_in(fields, "maxclients"),
          .rejected = number_in(fields, "rejected_connections")};
}

}  // namespace baton::redis
