// All objects, their revisions and the history that watches follow.
#pragma once

#include <compare>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/io/clock.h"
#include "tests/sandbox/kinds.h"

namespace baton::sandbox {

struct Key {
  const Kind* kind = nullptr;
  std::string ns;  ///< empty for kinds without a namespace
  std::string name;
  auto operator<=>(const Key&) const = default;
};
Key key_of(const Kind& kind, const Json& object);

struct Change {
  std::int64_t revision = 0;
  const Kind* kind = nullptr;
  std::string type;  ///< ADDED, MODIFIED, DELETED
  Json before;       ///< null when added
  Json after;        ///< the last state when deleted
};
using ChangePtr = std::shared_ptr<const Change>;

struct Listing {
  std::vector<Json> items;  ///< by namespace and name
  std::int64_t revision = 0;
};

enum class Mode { real, dry_run };

/// Safe to use from several threads; every write is atomic.
class Store {
 public:
  explicit Store(const Clock& clock) : clock_(clock) {}

  std::optional<Json> find(const Key& key) const;
  Json get(const Key& key) const;  ///< or Refusal 404
  /// Of one namespace; of all when `ns` is empty.
  Listing list(const Kind& kind, const std::string& ns = {}) const;
  /// Gives uid, revision and time of creation. Refusal 409 AlreadyExists.
  Json create(const Kind& kind, Json object, Mode mode = Mode::real);
  /// Changes what is there; `change` may throw to leave it alone, and must not call the store. No change, no revision.
  Json update(const Key& key, const std::function<void(Json&)>& change, Mode mode = Mode::real);
  /// For controllers, whose object may be gone by now: then nothing happens.
  std::optional<Json> update_if_there(const Key& key, const std::function<void(Json&)>& change);
  /// False when it was not there.
  bool remove(const Key& key);

  std::int64_t revision() const;
  /// What happened after `revision`, at once or as soon as something does; nothing when `limit` or `stop` came first.
  /// Refusal 410 when that history is forgotten.
  std::vector<ChangePtr> changes_since(std::int64_t revision, Duration limit, std::stop_token stop) const;
  /// Forgets the history, so that watches and continued lists from before are 410 Gone.
  void compact();
  std::int64_t oldest() const;  ///< the earliest revision a watch may start from

 private:
  Json write(const Key& key, Json& stored, const std::function<void(Json&)>& change, Mode mode);
  void record(const Kind& kind, std::string type, Json before, Json after);

  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::map<Key, Json> objects_;
  std::int64_t revision_ = 1000;  // real clusters never start at 0 either, and 0 means "any" to a watch
  std::deque<ChangePtr> history_;
  std::int64_t oldest_ = 1000;
};

}  // namespace baton::sandbox
