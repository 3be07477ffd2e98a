// The fleet: answers of the playground, with its pods multiplied.
#include "tests/bench/fleet.h"

#include <Poco/URI.h>
#include <fmt/format.h>

#include <atomic>
#include <iostream>
#include <map>
#include <regex>

#include "common/clients/kube/kubeconfig.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "common/io/http/client.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"

namespace baton {
namespace {

constexpr std::size_t kAddresses = 100;  // of an EndpointSlice, as its controller fills it

/// What a real pod has and a playground's lacks: eight kilobytes of it.
Json with_real_size(Json pod) {
  auto fields = Json::object();
  for (int at = 0; at < 90; ++at) fields[fmt::format("f:field-{}", at)] = Json::object({{"f:value", Json::object()}});
  pod["metadata"]["managedFields"] =
      Json::array({Json::object({{"manager", "kubelet"}, {"operation", "Update"}, {"fieldsV1", fields}})});
  auto variables = Json::array();
  for (int at = 0; at < 40; ++at)
    variables.push_back(Json::object({{"name", fmt::format("VARIABLE_{}", at)}, {"value", std::string(40, 'x')}}));
  pod["spec"]["containers"].items().front()["env"] = variables;
  pod["spec"]["volumes"] = Json::array({Json::object({{"name", "kube-api-access"}, {"projected", Json::object()}})});
  return pod;
}

std::string copy_of(const std::string& name, int number) { return fmt::format("{}.{}", name, number); }

class Fleet {
 public:
  explicit Fleet(int times) : times_(times), http_({}, Environment::of_process(), clock_) {
    for (const auto* version : {"v1.6.0", "v1.7.0"}) playground_.set_fault(version);
    const auto own = playground_.api_url();
    const auto text = read_file(playground_.kubeconfig());
    write_file(folder() / "own", text);
    write_file(folder() / "kubeconfig", replace_all(text, own, server_.url()));
  }

  void keep() {
    std::cout << server_.url() << ' ' << folder().string() << ' ' << playground_.image() << std::endl;
    for (std::string line; std::getline(std::cin, line);) std::cout << asked_.exchange(0) << std::endl;
  }

 private:
  const fs::path& folder() const { return folder_.path(); }

  test::Answer answer(const test::Received& received) {
    ++asked_;
    const auto question = received.target.find('?');
    const auto path = received.target.substr(0, question);
    const auto query = question == std::string::npos ? "" : received.target.substr(question + 1);
    if (received.method == "GET" && path.ends_with("/pods")) return page(received, path, query);
    auto passed = received;
    passed.target = std::regex_replace(received.target, std::regex("(/pods/[^/?.]+)\\.[0-9]+"), "$1");
    const bool is_sized =
        path.find("/deployments") != std::string::npos || path.find("/replicasets") != std::string::npos;
    if (is_sized && !received.body.empty()) passed.body = shrunk(received.body);
    auto got = ask(passed);
    if (got.status != 200 && got.status != 201) return got;
    if (is_sized && received.method != "DELETE") return sized(got);
    if (received.method == "GET" && path.ends_with("/endpointslices")) return sliced(got);
    return got;
  }

  /// What is written of a Deployment, or patched: as many pods of it as the playground has for them.
  std::string shrunk(const std::string& body) const {
    auto document = parse_json(body, "request");
    if (document.is_array()) {
      for (auto& operation : document.items()) {
        if (std::as_const(operation)["path"] == Json("/spec/replicas"))
          operation["value"] = std::as_const(operation)["value"].integer() / times_;
      }
    } else if (const auto* replicas = std::as_const(document)["spec"].find("replicas"); replicas != nullptr) {
      document["spec"]["replicas"] = replicas->integer() / times_;
    }
    return to_text(document);
  }

  test::Answer ask(const test::Received& received) {
    HttpRequest request{
        .method = received.method, .url = playground_.api_url() + received.target, .body = received.body};
    for (const auto& name : {"Authorization", "Content-Type", "Accept"}) {
      if (const auto value = received.header(name); !value.empty()) request.headers.emplace_back(name, value);
    }
    const auto got = http_.send(request);
    return {.status = got.status, .headers = {{"Content-Type", "application/json"}}, .body = got.body};
  }

  /// "limit=500&continue=1500&labelSelector=…": the playground's own list is one page.
  test::Answer page(const test::Received& received, const std::string& path, const std::string& query) {
    std::size_t limit = std::string::npos, from = 0;
    std::string rest;
    for (const auto& pair : split(query, '&')) {
      if (pair.starts_with("limit=")) {
        limit = std::stoul(pair.substr(6));
      } else if (pair.starts_with("continue=")) {
        from = std::stoul(pair.substr(9));
      } else {
        rest += (rest.empty() ? "?" : "&") + pair;
      }
    }
    auto whole = received;
    whole.target = path + rest;
    auto got = ask(whole);
    if (got.status != 200) return got;
    auto list = parse_json(got.body, "pods");
    const auto pods = list["items"].items();
    const auto all = pods.size() * static_cast<std::size_t>(times_);
    auto items = Json::array();
    const auto until = std::min(all, limit == std::string::npos ? all : from + limit);
    for (auto at = from; at < until; ++at)
      items.push_back(copied(pods[at / static_cast<std::size_t>(times_)], static_cast<int>(at) % times_));
    list["items"] = items;
    if (until < all) list["metadata"]["continue"] = std::to_string(until);
    got.body = to_text(list);
    return got;
  }

  static Json copied(const Json& pod, int number) {
    auto copy = with_real_size(pod);
    for (const auto* name : {"name", "uid"}) copy["metadata"][name] = copy_of(pod["metadata"][name].string(), number);
    return copy;
  }

  test::Answer sized(test::Answer got) const {
    auto document = parse_json(got.body, "deployments");
    if (document.find("items") != nullptr) {
      for (auto& item : document["items"].items()) multiply(item);
    } else {
      multiply(document);
    }
    got.body = to_text(document);
    return got;
  }

  void multiply(Json& object) const {
    for (const auto* part : {"spec", "status"}) {
      for (const auto* name : {"replicas", "readyReplicas", "availableReplicas", "updatedReplicas"}) {
        if (const auto* found = std::as_const(object)[part].find(name); found != nullptr)
          object[part][name] = found->integer() * times_;
      }
    }
  }

  test::Answer sliced(test::Answer got) const {
    auto list = parse_json(got.body, "endpointslices");
    auto slices = Json::array();
    for (const auto& slice : list["items"].items()) {
      auto endpoints = Json::array();
      int number = 0;
      const auto add = [&] {
        auto one = slice;
        one["metadata"]["name"] = copy_of(slice["metadata"]["name"].string(), number++);
        one["endpoints"] = endpoints;
        slices.push_back(one);
        endpoints = Json::array();
      };
      for (const auto& endpoint : slice["endpoints"].items_or_none()) {
        for (int at = 0; at < times_; ++at) {
          auto copy = endpoint;
          for (const auto* name : {"name", "uid"})
            copy["targetRef"][name] = copy_of(endpoint["targetRef"][name].string(), at);
          endpoints.push_back(copy);
          if (endpoints.size() == kAddresses) add();
        }
      }
      if (endpoints.size() > 0) add();
    }
    list["items"] = slices;
    got.body = to_text(list);
    return got;
  }

  int times_;
  SystemClock clock_;
  HttpClient http_;
  test::Playground playground_;
  TempFolder folder_;
  std::atomic<int> asked_ = 0;
  test::HttpServer server_{[this](const test::Received& received) { return answer(received); }};
};

}  // namespace

void keep_fleet(int times) { Fleet(times).keep(); }

}  // namespace baton
