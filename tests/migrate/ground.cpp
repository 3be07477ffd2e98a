// Files, a database of its own, and the executable beside the tests.
#include "tests/migrate/ground.h"

#include <gtest/gtest.h>

#include "tests/support/places.h"
#include "tests/support/postgres.h"

namespace baton::migrate::test {

std::string up_and_down(const std::string& up, const std::string& down) {
  return "-- migrate:up\n" + up + "\n-- migrate:down\n" + down + "\n";
}

std::string logged_by(const std::function<void(Log&)>& act) {
  Log log({.tool = "migrate"});
  testing::internal::CaptureStderr();
  act(log);
  return testing::internal::GetCapturedStderr();
}

std::string endless(database::Engine engine) {
  return engine == database::Engine::postgresql ? "select pg_sleep(60);"
                                                : "create table endless as with recursive n(i) as (select 1 union all "
                                                  "select i + 1 from n) select count(*) "
                                                  "from n;";
}

Ground::Ground(database::Engine engine)
    : url_(engine == database::Engine::sqlite ? "sqlite:" + (folder_.path() / "app.db").string()
                                              : baton::test::PostgresServer::shared().new_database()) {
  fs::create_directories(migrations());
}

std::string Ground::add(int number, const std::string& name, const std::string& text) const {
  const std::string file = "2025010100000" + std::to_string(number) + "_" + name + ".sql";
  write_file(migrations() / file, text);
  return file;
}

std::string Ground::ask(const std::string& sql) const { return baton::test::ask(url_, sql); }

void Ground::execute(const std::string& sql) const {
  database::connect(database::parse_address(url_), std::chrono::seconds(5), database::IfMissing::create)->execute(sql);
}

ProcessResult Ground::run(std::vector<std::string> arguments, std::map<std::string, std::string> environment) const {
  arguments.insert(arguments.begin(), executable().string());
  environment.try_emplace("DATABASE_URL", url_);
  return run_process({.argv = arguments, .environment = environment, .folder = path()});
}

Json Ground::handoff() const {
  return parse_json(read_file(path() / ".baton/migrate.json"), "migrate.json")["predicate"];
}

fs::path executable() { return baton::test::build_folder() / "baton-migrate"; }

}  // namespace baton::migrate::test
