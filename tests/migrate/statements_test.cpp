// Where statements begin and end.
#include "tools/migrate/sql/statements.h"

#include <gtest/gtest.h>

namespace baton::migrate {
namespace {

using database::Engine;
using Texts = std::vector<std::string_view>;

TEST(StatementsTest, SplitsAtSemicolons) {
  EXPECT_EQ(split_statements(" a b ; ;\nc", Engine::postgresql), (Texts{"a b", "c"}));
  EXPECT_EQ(split_statements("-- only a note\n/* and another */ ;", Engine::postgresql), Texts{});
}

TEST(StatementsTest, SkipsQuotesAndComments) {
  for (const auto* text :
       {"select 'a;b'", "select 'it''s;'", "select \"a;b\"", "select 1 -- ;\n + 1", "select /* ; */ 1"}) {
    EXPECT_EQ(split_statements(text, Engine::postgresql), Texts{text});
    EXPECT_EQ(split_statements(text, Engine::sqlite), Texts{text});
  }
}

TEST(StatementsTest, SkipsWhatOnlyPostgresqlQuotes) {
  for (const auto* text : {"do $$ a; b $$", "do $x$ a; $$ b; $x$", "select E'it\\'s;'", "select /* /* ; */ ; */ 1"}) {
    EXPECT_EQ(split_statements(text, Engine::postgresql), Texts{text}) << text;
  }
  EXPECT_EQ(split_statements("select $1; select a$b; select c$d", Engine::postgresql).size(), 3U);
}

TEST(StatementsTest, SkipsWhatOnlySqliteQuotes) {
  for (const auto* text : {"select [a;b]", "select `a;b`"})
    EXPECT_EQ(split_statements(text, Engine::sqlite), Texts{text});
  EXPECT_EQ(split_statements("select 'a\\'; select 1", Engine::sqlite).size(), 2U);
}

TEST(StatementsTest, KeepsBodiesWhole) {
  const Texts trigger{
      "create trigger t after insert on a begin update b set c = case when 1 then 2 end; delete from d; end",
      "select 1"};
  EXPECT_EQ(split_statements(std::string(trigger[0]) + ";" + std::string(trigger[1]), Engine::sqlite), trigger);
  const Texts function{"create function f() returns int begin atomic select 1; select case when true then 1 end; end",
                       "select 2"};
  EXPECT_EQ(split_statements(std::string(function[0]) + "; " + std::string(function[1]), Engine::postgresql), function);
}

TEST(StatementsTest, TakesNoNameForABody) {
  const auto count = [](std::string_view sql, Engine engine) { return split_statements(sql, engine).size(); };
  for (const auto* text : {"create table jobs (trigger text, begin text); commit; select 1",
                           "create table t (id int); create index trigger on begin (id); commit"}) {
    EXPECT_EQ(count(text, Engine::sqlite), 3U) << text;
    EXPECT_EQ(count(text, Engine::postgresql), 3U) << text;
  }
  EXPECT_EQ(count("create trigger begin before insert on t for each row execute function f(); commit; select 1",
                  Engine::postgresql),
            3U);
  for (const auto* text :
       {"create trigger begin after update of begin on begin when new.begin > new.end begin delete from b; end; commit",
        "create temp trigger t after insert on main.begin begin delete from b; delete from c; end; commit",
        "create trigger t after insert on \"a\" begin delete from b; end; commit"}) {
    EXPECT_EQ(count(text, Engine::sqlite), 2U) << text;
  }
}

TEST(StatementsTest, TakesUnfinishedTextToTheEnd) {
  for (const auto* text :
       {"select 'a;", "select \"a;", "select /* ;", "do $$ a;", "select E'\\", "select $", "$", "'", "e'"}) {
    EXPECT_EQ(split_statements(text, Engine::postgresql).size(), 1U) << text;
  }
}

TEST(StatementsTest, KnowsTransactionWords) {
  for (const auto* text : {"BEGIN", "begin immediate", "start transaction", "Commit", "end", "ROLLBACK",
                           "rollback work", "abort", "prepare transaction 'x'"}) {
    EXPECT_TRUE(controls_transaction(text)) << text;
  }
  for (const auto* text : {"rollback to savepoint a", "rollback work to a", "savepoint a", "release a",
                           "prepare p as select 1", "select 'begin'", "create table commit (id int)", ""}) {
    EXPECT_FALSE(controls_transaction(text)) << text;
  }
}

}  // namespace
}  // namespace baton::migrate
