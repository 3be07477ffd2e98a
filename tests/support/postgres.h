// A real PostgreSQL cluster on a free loopback port, run by an unprivileged user; fast instead of durable.
#pragma once

#include <memory>
#include <string>

#include "common/io/files.h"
#include "tests/support/background.h"

namespace baton::test {

class PostgresServer {
 public:
  /// Needs Debian's postgresql package (server programs under /usr/lib/postgresql).
  PostgresServer();
  /// A hot standby of a server that outlives it: all its databases, to read.
  struct StandbyOf {
    const PostgresServer& primary;
  };
  explicit PostgresServer(StandbyOf standby);
  /// Open connections do not hold it up.
  ~PostgresServer();

  /// The one of this test process, started when first asked for.
  static PostgresServer& shared();

  /// A new, empty database of its own; the URL has a user and a password with characters that must be escaped in it.
  std::string new_database();
  std::string url(const std::string& name) const;
  int port() const { return port_; }

  static constexpr const char* kUser = "baton";
  static constexpr const char* kPassword = "s3:cr@t/ 'p%";

 private:
  void start();

  TempFolder folder_;
  int port_;
  int databases_ = 0;
  std::unique_ptr<Background> server_;
};

/// Rows as psql prints them unaligned: columns by '|', rows by '\n'.
std::string ask(const std::string& url, const std::string& sql);

}  // namespace baton::test
