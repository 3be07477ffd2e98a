// The real executable on either engine, with two migrations to begin with.
#pragma once

#include <gtest/gtest.h>

#include "tests/migrate/ground.h"

namespace baton::migrate::test {

class ToolScene : public testing::TestWithParam<database::Engine> {
 protected:
  void add_two() {
    ground_.add(1, "users", up_and_down("create table users (id int);", "drop table users;"));
    ground_.add(2, "email", up_and_down("alter table users add column email text;", ""));
  }
  ProcessResult up(std::vector<std::string> more = {}, const std::map<std::string, std::string>& environment = {}) {
    more.insert(more.begin(), {"up", "--standalone", "--release", "v1.6.0"});
    return ground_.run(more, environment);
  }
  Json finding(const std::string& id) {
    const Json handoff = ground_.handoff();
    for (const auto& finding : handoff["findings"].items()) {
      if (finding["id"].string() == id) return finding;
    }
    return {};
  }
  std::string log() { return read_file(ground_.path() / ".baton/deployment-log-v1.6.0.txt"); }

  Ground ground_{GetParam()};
};

inline std::string engine_name(const testing::TestParamInfo<database::Engine>& engine) {
  return engine.param == database::Engine::sqlite ? "Sqlite" : "Postgresql";
}

}  // namespace baton::migrate::test
