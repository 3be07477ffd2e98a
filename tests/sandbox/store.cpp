// Objects and their history.
#include "tests/sandbox/store.h"

#include "common/core/digest.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

constexpr std::size_t kMaxHistory = 5000;

std::string new_uid() {
  auto digits = random_hex(16);
  digits[12] = '4';
  for (const std::size_t position : {20U, 16U, 12U, 8U}) digits.insert(position, "-");
  return digits;
}

void stamp(Json& object, std::int64_t revision) { object["metadata"]["resourceVersion"] = std::to_string(revision); }

void count_generation(const Kind& kind, const Json& before, Json& after) {
  if (!kind.counts_generation || is_same(before["spec"], std::as_const(after)["spec"])) return;
  after["metadata"]["generation"] = before["metadata"]["generation"].integer_or(0) + 1;
}

}  // namespace

Key key_of(const Kind& kind, const Json& object) {
  return {.kind = &kind, .ns = kind.is_namespaced ? namespace_of(object) : "", .name = name_of(object)};
}

std::optional<Json> Store::find(const Key& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? std::nullopt : std::optional(found->second);
}

Json Store::get(const Key& key) const {
  if (auto found = find(key)) return std::move(*found);
  throw not_found(qualified_plural(*key.kind), key.name);
}

Listing Store::list(const Kind& kind, const std::string& ns) const {
  const std::scoped_lock lock(mutex_);
  Listing listing{.items = {}, .revision = revision_};
  for (auto at = objects_.lower_bound({.kind = &kind, .ns = ns, .name = ""}); at != objects_.end(); ++at) {
    if (at->first.kind != &kind || (!ns.empty() && at->first.ns != ns)) break;
    listing.items.push_back(at->second);
  }
  return listing;
}

Json Store::create(const Kind& kind, Json object, Mode mode) {
  const auto key = key_of(kind, object);
  const std::scoped_lock lock(mutex_);
  if (objects_.contains(key)) {
    throw Refusal(409, "AlreadyExists", qualified_plural(kind) + " \"" + key.name + "\" already exists");
  }
  object["apiVersion"] = api_version(kind);
  object["kind"] = kind.name;
  auto& metadata = object["metadata"];
  metadata["uid"] = new_uid();
  metadata["creationTimestamp"] = seconds_stamp(clock_.now());
  if (kind.counts_generation) metadata["generation"] = 1;
  stamp(object, revision_ + 1);
  if (mode == Mode::dry_run) return object;
  objects_.emplace(key, object);
  record(kind, "ADDED", {}, object);
  return object;
}

Json Store::update(const Key& key, const std::function<void(Json&)>& change, Mode mode) {
  const std::scoped_lock lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) throw not_found(qualified_plural(*key.kind), key.name);
  return write(key, found->second, change, mode);
}

std::optional<Json> Store::update_if_there(const Key& key, const std::function<void(Json&)>& change) {
  const std::scoped_lock lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? std::nullopt : std::optional(write(key, found->second, change, Mode::real));
}

Json Store::write(const Key& key, Json& stored, const std::function<void(Json&)>& change, Mode mode) {
  auto after = stored;
  change(after);
  count_generation(*key.kind, stored, after);
  if (is_same(after, stored) || mode == Mode::dry_run) return after;
  stamp(after, revision_ + 1);
  auto before = std::exchange(stored, after);
  record(*key.kind, "MODIFIED", std::move(before), after);
  return after;
}

bool Store::remove(const Key& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return false;
  auto before = std::move(found->second);
  objects_.erase(found);
  auto last = before;
  stamp(last, revision_ + 1);
  record(*key.kind, "DELETED", std::move(before), std::move(last));
  return true;
}

std::int64_t Store::revision() const {
  const std::scoped_lock lock(mutex_);
  return revision_;
}

std::vector<ChangePtr> Store::changes_since(std::int64_t revision, Duration limit, std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, limit, [&] { return revision_ > revision; });
  if (revision < oldest_) {
    throw Refusal(410, "Expired",
                  "too old resource version: " + std::to_string(revision) + " (" + std::to_string(oldest_) + ")");
  }
  const auto skipped = static_cast<std::ptrdiff_t>(std::min(revision, revision_) - oldest_);
  return {history_.begin() + skipped, history_.end()};
}

void Store::compact() {
  const std::scoped_lock lock(mutex_);
  // One revision that nothing is known of: even a watch from the very latest one has missed it.
  oldest_ = ++revision_;
  history_.clear();
  changed_.notify_all();
}

std::int64_t Store::oldest() const {
  const std::scoped_lock lock(mutex_);
  return oldest_;
}

void Store::record(const Kind& kind, std::string type, Json before, Json after) {
  ++revision_;
  history_.push_back(std::make_shared<const Change>(Change{.revision = revision_,
                                                           .kind = &kind,
                                                           .type = std::move(type),
                                                           .before = std::move(before),
                                                           .after = std::move(after)}));
  if (history_.size() > kMaxHistory) {
    history_.pop_front();
    ++oldest_;
  }
  changed_.notify_all();
}

}  // namespace baton::sandbox
