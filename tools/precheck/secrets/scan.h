// What one thread of a scan has: rules and engine, and what it read.
#pragma once

#include <stop_token>
#include <string>

#include "tools/precheck/secrets/coverage.h"
#include "tools/precheck/secrets/scanner.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck::secrets {

struct Scan {
  explicit Scan(Secrets& secrets, std::stop_token stop = {});
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  /// Throws Error{interrupted} once somebody asked for the end.
  void go_on() const;

  Coverage coverage = {};
  Rulebook book;
  Scanner scanner;
  std::stop_token stop;
};

}  // namespace baton::precheck::secrets
