// One pod as the kubelet runs it: its process, its restarts, its end.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tests/sandbox/app.h"
#include "tests/sandbox/network.h"

namespace baton::sandbox {

struct Timing {
  Duration start_delay{300};   ///< from the start of a container until it is ready
  Duration work{40};           ///< of a user's request, on average
  Duration lame_duck{1000};    ///< a terminating app serves at least that long: fronts learn late that it goes
  Duration drain_limit{8000};  ///< and at most that long for connections that nobody uses
};

/// What pods need of the sandbox; outlives them.
struct PodWorld {
  Network& network;
  const Releases& releases;
  const Clock& clock;
  std::string registry;  ///< "127.0.0.1:5000"
  Timing timing;
};

struct Ending {
  int exit_code = 0;
  std::string reason;
  Time started_at;
  Time finished_at;
};

/// Not safe to use from several threads; its app is.
class Pod {
 public:
  enum class State { creating, image_missing, running, backing_off, ended };

  explicit Pod(const PodWorld& world);
  /// Moves on as far as time allows. A pod that is terminating comes to State::ended by itself.
  void advance(const Json& object);

  State state() const { return state_; }
  bool is_ready() const { return state_ == State::running && app_->is_ready(); }
  int restarts() const { return restarts_; }
  int sidecar_restarts() const { return sidecar_restarts_; }  ///< of each container but the first
  const std::string& address() const { return address_; }
  const std::string& version() const { return version_; }
  const std::string& image_id() const { return image_id_; }  ///< pinned; empty before it was pulled
  Time created_at() const { return created_at_; }
  Duration back_off() const;
  const std::shared_ptr<App>& app() const { return app_; }
  const std::shared_ptr<App>& previous_app() const { return previous_app_; }
  const std::optional<Ending>& last_ending() const { return last_ending_; }
  /// The server of the process that ended, for somebody who has the time to wait until its threads are gone.
  std::unique_ptr<HttpServer> take_ended_server() { return std::move(ended_server_); }
  /// Likewise of the process that runs: its machine is switched off.
  std::unique_ptr<HttpServer> take_server() { return std::move(server_); }

 private:
  void create(const Json& object);
  void start(const Json& object);
  bool listen(int port);
  void run(const Json& object);
  void wind_down(const Json& object);
  void crash(const std::string& last_words);

  const PodWorld& world_;
  Time created_at_;
  State state_ = State::creating;
  std::string address_;
  std::string version_;
  std::string image_id_;
  int restarts_ = 0;
  int sidecar_restarts_ = 0;
  Time next_sidecar_end_{};
  Time next_start_{};
  std::optional<Time> terminated_at_;
  std::optional<Ending> last_ending_;
  std::shared_ptr<App> app_;
  std::shared_ptr<App> previous_app_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpServer> ended_server_;
};

/// The port its first container names, or 8080.
int port_of(const Json& pod);

}  // namespace baton::sandbox
