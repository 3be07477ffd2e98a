// Our side of `make bench`: one verb a measurement, and the server that both sides ask. bench.py measures from outside.
#include <Poco/URI.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/clients/kube/client.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "common/judge/points_file.h"
#include "common/judge/session.h"
#include "tests/bench/fleet.h"
#include "tests/bench/proof.h"
#include "tests/support/http_server.h"

namespace baton {
namespace {

using test::Answer;
using test::HttpServer;
using test::Received;

constexpr std::size_t kBody = 2048;

/// "/api/v1/nodes?limit=500&continue=3" is answered with `folder`/nodes-3.json, anything else with 2 kB.
Answer answer_from(const std::string& folder, const std::string& target) {
  constexpr std::string_view kPrefix = "/api/v1/";
  constexpr std::string_view kMark = "continue=";
  if (!target.starts_with(kPrefix)) return {.body = std::string(kBody, 'x')};
  const std::string kind = target.substr(kPrefix.size(), target.find('?') - kPrefix.size());
  const std::size_t mark = target.find(kMark);
  const std::string page = mark == std::string::npos ? "0" : target.substr(mark + kMark.size());
  std::string name = folder;
  name.append("/").append(kind).append("-").append(page).append(".json");
  return {.headers = {{"Content-Type", "application/json"}}, .body = read_file(name)};
}

/// Until the standard input ends; then says how it was asked.
void serve(const std::string& folder) {
  const test::Authority authority;
  HttpServer server([&](const Received& received) { return answer_from(folder, received.target); },
                    {.identity = authority.issue()});
  write_file(folder + "/ca.pem", authority.certificate_pem());
  std::cout << server.url("localhost") << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << server.connections() << ' ' << server.handshakes() << ' ' << server.resumptions() << std::endl;
  }
}

void get(const std::string& url, int count, int threads) {
  SystemClock clock;
  HttpClient http({}, Environment::of_process(), clock);
  std::vector<std::jthread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      for (int i = t; i < count; i += threads) http.send({.url = url});
    });
  }
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// CPU seconds of the best of `times`, for reading and for writing.
void parse(const std::string& file, int times) {
  const std::string text = read_file(file);
  double reading = 1e9;
  double writing = 1e9;
  for (int i = 0; i < times; ++i) {
    const double begin = seconds();
    const Json document = parse_json(text, file);
    const double middle = seconds();
    const std::string written = to_text(document);
    writing = std::min(writing, seconds() - middle);
    reading = std::min(reading, middle - begin);
  }
  std::cout << reading << ' ' << writing << '\n';
}

kube::Client cluster(const std::string& url) {
  static SystemClock clock;
  return {{.server = url}, Environment::of_process(), clock};
}

void list(const std::string& url) {
  auto kube = cluster(url);
  const auto nodes = kube.list(kube::kNodes);
  const auto pods = kube.list_all(kube::kPods);
  std::cout << nodes.size() + pods.size() << '\n';
}

void visit(const std::string& url) {
  auto kube = cluster(url);
  std::size_t seen = 0;
  std::size_t before = 0;
  const kube::ListVisitor count{.begin = [&] { seen = before; }, .take = [&](const Json&) { ++seen; }};
  kube.visit(kube::kNodes, {}, count);
  before = seen;
  // Cluster-wide, as `list` above asks.
  constexpr kube::Resource kAllPods{"/api/v1", "pods", "Pod", false};
  kube.visit(kAllPods, {}, count);
  std::cout << seen << '\n';
}

/// A metrics store that knows of so many pods: ranges of counters and gauges by pod, of a histogram by edge.
class Store {
 public:
  explicit Store(int pods) : pods_(pods) {}

  std::string answer(const std::string& body) const {
    const auto fields = parse_form(body);
    const auto query = fields.at("query");
    std::string series;
    const bool is_of_times = query.starts_with("max by (pod) (timestamp(");
    if (is_of_times && query.find("< time()") != std::string::npos) {
      // Every sample is fresh.
    } else if (is_of_times || query.find("sum by (pod)") != std::string::npos) {
      for (int pod = 0; pod < pods_; ++pod)
        add(series, fmt::format(R"("pod":"{}")", pod_name(pod)), query, fields, kRequestsEach * (pod + 1));
    } else if (query.starts_with("(sum by (le)")) {
      for (std::size_t edge = 0; edge < kEdges.size(); ++edge)
        add(series, fmt::format(R"("le":"{}")", kEdges[edge]), query, fields,
            std::min(95.0, 19.0 * static_cast<double>(edge + 1)));
    } else if (query.find("__name__") != std::string::npos) {
      for (const auto* name : {"http_requests_total", "http_request_duration_seconds_bucket"})
        add(series, fmt::format(R"("__name__":"{}","status":"200")", name), query, fields, 1);
    } else {
      add(series, "", query, fields, 1);
    }
    const auto* kind = fields.contains("step") ? "matrix" : "vector";
    return fmt::format(R"({{"status":"success","data":{{"resultType":"{}","result":[{}]}}}})", kind, series);
  }

 private:
  static constexpr std::array kEdges = {"0.005", "0.01", "0.025", "0.05", "0.1", "0.25",
                                        "0.5",   "1",    "2.5",   "5",    "10",  "+Inf"};
  static constexpr double kRequestsEach = 100;  // a second, of the first pod: enough to judge two pods by in a minute
  using Fields = std::map<std::string, std::string>;

  static std::string pod_name(int pod) { return fmt::format("shop-green-7d9f8b6c5d-{:05}", pod); }
  static Fields parse_form(const std::string& body) {
    Fields fields;
    for (const auto& pair : split(body, '&')) {
      const auto equals = pair.find('=');
      std::string value;
      Poco::URI::decode(pair.substr(equals + 1), value, true);
      fields[pair.substr(0, equals)] = value;
    }
    return fields;
  }
  static double value_of(const std::string& query, double time, double scale) {
    if (query.starts_with("max by (pod) (timestamp(")) return time - 3;
    const bool counts = query.starts_with("sum by (pod) (http_requests_total");
    if (counts && query.find("5..") != std::string::npos) return 0;
    if (counts) return std::floor(scale * (time - 1.7e9));
    return 40 + std::fmod(time * scale, 7);
  }
  static void add(std::string& to, const std::string& labels, const std::string& query, const Fields& fields,
                  double scale) {
    if (!to.empty()) to += ',';
    to += "{\"metric\":{" + labels + "},";
    const auto sample = [&](double time) { return fmt::format("[{},\"{}\"]", time, value_of(query, time, scale)); };
    if (!fields.contains("step")) {
      to += "\"value\":" + sample(std::stod(fields.at("time"))) + "}";
      return;
    }
    to += "\"values\":[";
    const double step = std::stod(fields.at("step"));
    const double end = std::stod(fields.at("end"));
    bool is_first = true;
    for (double time = std::stod(fields.at("start")); time <= end; time += step, is_first = false)
      to += (is_first ? "" : ",") + sample(time);
    to += "]}";
  }

  int pods_;
};

/// Until the standard input ends; then says how many bytes it answered.
void keep_store(int pods) {
  const Store store(pods);
  std::atomic<std::size_t> bytes = 0;
  HttpServer server([&](const Received& received) {
    auto body = store.answer(received.body);
    bytes += body.size();
    return Answer{.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
  });
  std::cout << server.url() << std::endl;
  for (std::string line; std::getline(std::cin, line);) std::cout << bytes.exchange(0) << std::endl;
}

/// One look that judges so many hours at 15 s, as a tick does that comes after them; its points go into `file`, if any.
void tick(const std::string& url, int hours, const std::string& file) {
  SystemClock clock;
  prometheus::Client store({.url = url}, HttpClient({}, Environment::of_process(), clock));
  const Config config;
  const Time now = std::chrono::floor<std::chrono::minutes>(clock.now());
  const judge::Scope scope{.app = "shop",
                           .namespace_ = "production",
                           .colour = "green",
                           .version = "v1.6.0",
                           .deployment = "shop-green",
                           .pods = {"shop-green-7d9f8b6c5d-*"},
                           .deployments = {"shop-green"}};
  judge::Baseline baseline{.scraped_every = std::chrono::seconds(15)};
  baseline.metrics["error_rate"] = {.value = 0, .requests = 1e6};
  for (const auto* metric : {"latency_p95", "request_rate", "request_drop", "cpu", "memory"})
    baseline.metrics[metric] = {.value = 50};
  judge::Session session({.config = config, .baseline = baseline}, scope, now - std::chrono::hours(hours));
  std::optional<judge::PointsFile> points;
  if (!file.empty()) points.emplace(Inside{".", file});
  const judge::JudgedBy by{.since = now - std::chrono::hours(hours), .step = config.watch().step, .baseline = baseline};
  if (points) {
    session.record_to(
        [&](std::span<const judge::Point> judged) { points->add(judged, session.criteria(), by, session.seen()); });
  }
  const auto look = session.look(store, now);
  std::cout << session.seen().samples << ' ' << static_cast<int>(look.state) << ' ' << look.reason << '\n';
}

/// Runs a program, and writes its exit code, CPU seconds and megabytes into `file`. A program that begins counts what
/// its parent held as its own size: this parent is small.
void measure(const std::string& file, std::vector<std::string> program) {
  std::vector<char*> argv;
  for (auto& word : program) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, argv.at(0), nullptr, nullptr, argv.data(), environ) != 0)
    throw Error(ExitCode::error, "cannot start " + program.at(0));
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const auto seconds_in = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  write_file(file, fmt::format("{} {} {}", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                               seconds_in(usage.ru_utime) + seconds_in(usage.ru_stime),
                               static_cast<double>(usage.ru_maxrss) / 1024));
}

int run(const std::vector<std::string>& words) {
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "serve") {
    serve(words.at(1));
  } else if (verb == "get") {
    get(words.at(1), std::stoi(words.at(2)), std::stoi(words.at(3)));
  } else if (verb == "parse") {
    parse(words.at(1), std::stoi(words.at(2)));
  } else if (verb == "list") {
    list(words.at(1));
  } else if (verb == "visit") {
    visit(words.at(1));
  } else if (verb == "store") {
    keep_store(std::stoi(words.at(1)));
  } else if (verb == "fleet") {
    keep_fleet(std::stoi(words.at(1)));
  } else if (verb == "front") {
    keep_front(words.at(1), words.at(2));
  } else if (verb == "prove") {
    prove(words.at(1));
  } else if (verb == "measure") {
    measure(words.at(1), {words.begin() + 2, words.end()});
  } else if (verb == "tick") {
    tick(words.at(1), std::stoi(words.at(2)), words.size() > 3 ? words[3] : "");
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace baton

int main(int argc, char** argv) {
  try {
    return baton::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
