// The rehearsal's record, held against what is pending; and who stands in a migration's way.
#include <gtest/gtest.h>

#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "common/config/sections/precheck.h"
#include "common/core/digest.h"
#include "common/handoff/rehearsal.h"
#include "common/step/migration_files.h"
#include "tests/precheck/scene.h"
#include "tests/support/postgres.h"
#include "tools/precheck/lock_holders.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;
using test::PostgresServer;

/// An SQLite database that remembers `1_users.sql`, a folder that holds `2_orders.sql` besides, and the record of a
/// rehearsal of it that went well.
class RehearsalCheck : public testing::Test {
 protected:
  RehearsalCheck() {
    write_file(migrations() / "1_users.sql", "-- migrate:up\ncreate table users (id int);\n-- migrate:down\n");
    write_file(migrations() / "2_orders.sql", "-- migrate:up\ncreate table orders (id int);\n-- migrate:down\n");
    write_file(path("app.db"), "");
    database()->execute("create table schema_migrations (version varchar(128) primary key)");
    apply("1");
    record = {.files_sha256 = digest(),
              .database = "postgresql://staging:5432/shop",
              .server = "PostgreSQL 15.4",
              .succeeded = true,
              .took = 12s,
              .longest_wait = 120ms,
              .way_down = WayDown::proven,
              .migrations = {{.file = "2_orders.sql",
                              .sha256 = sha256_hex(read_file(migrations() / "2_orders.sql")),
                              .took = 12s,
                              .way_down = WayDown::proven}},
              .started_at = now() - 1h,
              .finished_at = now() - 30min};
  }

  static Time now() { return *parse_rfc3339("2026-03-01T12:00:00Z"); }
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  fs::path migrations() const { return path("migrations"); }
  std::string digest() const { return digest_of(list_migrations(dbmate_version, migrations())); }
  std::unique_ptr<database::Database> database() const {
    return database::connect(database::parse_address("sqlite:" + path("app.db").string()), 5s);
  }
  void apply(const std::string& version) const {
    database()->query("insert into schema_migrations values ($1)", {version});
  }
  std::string yaml() const {
    return "database: {url: 'sqlite:" + path("app.db").string() + "', migrations: '" + migrations().string() + "'}\n";
  }
  /// What the check finds, with that text as the record.
  Finding with_bytes(const std::string& check, const std::string& bytes) const {
    write_file(path("rehearsal.json"), bytes);
    EnvScene scene(yaml() + "precheck: {migrations: {rehearsal: '" + path("rehearsal.json").string() + "'}}");
    return look_at(scene, check);
  }
  Finding rehearsed() const { return with_bytes("migrations-rehearsed", to_bytes(record)); }
  Finding reversible() const { return with_bytes("migrations-reversible", to_bytes(record)); }

  Rehearsal record = {};

 private:
  TempFolder folder_;
};

TEST_F(RehearsalCheck, PassesOnARecordOfExactlyTheseFiles) {
  const auto finding = rehearsed();
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message,
            "1 migration in 12 s on 'postgresql://staging:5432/shop' (PostgreSQL 15.4), longest wait 120 ms");
  EXPECT_EQ(finding.files.size(), 1U);
  EXPECT_EQ(finding.expected, Expected("success in < 5m, nobody waits > 1s"));
  EXPECT_EQ(reversible().outcome, Outcome::pass);
}

// SOP 1.3: "ensure < 5 minutes".
TEST_F(RehearsalCheck, FiveMinutesAreTooLong) {
  record.took = 5min - 1ms;
  EXPECT_EQ(rehearsed().outcome, Outcome::pass);
  record.took = 5min;
  EXPECT_EQ(rehearsed().outcome, Outcome::fail);
  EXPECT_EQ(rehearsed().message.find("it took 5m, and less than 5m is allowed"), 0U) << rehearsed().message;
}

// SOP 1.3: "no table locks > 1 second".
TEST_F(RehearsalCheck, AWaitOfOneSecondPassesAndALongerOneFails) {
  record.longest_wait = 1s;
  EXPECT_EQ(rehearsed().outcome, Outcome::pass);
  record.longest_wait = 1s + 1ms;
  EXPECT_EQ(rehearsed().outcome, Outcome::fail);
}

TEST_F(RehearsalCheck, AFailedRehearsalFails) {
  record.succeeded = false;
  record.trouble = "2_orders.sql:2: relation \"orders\" already exists";
  record.migrations.clear();
  EXPECT_EQ(rehearsed().outcome, Outcome::fail);
  EXPECT_NE(rehearsed().message.find("already exists"), std::string::npos);
  EXPECT_EQ(reversible().outcome, Outcome::unknown);
}

TEST_F(RehearsalCheck, EachWayDownHasItsOutcome) {
  for (const auto& [way, outcome] :
       {std::pair(WayDown::failed, Outcome::fail), std::pair(WayDown::untried, Outcome::unknown),
        std::pair(WayDown::none, Outcome::warn)}) {
    record.way_down = way;
    record.migrations[0].way_down = way;
    EXPECT_EQ(reversible().outcome, outcome) << way_down_name(way);
  }
}

TEST_F(RehearsalCheck, ARecordOfSomethingElseSaysNothing) {
  const auto good = record;
  const auto expect_unknown = [&](const std::string& why) {
    const auto finding = rehearsed();
    EXPECT_EQ(finding.outcome, Outcome::unknown) << why;
    EXPECT_NE(finding.message.find(why), std::string::npos) << finding.message;
    EXPECT_EQ(reversible().outcome, Outcome::unknown) << why;
    record = good;
  };
  record.files_sha256 = sha256_hex("others");
  expect_unknown("it is of other migration files");
  record.database = path("app.db").string();
  expect_unknown("it was made on the very database that is to be migrated");
  record.migrations.clear();
  expect_unknown("it does not hold '2_orders.sql', which is pending here");
  record.migrations[0].sha256 = sha256_hex("another text");
  expect_unknown("it does not hold '2_orders.sql'");
  record.finished_at = now() + 6min;
  expect_unknown("which is still to come");
}

TEST_F(RehearsalCheck, ARecordCountsForADay) {
  record.started_at = now() - 25h;
  record.finished_at = now() - 24h;
  EXPECT_EQ(rehearsed().outcome, Outcome::pass) << rehearsed().message;
  record.finished_at = now() - 24h - 1ms;
  EXPECT_EQ(rehearsed().outcome, Outcome::unknown);
}

TEST_F(RehearsalCheck, WhatIsNoRecordIsUnknown) {
  const auto whole = to_bytes(record);
  for (const auto& bytes : {std::string(), std::string("{}"), whole.substr(0, whole.size() - 9),
                            std::string("<testsuites/>"), std::string("\xEF\xBB\xBF") + "[]"})
    EXPECT_EQ(with_bytes("migrations-rehearsed", bytes).outcome, Outcome::unknown) << bytes;
  EnvScene absent(yaml() + "precheck: {migrations: {rehearsal: '" + path("nowhere.json").string() + "'}}");
  EXPECT_EQ(look_at(absent, "migrations-rehearsed").outcome, Outcome::unknown);
}

TEST_F(RehearsalCheck, WithoutARecordItIsSkippedOnlyWhileSomethingIsPending) {
  EnvScene scene(yaml());
  auto finding = look_at(scene, "migrations-rehearsed");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_FALSE(finding.settled);
  EXPECT_EQ(finding.message, "not configured: precheck.migrations.rehearsal; 1 of 2 migrations pending");
  apply("2");
  finding = look_at(scene, "migrations-rehearsed");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.message, "2 migrations, none pending");
  EXPECT_EQ(look_at(scene, "migrations-reversible").outcome, Outcome::pass);
}

TEST_F(RehearsalCheck, AFolderThatIsNotThereIsUnknownAndNotTheEndOfTheRun) {
  EnvScene scene("database: {url: 'sqlite:" + path("app.db").string() + "', migrations: '" + path("gone").string() +
                 "'}");
  for (const auto* check : {"migrations-rehearsed", "migrations-reversible", "migrations-locks"})
    EXPECT_EQ(look_at(scene, check).outcome, Outcome::unknown) << check;
}

TEST_F(RehearsalCheck, SqliteHasOneWriter) {
  EnvScene scene(yaml());
  EXPECT_EQ(look_at(scene, "migrations-locks").outcome, Outcome::pass);
  fs::remove(path("app.db"));
  EXPECT_EQ(look_at(scene, "migrations-locks").outcome, Outcome::warn) << "as that it is still to be made";
}

Session session(Duration at_work, const std::string& table = {}, const std::string& mode = "AccessShareLock") {
  Session one{.pid = "42", .application = "report", .state = "active", .at_work = at_work};
  if (!table.empty()) one.tables = {{.schema = "public", .name = table, .mode = mode}};
  return one;
}

Outcome outcome_of(Session one) {
  return judged({.sessions = {std::move(one)}}, "alter table Orders add x int", 1s).outcome;
}

// Decisions 14: a lock over 1 s on the tables concerned stops, another query over 60 s warns.
TEST(LockHoldersTest, ALockOnATableConcernedStopsAboveOneSecond) {
  EXPECT_EQ(outcome_of(session(1s, "orders")), Outcome::pass);
  EXPECT_EQ(outcome_of(session(1s + 1ms, "orders")), Outcome::fail);
  EXPECT_EQ(outcome_of(session(59s, "users")), Outcome::pass) << "readers of another table stand in nobody's way";
  EXPECT_EQ(outcome_of(session(2s, "users", "AccessExclusiveLock")), Outcome::warn);
  EXPECT_EQ(outcome_of(session(1s, "users", "AccessExclusiveLock")), Outcome::pass);
}

TEST(LockHoldersTest, AnotherQueryWarnsAboveAMinute) {
  EXPECT_EQ(outcome_of(session(60s)), Outcome::pass);
  EXPECT_EQ(outcome_of(session(60s + 1ms)), Outcome::warn);
}

TEST(LockHoldersTest, WhomWeMayNotSeeIsUnknownUnlessSomethingIsWrongAlready) {
  Session hidden{.pid = "7", .is_hidden = true};
  const auto seen = judged({.role = "shop", .sessions = {session(99s), hidden}}, "", 1s);
  EXPECT_EQ(seen.outcome, Outcome::unknown);
  EXPECT_EQ(seen.recovery.at(0), "GRANT pg_read_all_stats TO \"shop\";");
  EXPECT_EQ(judged({.sessions = {session(2s, "orders"), hidden}}, "drop table orders", 1s).outcome, Outcome::fail);
}

TEST(LockHoldersTest, NobodyElseIsThere) { EXPECT_EQ(judged({}, "", 1s).outcome, Outcome::pass); }

TEST(LockHoldersTest, ATableIsNamedByAWholeWord) {
  EXPECT_TRUE(names_table("ALTER TABLE \"Orders\" ADD x int", "orders"));
  EXPECT_TRUE(names_table("insert into shop.orders(id)", "orders"));
  EXPECT_FALSE(names_table("create table orders_old (id int)", "orders"));
  EXPECT_FALSE(names_table("create table reorders (id int)", "orders"));
  EXPECT_FALSE(names_table("", "orders"));
  EXPECT_FALSE(names_table("orders", ""));
}

/// A PostgreSQL database with two tables, of which the pending migration names one.
class LockCheck : public testing::Test {
 protected:
  LockCheck() {
    write_file(folder_.path() / "1_orders.sql", "-- migrate:up\nalter table orders add note text;\n-- migrate:down\n");
    test::ask(url, "create table orders (id int)");
    test::ask(url, "create table users (id int)");
  }
  /// With a limit that every open transaction is over at once.
  Finding finding(const std::string& as = {}) const {
    EnvScene scene("database: {url: \"" + (as.empty() ? url : as) + "\", migrations: '" + folder_.path().string() +
                   "'}\nprecheck: {migrations: {max_lock: 1ms}}");
    return look_at(scene, "migrations-locks");
  }
  static std::unique_ptr<database::Database> open(const std::string& at) {
    return database::connect(database::parse_address(at), 5s);
  }
  std::unique_ptr<database::Database> holder(const std::string& sql) const {
    auto connection = open(url);
    connection->execute("begin");
    connection->query(sql);
    return connection;
  }

  std::string url = PostgresServer::shared().new_database();

 private:
  TempFolder folder_;
};

TEST_F(LockCheck, PassesWhereNobodyIsInTheWay) {
  EXPECT_EQ(finding().outcome, Outcome::pass) << finding().message;
  const auto idle = open(url);
  EXPECT_EQ(finding().outcome, Outcome::pass) << "a connection without a transaction holds nothing";
  EXPECT_NE(finding().message.find("1 other session"), std::string::npos) << finding().message;
}

TEST_F(LockCheck, AnOpenTransactionOnATableOfAPendingMigrationFails) {
  const auto reader = holder("select * from orders");
  const auto found = finding();
  EXPECT_EQ(found.outcome, Outcome::fail) << found.message;
  EXPECT_NE(found.message.find("has locked public.orders (AccessShareLock)"), std::string::npos) << found.message;
  EXPECT_NE(found.message.find("idle in transaction"), std::string::npos) << found.message;
  test::ask(url, "create table schema_migrations (version varchar primary key)");
  test::ask(url, "insert into schema_migrations values ('1')");
  EXPECT_EQ(finding().outcome, Outcome::pass) << "nothing is pending: " << finding().message;
}

TEST_F(LockCheck, ALockOnAnotherTableWarnsWhereReadersWait) {
  const auto reader = holder("select * from users");
  EXPECT_EQ(finding().outcome, Outcome::pass) << finding().message;
  const auto owner = open(url);
  reader->execute("lock table users in access exclusive mode");
  EXPECT_EQ(finding().outcome, Outcome::warn) << finding().message;
}

TEST_F(LockCheck, OthersThatTheRoleMayNotSeeAreUnknown) {
  auto& server = PostgresServer::shared();
  const auto name = url.substr(url.rfind('/') + 1);
  test::ask(server.url("postgres"), "create role limited_" + name + " login password 'limited'");
  const auto limited =
      "postgresql://limited_" + name + ":limited@127.0.0.1:" + std::to_string(server.port()) + "/" + name;
  EXPECT_EQ(finding(limited).outcome, Outcome::pass) << "nobody else is there: " << finding(limited).message;
  const auto hidden = open(url);
  const auto found = finding(limited);
  EXPECT_EQ(found.outcome, Outcome::unknown) << found.message;
  EXPECT_EQ(found.recovery.at(0), "GRANT pg_read_all_stats TO \"limited_" + name + "\";");
  test::ask(server.url("postgres"), "grant pg_read_all_stats to limited_" + name);
  EXPECT_EQ(finding(limited).outcome, Outcome::pass) << finding(limited).message;
}

}  // namespace
}  // namespace baton::precheck
