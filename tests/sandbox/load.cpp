// The load's workers.
#include "tests/sandbox/load.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "common/io/clock.h"
#include "common/io/http/client.h"

namespace baton::sandbox {
namespace {

namespace net = Poco::Net;
using namespace std::chrono_literals;

constexpr int kTimeout = 5;
constexpr std::string_view kVersionHeader = "X-App-Version";
constexpr int kServerError = 500;
// Users with a kept connection come and go too: some of them arrive while a bad release is live.
constexpr int kRequestsPerConnection = 50;

struct Outcome {
  int status = 0;  ///< 0: no answer
  std::string version = {};
  std::string failure = {};
  Time at;
};

class Tally {
 public:
  void add(const Outcome& outcome, bool is_kept) {
    const std::scoped_lock lock(mutex_);
    ++counts_.total;
    if (outcome.status == 0) {
      ++counts_.failed;
      if (counts_.first_failure.empty()) counts_.first_failure = to_rfc3339(outcome.at) + " " + outcome.failure;
      return;
    }
    if (outcome.status >= kServerError) {
      ++counts_.server_errors;
      ++counts_.errors_by_version[outcome.version];
    }
    auto& seen = (is_kept ? counts_.kept : counts_.fresh)[outcome.version];
    if (seen.answers++ == 0) seen.first = outcome.at;
    seen.last = std::max(seen.last, outcome.at);
  }

  LoadCounts counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;
  LoadCounts counts_;
};

class Worker {
 public:
  Worker(const Url& url, bool is_kept, const Clock& clock) : url_(url), is_kept_(is_kept), clock_(clock) {}

  Outcome ask() {
    try {
      if (!session_ || !is_kept_ || left_ == 0) connect();
      --left_;
      net::HTTPRequest request("GET", url_.path_and_query, net::HTTPMessage::HTTP_1_1);
      request.setKeepAlive(is_kept_);
      session_->sendRequest(request);
      net::HTTPResponse response;
      Poco::NullOutputStream nowhere;
      Poco::StreamCopier::copyStream(session_->receiveResponse(response), nowhere);
      const Outcome outcome{.status = response.getStatus(),
                            .version = response.get(std::string(kVersionHeader), "unknown"),
                            .at = clock_.now()};
      if (!response.getKeepAlive()) session_.reset();
      return outcome;
    } catch (const Poco::Exception& error) {
      session_.reset();
      return {.failure = error.displayText(), .at = clock_.now()};
    }
  }

 private:
  void connect() {
    left_ = kRequestsPerConnection;
    session_ = std::make_unique<net::HTTPClientSession>(url_.host, static_cast<Poco::UInt16>(url_.port));
    session_->setTimeout(Poco::Timespan(kTimeout, 0));
    session_->setKeepAlive(is_kept_);
    session_->setKeepAliveTimeout(Poco::Timespan(kTimeout * 10, 0));
  }

  const Url& url_;
  bool is_kept_;
  int left_ = 0;  ///< requests until the connection is given up for a new one
  const Clock& clock_;
  std::unique_ptr<net::HTTPClientSession> session_;
};

void require_bounds(const LoadRequest& request) {
  const bool is_bounded = request.rps > 0 && request.rps <= 2000 && request.lasting > Duration(0) &&
                          request.lasting <= 10min && request.workers > 1 && request.workers <= 64;
  if (!is_bounded) throw std::invalid_argument("a load has 1 to 2000 requests a second, 2 to 64 workers, at most 10m");
}

Json to_json(const std::map<std::string, Sighting>& sightings) {
  auto object = Json::object();
  for (const auto& [version, seen] : sightings) {
    object[version] =
        Json::object({{"answers", seen.answers}, {"first", to_rfc3339(seen.first)}, {"last", to_rfc3339(seen.last)}});
  }
  return object;
}

std::string lines_for(std::string_view kind, const std::map<std::string, Sighting>& sightings) {
  std::string lines;
  for (const auto& [version, seen] : sightings) {
    lines += fmt::format("  {} {}: {} answers, {} to {}\n", kind, version, seen.answers, to_rfc3339(seen.first),
                         to_rfc3339(seen.last));
  }
  return lines;
}

}  // namespace

LoadCounts run_load(const LoadRequest& request, std::stop_token stop) {
  require_bounds(request);
  const auto url = parse_url(request.url);
  if (url.scheme != "http") throw std::invalid_argument("the load speaks plain http only: " + request.url);
  SystemClock clock;
  Tally tally;
  const auto begin = clock.monotonic();
  const auto pause = std::chrono::duration<double>(static_cast<double>(request.workers) / request.rps);
  std::vector<std::jthread> workers;
  for (int i = 0; i < request.workers; ++i) {
    workers.emplace_back([&, i] {
      const bool is_kept = i % 2 == 0;
      Worker worker(url, is_kept, clock);
      for (int round = 0;; ++round) {
        // Due times are fixed beforehand: a slow answer must not thin the load out.
        const auto share = static_cast<double>(i) / request.workers;
        const auto due = std::chrono::duration_cast<Duration>((round + share) * pause);
        if (due >= request.lasting) return;
        const auto left = begin + due - clock.monotonic();
        if (left > Duration(0) && !clock.sleep_for(left, stop)) return;
        if (stop.stop_requested()) return;
        tally.add(worker.ask(), is_kept);
      }
    });
  }
  workers.clear();
  return tally.counts();
}

Json to_json(const LoadCounts& counts) {
  auto errors = Json::object();
  for (const auto& [version, count] : counts.errors_by_version) errors[version] = count;
  return Json::object({{"total", counts.total},
                       {"failed", counts.failed},
                       {"server_errors", counts.server_errors},
                       {"errors_by_version", std::move(errors)},
                       {"fresh", to_json(counts.fresh)},
                       {"kept", to_json(counts.kept)},
                       {"first_failure", counts.first_failure}});
}

std::string summary(const LoadCounts& counts) {
  return fmt::format("{} requests, {} failed, {} answered with 5xx\n", counts.total, counts.failed,
                     counts.server_errors) +
         lines_for("fresh", counts.fresh) + lines_for("kept ", counts.kept);
}

}  // namespace baton::sandbox
