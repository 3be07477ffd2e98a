// The proof as switch makes it, without the release around it.
#include "tests/bench/proof.h"

#include <iostream>
#include <stdexcept>

#include "common/config/sections/switch.h"
#include "common/io/files.h"
#include "common/rollout/dataplane.h"
#include "tests/support/http_server.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

constexpr auto kRoundTrip = 50ms;
constexpr int kBackends = 1000;
constexpr const char* kHeader = "X-App-Version";
constexpr const char* kVersion = "v1.6.0";

}  // namespace

void keep_front(const std::string& scheme, const std::string& folder) {
  const bool is_tls = scheme == "https";
  const test::Authority authority;
  write_file(folder + "/front.pem", authority.certificate_pem());
  // Whoever asks again has to connect again.
  const test::Answer answer{.headers = {{kHeader, kVersion}, {"Connection", "close"}},
                            .body = "ok",
                            .delay = kRoundTrip * (is_tls ? 3 : 2),
                            .is_last = true};
  test::HttpServer server([&](const test::Received&) { return answer; },
                          {.identity = is_tls ? authority.issue() : test::Identity{}});
  std::cout << server.url(is_tls ? "localhost" : "") << std::endl;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << server.connections() << ' ' << server.handshakes() << ' ' << server.resumptions() << std::endl;
}

void prove(const std::string& url) {
  SystemClock clock;
  Config config;
  config.rollout().identify = {.header = kHeader};
  kube::Client kube({.server = "http://127.0.0.1:9"}, Environment(), clock);
  HttpClient http({}, Environment::of_process(), clock);
  rollout::Context context{
      .kube = kube, .config = config, .clock = clock, .http = http, .stop = {}, .app = "shop", .id = "id-1", .say = {}};
  const auto proof = rollout::prove_data_plane(
      context, {.kind = rollout::Vantage::Kind::public_urls, .urls = {url}},
      {.expected = kVersion, .other = "v1.5.0", .backends = kBackends, .from = clock.monotonic()});
  if (!proof.proved) throw std::runtime_error(proof.message);
  std::cout << std::chrono::duration<double>(*proof.proved).count() << ' ' << proof.answers << '\n';
}

}  // namespace baton
