// cmake/pcre-absent.c in PCRE's place: what Poco needs of it for PostgreSQL, and no more.
#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace baton {
namespace {

/// As Poco looks for them before it prepares a statement.
std::vector<std::string> placeholders_in(const std::string& sql) {
  const Poco::RegularExpression expression("[$][0-9]+");
  std::vector<std::string> found;
  Poco::RegularExpression::Match match{};
  for (std::size_t from = 0; expression.match(sql, from, match) == 1; from = match.offset + match.length) {
    found.push_back(sql.substr(match.offset, match.length));
  }
  EXPECT_EQ(match.offset, std::string::npos);
  return found;
}

TEST(PlaceholdersTest, AreFoundWhereverTheyStand) {
  using Found = std::vector<std::string>;
  EXPECT_EQ(placeholders_in("$1"), Found{"$1"});
  EXPECT_EQ(placeholders_in("$10$2 = $2::text and $07"), (Found{"$10", "$2", "$2", "$07"}));
  for (const auto* none : {"", "$", "1", "$$", "$x1$", "do $a$ 1 $a$"}) EXPECT_EQ(placeholders_in(none), Found{});
  EXPECT_EQ(placeholders_in("$$3$"), Found{"$3"});
}

TEST(PlaceholdersTest, AnyOtherExpressionIsRefused) {
  for (const auto* pattern : {"", "a", "[$][0-9]*", "^.*\\.example\\.com$"}) {
    try {
      const Poco::RegularExpression expression(pattern);
      ADD_FAILURE() << "taken: " << pattern;
    } catch (const Poco::RegularExpressionException& error) {
      EXPECT_NE(error.message().find("regular expressions are not part of this build"), std::string::npos);
    }
  }
  EXPECT_THROW(Poco::RegularExpression("[$][0-9]+", Poco::RegularExpression::RE_CASELESS),
               Poco::RegularExpressionException);
}

}  // namespace
}  // namespace baton
