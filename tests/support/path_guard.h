// Another PATH for as long as a test wants it.
#pragma once

#include <cstdlib>
#include <string>

namespace baton::test {

/// PATH for the time of a test.
class PathGuard {
 public:
  explicit PathGuard(const std::string& path) : before_(std::getenv("PATH")) { ::setenv("PATH", path.c_str(), 1); }
  ~PathGuard() { ::setenv("PATH", before_.c_str(), 1); }
  PathGuard(const PathGuard&) = delete;
  PathGuard& operator=(const PathGuard&) = delete;

 private:
  std::string before_;
};

}  // namespace baton::test
