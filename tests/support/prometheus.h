// A real Prometheus over series that a test wrote down.
#pragma once

#include <memory>
#include <string>

#include "common/io/files.h"
#include "tests/support/background.h"

namespace baton::test {

class PrometheusServer {
 public:
  /// `openmetrics` holds the past: samples with their own timestamps, in seconds. Needs Debian's prometheus package.
  explicit PrometheusServer(const std::string& openmetrics);
  /// Scrapes one target every second, which tells of many instances: "127.0.0.1:34567", "/metrics".
  PrometheusServer(const std::string& authority, const std::string& path);
  /// Over no series; evaluates a file of rules every second.
  struct Rules {
    std::string yaml;
  };
  explicit PrometheusServer(const Rules& rules);
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void start(const std::string& configuration);

  TempFolder folder_;
  int port_;
  std::unique_ptr<Background> server_;
};

}  // namespace baton::test
