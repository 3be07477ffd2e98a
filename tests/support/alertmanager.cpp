// Starts prometheus-alertmanager alone, and speaks its API v2.
#include "tests/support/alertmanager.h"

#include <stdexcept>

#include "common/core/error.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::test {
namespace {

HttpResponse send(const HttpRequest& request) {
  SystemClock clock;
  return HttpClient({}, Environment{}, clock).send(request);
}

void wait_until_ready(const std::string& url) {
  SystemClock clock;
  for (int left = 400; left > 0; --left) {
    try {
      if (send({.url = url + "/-/ready"}).is_success()) return;
    } catch (const Error&) {
      // not listening yet
    }
    clock.sleep_for(std::chrono::milliseconds(50), {});
  }
  throw std::runtime_error("alertmanager did not become ready");
}

}  // namespace

AlertmanagerServer::AlertmanagerServer() : port_(free_port()) {
  const auto& folder = folder_.path();
  write_file(folder / "alertmanager.yml", "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
  server_ = std::make_unique<Background>(
      std::vector<std::string>{"prometheus-alertmanager", "--config.file=" + (folder / "alertmanager.yml").string(),
                               "--storage.path=" + (folder / "data").string(),
                               "--cluster.listen-address=", "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
      folder / "log");
  wait_until_ready(url());
}

void AlertmanagerServer::post(const std::string& path, const Json& body) const {
  const auto answer = send({.method = "POST",
                            .url = url() + path,
                            .headers = {{"Content-Type", "application/json"}},
                            .body = to_text(body)});
  if (!answer.is_success()) throw std::runtime_error("alertmanager: " + answer.body);
}

void AlertmanagerServer::fire(const Json& labels) {
  post("/api/v2/alerts", Json::array({Json::object(
                             {{"labels", labels}, {"annotations", Json::object({{"summary", "made for a test"}})}})}));
}

void AlertmanagerServer::silence(const std::string& label, const std::string& value) {
  SystemClock clock;
  post("/api/v2/silences",
       Json::object({{"matchers", Json::array({Json::object({{"name", label}, {"value", value}, {"isRegex", false}})})},
                     {"startsAt", to_rfc3339(clock.now() - std::chrono::seconds(1))},
                     {"endsAt", to_rfc3339(clock.now() + std::chrono::hours(1))},
                     {"createdBy", "test"},
                     {"comment", "test"}}));
}

}  // namespace baton::test
