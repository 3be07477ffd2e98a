// Our side of `make bench`: one verb a measurement, and the server that both sides ask. bench.py measures from outside.
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "common/clients/kube/client.h"
#include "common/core/error.h"
#include "common/io/files.h"
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
