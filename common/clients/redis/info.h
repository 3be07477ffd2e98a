// What a Redis server says of itself: INFO.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace baton::redis {

/// Fields that a server does not say stay empty: versions, forks and hosted services leave some out.
struct Info {
  std::string role = {};  ///< "master" or "slave"
  std::string mode = {};  ///< "standalone", "cluster", "sentinel"
  std::string version = {};
  std::string master_link = {};  ///< of a replica: "up" or "down"
  std::string eviction = {};     ///< "noeviction", "allkeys-lru", …
  std::optional<bool> is_loading = {};
  std::optional<std::int64_t> used_memory = {};  ///< bytes
  std::optional<std::int64_t> max_memory = {};   ///< bytes; 0: as much as there is
  std::optional<std::int64_t> clients = {};
  std::optional<std::int64_t> max_clients = {};
  std::optional<std::int64_t> rejected = {};  ///< connections, since it started

  /// Percent of max_memory; nothing where there is no such limit, or it is not known.
  std::optional<double> memory_percent() const;
  std::optional<double> clients_percent() const;
};

/// Lines of "name:value", sections begin with '#'. Throws Error{unknown} when not one such line is there.
Info parse_info(std::string_view text);

}  // namespace baton::redis
