// What one scan shares: its rules and engine, what it found, what it read.
#pragma once

#include <string>

#include "tools/precheck/secrets/coverage.h"
#include "tools/precheck/secrets/scanner.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck::secrets {

/// In one thread.
struct Scan {
  explicit Scan(const std::string& app);
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  Secrets secrets;
  Coverage coverage = {};
  Rulebook book;
  Scanner scanner;
};

}  // namespace baton::precheck::secrets
