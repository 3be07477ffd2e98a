// Backfills a Prometheus and starts it.
#include "tests/support/prometheus.h"

#include <stdexcept>

#include "common/core/error.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/http/client.h"
#include "common/io/process.h"

namespace baton::test {
namespace {

void wait_until_ready(const std::string& url) {
  SystemClock clock;
  HttpClient http({}, Environment{}, clock);
  for (int left = 200; left > 0; --left) {
    try {
      if (http.send({.url = url + "/-/ready"}).is_success()) return;
    } catch (const Error&) {
      // not listening yet
    }
    clock.sleep_for(std::chrono::milliseconds(50), {});
  }
  throw std::runtime_error("prometheus did not become ready");
}

}  // namespace

PrometheusServer::PrometheusServer(const std::string& openmetrics) : port_(free_port()) {
  const auto& folder = folder_.path();
  write_file(folder / "past.txt", openmetrics + "# EOF\n");
  const auto filled = run_process(
      {.argv = {"promtool", "tsdb", "create-blocks-from", "openmetrics", folder / "past.txt", folder / "data"}});
  if (filled.exit_code != 0) throw std::runtime_error("promtool: " + filled.error + filled.output);
  start("{}\n");
}

PrometheusServer::PrometheusServer(const std::string& authority, const std::string& path) : port_(free_port()) {
  start("{global: {scrape_interval: 1s, scrape_timeout: 900ms}, scrape_configs: [{job_name: test, metrics_path: " +
        path + ", honor_labels: true, static_configs: [{targets: ['" + authority + "']}]}]}\n");
}

PrometheusServer::PrometheusServer(const Rules& rules) : port_(free_port()) {
  write_file(folder_.path() / "rules.yml", rules.yaml);
  start("{global: {evaluation_interval: 1s}, rule_files: [rules.yml]}\n");
}

void PrometheusServer::start(const std::string& configuration) {
  const auto& folder = folder_.path();
  write_file(folder / "prometheus.yml", configuration);
  server_ = std::make_unique<Background>(
      std::vector<std::string>{"prometheus", "--config.file=" + (folder / "prometheus.yml").string(),
                               "--storage.tsdb.path=" + (folder / "data").string(),
                               "--storage.tsdb.retention.time=100d",
                               "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
      folder / "log");
  wait_until_ready(url());
}

}  // namespace baton::test
