// Reading: single objects, lists in pages, watches.
#include <algorithm>
#include <charconv>

#include "common/core/digest.h"
#include "common/core/text.h"
#include "tests/sandbox/api.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLookForHangUp = 200ms;
constexpr std::int64_t kLongestWatch = 1800;

std::int64_t number_in(const std::string& text, std::int64_t fallback) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : fallback;
}

Filter filter_of(const Question& question) {
  const auto find = [&](const char* name) {
    const auto found = question.query.find(name);
    return found == question.query.end() ? std::string_view() : std::string_view(found->second);
  };
  return {.labels = find("labelSelector"), .fields = find("fieldSelector")};
}

/// Where the next page begins, and of which revision the first one was.
struct Bookmark {
  std::int64_t revision = 0;
  std::string after;  ///< place of the last object already given
};

std::string text_of(const Bookmark& bookmark) {
  return to_base64(std::to_string(bookmark.revision) + " " + bookmark.after);
}

Bookmark bookmark_from(const std::string& text, const Store& store) {
  const auto plain = from_base64(text);
  const auto space = plain.find(' ');
  Bookmark bookmark{.revision = number_in(plain.substr(0, space), -1)};
  if (space == std::string::npos || bookmark.revision < 0) throw bad_request("continue key is not valid");
  bookmark.after = plain.substr(space + 1);
  if (bookmark.revision < store.oldest())
    throw Refusal(410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
  return bookmark;
}

/// Sorts as the store does: a space comes before all that a name may hold.
std::string place_of(const Json& object) { return namespace_of(object) + " " + name_of(object); }

/// A watch as a client sees it: changes turned into events by what its selectors see.
class Watch {
 public:
  Watch(const Store& store, const Kind& kind, const std::string& ns, const Filter& filter, Stream& stream)
      : store_(store), kind_(kind), ns_(ns), filter_(filter), stream_(stream) {}

  std::int64_t show_all() {
    const auto listing = store_.list(kind_, ns_);
    for (const auto& item : listing.items) {
      if (is_selected(item, filter_)) send("ADDED", item);
    }
    return listing.revision;
  }

  void mark(std::int64_t revision, bool is_end_of_initial) {
    auto metadata = Json::object({{"resourceVersion", std::to_string(revision)}});
    if (is_end_of_initial) metadata["annotations"] = Json::object({{"k8s.io/initial-events-end", "true"}});
    send("BOOKMARK",
         Json::object({{"kind", kind_.name}, {"apiVersion", api_version(kind_)}, {"metadata", std::move(metadata)}}));
  }

  void follow(std::int64_t revision, Duration limit, const Clock& clock) {
    const auto end = clock.monotonic() + limit;
    try {
      while (!stream_.is_gone() && clock.monotonic() < end) {
        for (const auto& change : store_.changes_since(revision, kLookForHangUp, {})) {
          revision = change->revision;
          tell(*change);
        }
      }
    } catch (const Refusal& refusal) {
      send("ERROR", status_of(refusal));
    }
  }

 private:
  void tell(const Change& change) {
    if (change.kind != &kind_) return;
    if (!ns_.empty() && namespace_of(change.after) != ns_) return;
    const bool was = !change.before.is_null() && is_selected(change.before, filter_);
    const bool is = change.type != "DELETED" && is_selected(change.after, filter_);
    if (was || is) send(is ? (was ? "MODIFIED" : "ADDED") : "DELETED", change.after);
  }

  void send(std::string_view type, const Json& object) {
    stream_.write(to_text(Json::object({{"type", type}, {"object", object}})) + "\n");
  }

  const Store& store_;
  const Kind& kind_;
  const std::string& ns_;
  Filter filter_;
  Stream& stream_;
};

Json list_object(const Kind& kind, std::int64_t revision) {
  return Json::object({{"kind", std::string(kind.name) + "List"},
                       {"apiVersion", api_version(kind)},
                       {"metadata", Json::object({{"resourceVersion", std::to_string(revision)}})},
                       {"items", Json::array()}});
}

}  // namespace

Answer Api::read(const Call& call) const { return answer_with(store_.get(call.key())); }

Answer Api::list(const Call& call) const {
  const auto& question = call.question;
  const auto is_watch = question.parameter("watch");
  if (is_watch == "true" || is_watch == "1") return watch(call);
  auto listing = store_.list(call.kind, call.ns);
  const auto filter = filter_of(question);
  std::erase_if(listing.items, [&](const Json& item) { return !is_selected(item, filter); });
  auto revision = listing.revision;
  if (const auto token = question.parameter("continue"); !token.empty()) {
    const auto bookmark = bookmark_from(token, store_);
    revision = bookmark.revision;
    std::erase_if(listing.items, [&](const Json& item) { return place_of(item) <= bookmark.after; });
  }
  auto answer = list_object(call.kind, revision);
  auto limit = static_cast<std::size_t>(std::max<std::int64_t>(number_in(question.parameter("limit"), 0), 0));
  if (limit != 0 && page_size_ != 0) limit = std::min(limit, page_size_);
  const auto total = listing.items.size();
  const auto count = limit == 0 ? total : std::min(limit, total);
  if (count < total) {
    answer["metadata"]["continue"] = text_of({.revision = revision, .after = place_of(listing.items[count - 1])});
    answer["metadata"]["remainingItemCount"] = total - count;
  }
  for (std::size_t i = 0; i < count; ++i) {
    // Items of a typed list do not say their kind; clients that rely on it break on real servers.
    listing.items[i].erase("kind");
    listing.items[i].erase("apiVersion");
    answer["items"].push_back(std::move(listing.items[i]));
  }
  return answer_with(answer);
}

Answer Api::watch(const Call& call) const {
  const auto& question = call.question;
  const auto seconds = std::min(number_in(question.parameter("timeoutSeconds"), kLongestWatch), kLongestWatch);
  const auto from = number_in(question.parameter("resourceVersion"), 0);
  const bool wants_initial = question.parameter("sendInitialEvents") == "true";
  const bool wants_marks = question.parameter("allowWatchBookmarks") == "true";
  Answer answer;
  // The stream outlives this call but not the question, which its answer belongs to: what it needs is copied.
  answer.stream = [this, kind = &call.kind, ns = call.ns, labels = question.parameter("labelSelector"),
                   fields = question.parameter("fieldSelector"), seconds, from, wants_initial,
                   wants_marks](Stream& stream) {
    Watch watch(store_, *kind, ns, {.labels = labels, .fields = fields}, stream);
    auto revision = from;
    if (from == 0 || wants_initial) revision = watch.show_all();
    if (wants_marks && wants_initial) watch.mark(revision, /*is_end_of_initial=*/true);
    watch.follow(revision, std::chrono::seconds(seconds), clock_);
    if (wants_marks && !stream.is_gone()) watch.mark(store_.revision(), /*is_end_of_initial=*/false);
  };
  return answer;
}

Answer Api::remove_all(const Call& call) const {
  const auto filter = filter_of(call.question);
  for (const auto& item : store_.list(call.kind, call.ns).items) {
    if (is_selected(item, filter)) remove_one(key_of(call.kind, item), Json::object(), call.mode());
  }
  return answer_with(Json::object({{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Success"}}));
}

}  // namespace baton::sandbox
