// Makes the cluster once per machine and copies it for each test process.
#include "tests/support/postgres.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "common/clients/database/database.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/process.h"

namespace baton::test {
namespace {

constexpr unsigned kNobody = 65534;  // the programs refuse to run as root

std::vector<std::string> as_unprivileged(std::vector<std::string> argv) {
  if (::geteuid() != 0) return argv;
  argv.insert(argv.begin(), {"setpriv", "--reuid=" + std::to_string(kNobody), "--regid=" + std::to_string(kNobody),
                             "--clear-groups"});
  return argv;
}

void give_away(const fs::path& path) {
  if (::geteuid() == 0 && ::lchown(path.c_str(), kNobody, kNobody) != 0) throw std::runtime_error("cannot chown");
}

void give_away_all(const fs::path& folder) {
  give_away(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) give_away(entry.path());
}

fs::path programs() {
  std::vector<fs::path> found;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", missing)) {
    if (fs::exists(entry.path() / "bin/initdb")) found.push_back(entry.path() / "bin");
  }
  if (found.empty()) throw std::runtime_error("no PostgreSQL server is installed (package postgresql)");
  return *std::max_element(found.begin(), found.end());
}

void make_cluster(const fs::path& folder) {
  write_file(folder / "password", PostgresServer::kPassword);
  give_away(folder);
  give_away(folder / "password");
  const auto result = run_process(
      {.argv = as_unprivileged({(programs() / "initdb").string(), "--pgdata=" + (folder / "cluster").string(),
                                "--no-sync", "--wal-segsize=1", "--no-instructions", "--no-locale", "--encoding=UTF8",
                                "--auth=scram-sha-256", std::string("--username=") + PostgresServer::kUser,
                                "--pwfile=" + (folder / "password").string()})});
  if (result.exit_code != 0) throw std::runtime_error("initdb: " + result.output + result.error);
}

/// initdb takes a second, a copy a fifth of it: one is kept per server version and user.
fs::path template_cluster() {
  const fs::path kept = fs::path(home_folder(Environment::of_process())) / ".cache/baton" /
                        ("test-cluster-small-" + programs().parent_path().filename().string());
  if (fs::exists(kept)) return kept;
  const TempFolder folder;
  make_cluster(folder.path());
  const fs::path partial = kept.string() + "." + std::to_string(::getpid());
  fs::create_directories(partial.parent_path());
  fs::copy(folder.path() / "cluster", partial, fs::copy_options::recursive);
  std::error_code another_was_first;
  fs::rename(partial, kept, another_was_first);
  if (another_was_first) fs::remove_all(partial);
  return kept;
}

/// The port answers before the server takes anybody in.
void wait_until_ready(const std::string& url, const fs::path& log) {
  SystemClock clock;
  for (int left = 1500; left > 0; --left) {
    try {
      ask(url, "select 1");
      return;
    } catch (const Error&) {
      clock.sleep_for(std::chrono::milliseconds(20), {});
    }
  }
  throw std::runtime_error("PostgreSQL does not get ready: " + read_file(log));
}

}  // namespace

PostgresServer::PostgresServer() : port_(free_port()) {
  const fs::path cluster = folder_.path() / "cluster";
  fs::copy(template_cluster(), cluster, fs::copy_options::recursive);
  fs::permissions(cluster, fs::perms::owner_all);
  give_away_all(folder_.path());
  start();
}

PostgresServer::PostgresServer(StandbyOf standby) : port_(free_port()) {
  give_away(folder_.path());
  const auto copied = run_process(
      {.argv = as_unprivileged({(programs() / "pg_basebackup").string(), "--no-sync", "--checkpoint=fast",
                                "--write-recovery-conf", "--pgdata=" + (folder_.path() / "cluster").string(),
                                "--dbname=" + standby.primary.url("postgres")})});
  if (copied.exit_code != 0) throw std::runtime_error("pg_basebackup: " + copied.output + copied.error);
  start();
}

void PostgresServer::start() {
  const fs::path log = folder_.path() / "log";
  server_ = std::make_unique<Background>(as_unprivileged({(programs() / "postgres").string(),
                                                          "-D",
                                                          (folder_.path() / "cluster").string(),
                                                          "-p",
                                                          std::to_string(port_),
                                                          "-k",
                                                          folder_.path().string(),
                                                          "-c",
                                                          "listen_addresses=127.0.0.1",
                                                          "-c",
                                                          "fsync=off",
                                                          "-c",
                                                          "full_page_writes=off",
                                                          "-c",
                                                          "synchronous_commit=off",
                                                          "-c",
                                                          "shared_buffers=4MB",
                                                          "-c",
                                                          "max_connections=20",
                                                          "-c",
                                                          "autovacuum=off"}),
                                         log);
  wait_until_ready(url("postgres"), log);
}

PostgresServer::~PostgresServer() { server_->signal(SIGINT); }

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

std::string PostgresServer::url(const std::string& name) const {
  return std::string("postgresql://") + kUser + ":" + percent_encode(kPassword) +
         "@127.0.0.1:" + std::to_string(port_) + "/" + name;
}

std::string PostgresServer::new_database() {
  const std::string name = "test" + std::to_string(++databases_);
  ask(url("postgres"), "create database " + name);
  return url(name);
}

std::string ask(const std::string& url, const std::string& sql) {
  const auto rows = database::connect(database::parse_address(url), std::chrono::seconds(10))->query(sql);
  std::vector<std::string> lines;
  for (const auto& row : rows.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) cells.push_back(cell.value_or("NULL"));
    lines.push_back(join(cells, "|"));
  }
  return join(lines, "\n");
}

}  // namespace baton::test
