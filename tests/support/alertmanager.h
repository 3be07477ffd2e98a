// A real Alertmanager on a free loopback port.
#pragma once

#include <memory>
#include <string>

#include "common/core/json.h"
#include "common/io/files.h"
#include "tests/support/background.h"

namespace baton::test {

class AlertmanagerServer {
 public:
  /// Needs Debian's prometheus-alertmanager package. Tells nobody.
  AlertmanagerServer();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// An alert with these labels fires from now on.
  void fire(const Json& labels);
  /// Silences what has this label for an hour.
  void silence(const std::string& label, const std::string& value);

 private:
  void post(const std::string& path, const Json& body) const;

  TempFolder folder_;
  int port_;
  std::unique_ptr<Background> server_;
};

}  // namespace baton::test
