// Answers of the application.
#include "tests/sandbox/app.h"

#include <time.h>

#include <cmath>

namespace baton::sandbox {
namespace {

constexpr std::size_t kMaxLines = 2000;
constexpr std::string_view kVersionHeader = "X-App-Version";

std::int64_t cpu_of_thread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

Json users() {
  return Json::array({Json::object({{"id", 1}, {"name", "ada"}}), Json::object({{"id", 2}, {"name", "grace"}})});
}

/// Evenly spread instead of by chance, so that a share is met already in small numbers.
bool is_hit_by(double share, std::uint64_t number) {
  const auto before = static_cast<double>(number);
  return std::floor((before + 1) * share) > std::floor(before * share);
}

}  // namespace

App::App(AppSettings settings, const Releases& releases, const Clock& clock)
    : settings_(std::move(settings)),
      releases_(releases),
      clock_(clock),
      started_at_(clock.now()),
      forced_until_(started_at_) {
  log("starting version " + settings_.version);
}

Answer App::answer(const Question& question) {
  const auto cpu = cpu_of_thread();
  const auto begin = std::chrono::steady_clock::now();
  auto answer = question.path == "/metrics" ? Answer{.type = "text/plain; version=0.0.4", .body = traffic_.exposition()}
                                            : respond(question);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  if (question.path != "/metrics") traffic_.count(question.method, answer.status, took);
  answer.headers.emplace_back(kVersionHeader, settings_.version);
  answer.close = is_terminating_;
  cpu_nanoseconds_ += cpu_of_thread() - cpu;
  return answer;
}

Answer App::respond(const Question& question) {
  const auto& path = question.path;
  if (path == "/health") {
    const bool is_well = is_ready();
    return {.status = is_well ? 200 : 503,
            .body = to_text(Json::object({{"status", is_well ? "ok" : "starting"}, {"version", settings_.version}}))};
  }
  if (path == "/version") return {.body = to_text(Json::object({{"version", settings_.version}}))};
  if (path == "/api/health/db") return {.body = to_text(Json::object({{"status", "ok"}}))};
  return respond_to_user(question);
}

Answer App::respond_to_user(const Question& question) {
  const auto wrong = fault();
  const auto number = users_++;
  work(number, wrong.latency);
  if (is_hit_by(wrong.errors, number)) {
    log("ERROR " + question.method + " " + question.path + " 500: cannot read property 'id' of undefined");
    return {.status = 500, .body = to_text(Json::object({{"error", "internal"}}))};
  }
  if (question.path == "/" || question.path == "/api/users") return {.body = to_text(users())};
  return {.status = 404, .body = to_text(Json::object({{"error", "not found"}}))};
}

/// Half of the average to one and a half of it, in turn: percentiles stay where they are from minute to minute.
void App::work(std::uint64_t number, Duration latency) {
  const auto own = settings_.work / 2 + settings_.work * static_cast<std::int64_t>(number % 9) / 8;
  std::unique_lock lock(mutex_);
  ending_.wait_for(lock, own + latency, [&] { return is_terminating_ && latency > Duration(0); });
}

bool App::is_ready() const {
  const auto wrong = fault();
  return !wrong.never_ready && clock_.now() - started_at_ >= settings_.start_delay + wrong.slow_start;
}

bool App::wants_to_crash() const { return fault().crash_loop; }

Fault App::fault() const {
  auto since = started_at_;
  Fault wrong;
  if (settings_.own_fault) {
    wrong = *settings_.own_fault;
  } else if (const auto release = releases_.find(settings_.version)) {
    wrong = release->fault;
    since = std::max(since, release->since);
  }
  const bool is_hit = !wrong.one_pod || releases_.is_first(settings_.version, settings_.pod);
  const bool is_over = wrong.until > Duration(0) && clock_.now() - started_at_ >= wrong.until;
  if (is_hit && !is_over && clock_.now() - since >= wrong.after) return wrong;
  return {.slow_start = wrong.slow_start};
}

void App::terminate() {
  if (is_terminating_.exchange(true)) return;
  log("SIGTERM: closing connections");
  const std::scoped_lock lock(mutex_);
  ending_.notify_all();
}

void App::log(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  lines_.push_back({.at = clock_.now(), .text = text});
  if (lines_.size() > kMaxLines) lines_.pop_front();
}

std::vector<LogLine> App::log_lines() const {
  const std::scoped_lock lock(mutex_);
  return {lines_.begin(), lines_.end()};
}

double App::cpu_seconds(double limit) {
  const auto share = fault().cpu / 100;
  const auto now = clock_.now();
  const std::scoped_lock lock(mutex_);
  forced_cpu_seconds_ += std::chrono::duration<double>(now - forced_until_).count() * share * limit;
  forced_until_ = now;
  return static_cast<double>(cpu_nanoseconds_) / 1e9 + forced_cpu_seconds_;
}

}  // namespace baton::sandbox
