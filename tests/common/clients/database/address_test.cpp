// Database addresses: what is understood, what names a database, and what never shows.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/clients/database/database.h"
#include "common/clients/database/postgresql/program.h"
#include "common/clients/database/postgresql/settings.h"

namespace baton::database {
namespace {

std::string error_of(std::string_view url) {
  try {
    parse_address(url);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "";
}

std::string here(const std::string& path) { return (std::filesystem::current_path() / path).string(); }

TEST(DatabaseAddressTest, ReadsSqlitePathsAsDbmateDoes) {
  EXPECT_EQ(parse_address("sqlite:app.db").path, "app.db");
  EXPECT_EQ(parse_address("sqlite3:dir/app.db").path, "dir/app.db");
  EXPECT_EQ(parse_address("sqlite:/tmp/app.db").path, "/tmp/app.db");
  EXPECT_EQ(parse_address("sqlite://tmp/app.db").path, "/tmp/app.db");
  EXPECT_EQ(parse_address("sqlite:///tmp/app.db").path, "/tmp/app.db");
  EXPECT_EQ(parse_address("sqlite:my%20app.db").path, "my app.db");
}

TEST(DatabaseAddressTest, IdentifiesAnSqliteFileByItsAbsolutePath) {
  EXPECT_EQ(parse_address("sqlite:app.db").identity, here("app.db"));
  EXPECT_EQ(parse_address("sqlite:./x/../app.db").identity, here("app.db"));
}

TEST(DatabaseAddressTest, RefusesSqliteWithoutAFile) {
  EXPECT_EQ(error_of("sqlite:"), "the database URL 'sqlite:' names no file");
  EXPECT_EQ(error_of("sqlite::memory:"), "the database URL 'sqlite::memory:' names no file");
  EXPECT_NE(error_of("sqlite:app.db?mode=ro").find("parameters"), std::string::npos);
}

TEST(DatabaseAddressTest, IdentifiesPostgresqlWithoutUserAndPassword) {
  const auto address = parse_address("postgres://app:s%40cret@db.example.com:6432/shop?sslmode=require");
  EXPECT_EQ(address.engine, Engine::postgresql);
  EXPECT_EQ(address.identity, "postgresql://db.example.com:6432/shop");
  EXPECT_EQ(address.name, "shop");
}

TEST(DatabaseAddressTest, FillsInPostgresqlsDefaults) {
  EXPECT_EQ(parse_address("postgresql://app@db").identity, "postgresql://db:5432/app");
  EXPECT_EQ(parse_address("postgresql:///shop?host=/run/pg&user=app").identity, "postgresql://%2Frun%2Fpg:5432/shop");
}

TEST(DatabaseAddressTest, TakesDbmatesSearchPath) {
  const auto address = parse_address("postgres://app@db/shop?search_path=a%20b&sslmode=disable");
  EXPECT_EQ(address.identity, "postgresql://db:5432/shop");
  EXPECT_NE(program_connection(address).text.find("options='-csearch_path=a\\\\ b'"), std::string::npos);
}

TEST(DatabaseAddressTest, RefusesMysqlByName) {
  EXPECT_EQ(error_of("mysql://app:secret@db/shop"),
            "database 'mysql://app:***@db/shop' is MySQL or MariaDB, which this version does not speak");
}

TEST(DatabaseAddressTest, NeverShowsThePasswordOfABadUrl) {
  for (const auto* url : {"postgresql://app:sec%zzret@db/shop", "postgresql://app:sec%00ret@db/shop",
                          "postgresql://app:secret@[::1/shop", "postgresql://app:secret@db/shop?nope=1",
                          "postgresql://app:secret@db/shop?password=secret&x", "oracle://app:secret@db/shop"}) {
    const auto message = error_of(url);
    EXPECT_FALSE(message.empty()) << url;
    EXPECT_EQ(message.find("sec"), std::string::npos) << message;
  }
}

TEST(DatabaseAddressTest, RefusesAUserPartThatIsNotCertain) {
  for (const auto* url :
       {"postgres://admin:head@S3cr3t@127.0.0.1:5432/db", "postgres://admin:S3cr3t/tail@127.0.0.1/db",
        "postgres://admin:12/S3cr3t@127.0.0.1/db", "postgres://admin:12?S3/cr3t@127.0.0.1/db",
        "postgres://admin:S3cr3t?x/y=z@127.0.0.1/db", "postgres://boss:S3cr3t@h@h/db?sslmode=require",
        "postgres://db:S3cr3t/shop", "postgres://u@h/db?host=S3cr3t@h", "postgres://u@h/db?port=S3cr3t",
        "postgres:/boss:S3cr3t@h/db", "postgresql:boss:S3cr3t@h/db", "boss:S3cr3t@h/db"}) {
    const auto message = error_of(url);
    EXPECT_FALSE(message.empty()) << url;
    for (const auto* piece : {"S3", "cr3t", "tail", "head"})
      EXPECT_EQ(message.find(piece), std::string::npos) << message;
  }
}

TEST(DatabaseAddressTest, TakesWhatIsEscapedAndWhatCanMeanOneThingOnly) {
  EXPECT_EQ(parse_address("postgres://a:x%40y%2Fz@h/db").identity, "postgresql://h:5432/db");
  EXPECT_EQ(parse_address("postgres://a:p#q?r@h:1/db").identity, "postgresql://h:1/db");
  EXPECT_EQ(parse_address("postgres://h1:1,h2:2/db?user=a").identity, "postgresql://h1,h2:1,2/db");
  EXPECT_EQ(parse_address("postgres://u@h/db?user=a@b").identity, "postgresql://h:5432/db");
}

TEST(DatabaseAddressTest, ScrubsItsSecretsFromForeignText) {
  const auto address = parse_address("postgres://a:it%20is@h/db?sslpassword=key%2Fword");
  EXPECT_EQ(without_secrets("no 'it is', it%20is, key/word or key%2Fword", address), "no '***', ***, *** or ***");
}

TEST(DatabaseAddressTest, GivesProgramsThePasswordOfAKeyThroughAFile) {
  const auto connection = program_connection(parse_address("postgres://a@h/db?sslpassword=k3y%20word"));
  EXPECT_EQ(connection.text.find("k3y"), std::string::npos) << connection.text;
  EXPECT_NE(connection.text.find("service='baton'"), std::string::npos);
  EXPECT_EQ(connection.service_file, "[baton]\nsslpassword=k3y word\n");
}

TEST(DatabaseAddressTest, GivesProgramsThePasswordThroughTheEnvironmentOnly) {
  const auto connection = program_connection(parse_address("postgresql://app:it's%20a%5Csecret@db:6432/shop"));
  EXPECT_EQ(connection.environment.at("PGPASSWORD"), "it's a\\secret");
  EXPECT_EQ(connection.text.find("secret"), std::string::npos);
  EXPECT_NE(connection.text.find("host='db'"), std::string::npos);
}

}  // namespace
}  // namespace baton::database
