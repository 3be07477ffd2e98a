// A pod's life.
#include "tests/sandbox/pod.h"

#include <algorithm>
#include <stdexcept>

#include "tests/sandbox/json_tools.h"

namespace baton::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr Duration kCreation = 50ms;
constexpr Duration kTimeToCrash = 200ms;
constexpr Duration kFirstBackOff = 1s;  // real kubelets begin with ten
constexpr Duration kLongestBackOff = 16s;
constexpr Duration kSidecarLife = 1s;
constexpr int kThreads = 128;

const Json& first_container(const Json& pod) { return pod["spec"]["containers"].items().front(); }

std::string variable(const Json& pod, std::string_view name) {
  for (const auto& one : first_container(pod)["env"].items_or_none()) {
    if (one["name"] == Json(name)) return one["value"].string_or("");
  }
  return "";
}

/// Throws std::invalid_argument when it cannot be read.
std::optional<Fault> own_fault(const Json& pod) {
  const auto of_variable = variable(pod, "FAULT");
  const auto text = of_variable.empty() ? pod["metadata"]["annotations"]["sandbox/fault"].string_or("") : of_variable;
  return text.empty() ? std::nullopt : std::optional(parse_fault(text));
}

}  // namespace

int port_of(const Json& pod) {
  const auto& ports = first_container(pod)["ports"].items_or_none();
  return ports.empty() ? 8080 : static_cast<int>(ports.front()["containerPort"].integer());
}

Pod::Pod(const PodWorld& world) : world_(world), created_at_(world.clock.now()) {}

void Pod::advance(const Json& object) {
  if (is_terminating(object) && !terminated_at_) terminated_at_ = world_.clock.now();
  switch (state_) {
    case State::creating:
    case State::image_missing:
      create(object);
      return;
    case State::running:
      run(object);
      return;
    case State::backing_off:
      if (terminated_at_) {
        state_ = State::ended;
      } else if (world_.clock.now() >= next_start_) {
        ++restarts_;
        start(object);
      }
      return;
    case State::ended:
      return;
  }
}

void Pod::create(const Json& object) {
  if (terminated_at_) {
    state_ = State::ended;
    return;
  }
  if (world_.clock.now() - created_at_ < kCreation) return;
  const auto image = first_container(object)["image"].string();
  const auto found = world_.releases.version_of(image, world_.registry);
  if (!found) {
    state_ = State::image_missing;
    return;
  }
  image_id_ = world_.releases.pinned(image, *found);
  const auto named = variable(object, "APP_VERSION");
  version_ = named.empty() ? *found : named;
  start(object);
}

void Pod::start(const Json& object) {
  AppSettings settings{.version = version_,
                       .pod = name_of(object),
                       .start_delay = world_.timing.start_delay,
                       .work = world_.timing.work};
  std::string complaint;
  try {
    settings.own_fault = own_fault(object);
  } catch (const std::invalid_argument& error) {
    complaint = error.what();
  }
  app_ = std::make_shared<App>(std::move(settings), world_.releases, world_.clock);
  state_ = State::running;
  if (complaint.empty() && !listen(port_of(object)))
    complaint = "cannot listen on port " + std::to_string(port_of(object));
  if (!complaint.empty()) crash("FATAL " + complaint);
}

bool Pod::listen(int port) {
  const auto handler = [app = app_](const Question& question) { return app->answer(question); };
  // Another address of ours may still be in use by a connection that lingers: the next one is free.
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (address_.empty()) address_ = world_.network.new_pod_address();
    try {
      server_ = std::make_unique<HttpServer>(address_, port, handler, kThreads);
      app_->log("listening on " + address_ + ":" + std::to_string(port));
      return true;
    } catch (const std::runtime_error&) {
      address_.clear();
    }
  }
  return false;
}

void Pod::run(const Json& object) {
  if (terminated_at_) {
    wind_down(object);
  } else if (app_->wants_to_crash() && world_.clock.now() - app_->started_at() >= kTimeToCrash) {
    crash("FATAL cannot read the environment variable PAYMENT_URL");
  } else if (app_->fault().sidecar_crash && world_.clock.now() >= next_sidecar_end_) {
    ++sidecar_restarts_;
    next_sidecar_end_ = world_.clock.now() + kSidecarLife;
  }
}

void Pod::wind_down(const Json& object) {
  app_->terminate();
  const auto passed = world_.clock.now() - *terminated_at_;
  const auto grace = std::chrono::seconds(object["metadata"]["deletionGracePeriodSeconds"].integer_or(30));
  if (passed < std::min<Duration>(world_.timing.lame_duck, grace)) return;
  if (server_->connections() > 0 && passed < std::min<Duration>(world_.timing.drain_limit, grace)) return;
  ended_server_ = std::move(server_);
  state_ = State::ended;
}

void Pod::crash(const std::string& last_words) {
  app_->log(last_words);
  last_ending_ = {
      .exit_code = 1, .reason = "Error", .started_at = app_->started_at(), .finished_at = world_.clock.now()};
  previous_app_ = app_;
  ended_server_ = std::move(server_);
  next_start_ = world_.clock.now() + back_off();
  state_ = State::backing_off;
}

Duration Pod::back_off() const { return std::min(kFirstBackOff * (1 << std::min(restarts_, 10)), kLongestBackOff); }

}  // namespace baton::sandbox
