// Follows the changes of a kind of object through disconnects, restarts and expired histories.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>

#include "common/clients/kube/call.h"
#include "common/clients/kube/client_state.h"
#include "common/clients/kube/list.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

constexpr int kGone = 410;
constexpr std::array kFinal{400, 401, 403, 404, 405, 422};  // asking again would not help
constexpr Duration kFirstPause = 200ms;
constexpr Duration kLongestPause = 3s;
constexpr std::size_t kMaxLine = 64U << 20U;

class Watcher {
 public:
  Watcher(ApiServer& server, const Resource& resource, const Selection& selection,
          const std::function<bool(const WatchEvent&)>& on_event, Duration patience, std::stop_token stop)
      : session_(server),
        resource_(resource),
        selection_(selection),
        on_event_(on_event),
        patience_(patience),
        stop_(std::move(stop)),
        last_contact_(server.clock().monotonic()) {}

  void run() {
    while (!is_over()) {
      try {
        if (version_.empty())
          relist();
        else
          follow();
      } catch (const Error& error) {
        if (is_over()) break;
        if (!may_try_again(error)) throw;
        session_.clock().sleep_for(pause_, stop_);
        pause_ = std::min(pause_ * 2, kLongestPause);
      }
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  bool is_over() const { return has_enough_ || stop_.stop_requested(); }

  bool may_try_again(const Error& error) {
    if (error.code() != ExitCode::unknown) return false;
    if (const auto* refused = dynamic_cast<const ApiError*>(&error)) {
      if (refused->status() == kGone) version_.clear();
      if (std::ranges::find(kFinal, refused->status()) != kFinal.end()) return false;
    }
    return session_.clock().monotonic() - last_contact_ < patience_;
  }

  void note_contact() {
    last_contact_ = session_.clock().monotonic();
    pause_ = kFirstPause;
  }

  void tell(std::string_view type, const Json& object) {
    if (is_over()) return;
    try {
      has_enough_ = !on_event_({.type = std::string(type), .object = object});
    } catch (const std::exception&) {
      // Kept for the end: on its way out it would be taken for a disconnect.
      thrown_ = std::current_exception();
      has_enough_ = true;
    }
  }

  static std::string key_of(const Json& object) {
    const Json& metadata = object["metadata"];
    return metadata["namespace"].string_or("") + "/" + metadata["name"].string_or("") + "/" +
           metadata["uid"].string_or("");
  }

  void remember(const Json& object) {
    Json metadata = Json::object();
    for (const char* key : {"name", "namespace", "uid"}) {
      if (const Json* value = object["metadata"].find(key)) metadata[key] = *value;
    }
    known_[key_of(object)] = Json::object({{"metadata", std::move(metadata)}});
  }

  void relist() {
    const Listing listing = list_pages(session_, resource_, selection_, /*in_all_namespaces=*/false, stop_);
    note_contact();
    std::map<std::string, Json> vanished = std::exchange(known_, {});
    for (const Json& item : listing.items) {
      remember(item);
      vanished.erase(key_of(item));
    }
    for (const auto& [key, object] : vanished) tell("DELETED", object);
    for (const Json& item : listing.items) tell("ADDED", item);
    tell("SYNCED", listing.metadata);
    version_ = listing.metadata["resourceVersion"].string();
  }

  Call watch_call(Duration window) const {
    const std::string selected = selection_query(selection_);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window).count();
    return {.verb = "watch",
            .resource = resource_,
            .query = fmt::format("watch=true&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}{}{}",
                                 percent_encode(version_), seconds, selected.empty() ? "" : "&", selected)};
  }

  /// One connection: until the server ends it, it breaks, or we know enough.
  void follow() {
    // Half of the patience is left for trying again when a connection died in silence; longer than half a minute would
    // only notice it later.
    const Duration window = std::clamp<Duration>(patience_ / 2, 1s, 30s);
    const Call call = watch_call(window);
    buffer_.clear();
    has_come_ = false;
    const HttpResponse answer = session_.stream(
        {.url = path_of(call, session_.cluster()), .headers = {{"Accept", "application/json"}}, .retry = true},
        [&](std::string_view piece) { return take(piece); }, window + window / 2, stop_);
    if (is_over()) return;
    if (!answer.is_success()) throw refusal(answer, call, session_.cluster());
    note_contact();
    // A server that ends every watch at once must not be asked in a tight loop.
    if (!has_come_) session_.clock().sleep_for(kFirstPause, stop_);
  }

  bool take(std::string_view piece) {
    has_come_ = true;
    buffer_ += piece;
    if (buffer_.size() > kMaxLine) throw Error(ExitCode::unknown, "a watch event is larger than 64 MiB");
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = buffer_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string_view line = trim(std::string_view(buffer_).substr(begin, end - begin));
      if (!line.empty() && !digest(parse_json(line, "watch event"))) return false;
    }
    buffer_.erase(0, begin);
    return true;
  }

  bool digest(const Json& event) {
    const std::string& type = event["type"].string();
    const Json& object = event["object"];
    note_contact();
    if (type == "ERROR") break_off(object);
    version_ = object["metadata"]["resourceVersion"].string();
    if (type == "BOOKMARK") return true;
    if (type == "DELETED") {
      known_.erase(key_of(object));
    } else {
      remember(object);
    }
    tell(type, object);
    return !is_over();
  }

  /// Whatever the server cannot go on with, a fresh list heals.
  [[noreturn]] void break_off(const Json& status) {
    version_.clear();
    throw ApiError(static_cast<int>(status["code"].integer_or(0)), status["reason"].string_or(""),
                   fmt::format("the watch of {} was broken off: {}", resource_.plural,
                               printable(status["message"].string_or(""), 300)),
                   "");
  }

  ApiServer& session_;
  const Resource& resource_;
  const Selection& selection_;
  const std::function<bool(const WatchEvent&)>& on_event_;
  Duration patience_;
  std::stop_token stop_;
  Duration last_contact_;
  Duration pause_ = kFirstPause;
  bool has_enough_ = false;
  bool has_come_ = false;     ///< anything, on this connection
  std::string version_ = {};  ///< where to go on; empty: list anew
  std::string buffer_ = {};
  std::exception_ptr thrown_ = nullptr;  ///< by on_event_
  std::map<std::string, Json> known_ = {};
};

}  // namespace

void Client::watch(const Resource& resource, const Selection& selection,
                   const std::function<bool(const WatchEvent&)>& on_event, Duration patience, std::stop_token stop) {
  Watcher(state_->server, resource, selection, on_event, patience, std::move(stop)).run();
}

}  // namespace baton::kube
