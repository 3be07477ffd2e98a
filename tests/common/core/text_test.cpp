// Small text operations, foreign text made safe, secrets taken out.
#include "common/core/text.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "common/core/closest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"

namespace baton {
namespace {

using Texts = std::vector<std::string>;

TEST(TextTest, SplitsKeepingEmptyPieces) {
  EXPECT_EQ(split("a,,b,", ','), (Texts{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), Texts{""});
}

TEST(TextTest, JoinsAndTrims) {
  EXPECT_EQ(join(Texts{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(join(Texts{}, ", "), "");
  EXPECT_EQ(trim(std::string_view(" \t a b\r\n")), "a b");
  EXPECT_EQ(trim(std::string_view(" \n")), "");
}

TEST(TextTest, WhatIsTrimmedOfATextThatDiesIsOwned) {
  static_assert(std::is_same_v<decltype(trim(std::string())), std::string>);
  EXPECT_EQ(trim(std::string(40, ' ') + "a"), "a");
}

TEST(TextTest, ReplacesEveryOne) {
  EXPECT_EQ(replace_all("a.b.c", ".", "::"), "a::b::c");
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(TextTest, ComparesWithoutCase) {
  EXPECT_TRUE(starts_with_icase("Bearer x", "bearer "));
  EXPECT_FALSE(starts_with_icase("Bea", "bearer"));
  EXPECT_EQ(to_lower("ÄbC"), "Äbc") << "ASCII only";
}

TEST(TextTest, PercentEncodesAllButUnreserved) { EXPECT_EQ(percent_encode("a-Z_0.~ /+é"), "a-Z_0.~%20%2F%2B%C3%A9"); }

TEST(TextTest, CountsSpeakEnglish) {
  EXPECT_EQ(count_text(1, "pod"), "1 pod");
  EXPECT_EQ(count_text(0, "pod"), "0 pods");
  EXPECT_EQ(count_text(2, "query", "queries"), "2 queries");
}

TEST(ClosestTest, FindsWhatWasMeantAndNothingFarOff) {
  const Texts names = {"switch", "watch", "migrate"};
  EXPECT_EQ(closest("swich", names), "switch");
  EXPECT_EQ(closest("WATCH", names), "watch");
  EXPECT_EQ(closest("finalize", names), std::nullopt);
  EXPECT_EQ(closest("", names), std::nullopt);
  EXPECT_EQ(closest("switch", Texts{}), std::nullopt);
}

TEST(ClosestTest, AHugeWordCostsNothing) {
  EXPECT_EQ(closest(std::string(50'000'000, 'x'), Texts{"switch", "watch"}), std::nullopt);
}

TEST(PlaceholderTest, AreFilledByName) {
  const auto lookup = [](std::string_view name) -> std::optional<std::string> {
    if (name == "app") return "shop";
    if (name == "nested") return "{{app}}";
    return std::nullopt;
  };
  EXPECT_EQ(fill_placeholders("{{app}}-{{ app }}!", lookup), "shop-shop!");
  EXPECT_EQ(fill_placeholders("plain {{", lookup), "plain {{");
  EXPECT_EQ(fill_placeholders("{{nested}}", lookup), "{{app}}") << "never twice";
  EXPECT_THROW(fill_placeholders("{{ap}}", lookup), Error);
  EXPECT_THROW(fill_placeholders("{{}}", lookup), Error);
}

TEST(PrintableTest, ControlCharactersLoseTheirPower) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\rd\x7f"), "a\\x1b[31mb\\x0ac\\x0dd\\x7f");
  EXPECT_EQ(printable("tab\there"), "tab here");
  EXPECT_EQ(printable("c1 \xC2\x9B"), "c1 \\x9b");
  EXPECT_EQ(printable(std::string_view("nul\0", 4)), "nul\\x00");
  EXPECT_EQ(printable("grüße ✅"), "grüße ✅");
}

TEST(PrintableTest, InvalidUtf8IsReplaced) {
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(printable("\xe2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_TRUE(is_utf8(printable("\xc0\x80\xed\xa0\x80\xf5")));
}

TEST(PrintableTest, ACommandForACiHostIsBroken) {
  EXPECT_EQ(printable("::set-output name=x::y"), ": :set-output name=x::y");
  EXPECT_EQ(printable(" \t::error::x"), "  : :error::x") << "the host skips spaces";
  EXPECT_EQ(printable(":::x"), ": : :x");
  EXPECT_EQ(printable("a::b"), "a::b");
  EXPECT_EQ(printable("x ##[set-output name=verdict]proceed"), "x ## [set-output name=verdict]proceed");
  EXPECT_EQ(printable("###[x] #[y] ##"), "### [x] #[y] ##");
}

TEST(PrintableTest, ASectionMarkerOfACiHostHasNoControlCharactersLeft) {
  EXPECT_EQ(printable("section_start:1:x\r\x1b[0Kx"), "section_start:1:x\\x0d\\x1b[0Kx");
}

TEST(PrintableTest, WhatIsNotSeenIsShown) {
  EXPECT_EQ(printable("a\u202Eb"), "a\\xe2\\x80\\xaeb");
  for (const char* text :
       {"\u00AD", "\u061C", "\u200B", "\u200F", "\u2028", "\u2066", "\u2069", "\uFEFF", "\U000E0041"}) {
    EXPECT_TRUE(printable(text).starts_with("\\x")) << printable(text);
  }
  for (const char* text : {"\u2010", "\u200A", "\u2027", "\u202F", "\u00AE", "é", "✅", "🚀"})
    EXPECT_EQ(printable(text), text);
}

TEST(PrintableTest, IsCutWhereAsked) {
  EXPECT_EQ(printable("abcdef", 3), "abc…");
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_TRUE(is_utf8(printable("ééé", 3)));
}

TEST(RedactTest, HidesTheUserPartOfAUrlThatLacksItsSlashes) {
  EXPECT_EQ(redact("postgresql:boss:S3cr3t@h/db"), "***@h/db");
  EXPECT_EQ(redact("boss:S3c@r3t@h:9090"), "***@h:9090");
  EXPECT_EQ(redact("http:/user:S3cr3t@host"), "***@host");
  EXPECT_EQ(redact("registry:5000/shop@sha256:abcd"), "registry:5000/shop@sha256:abcd");
  EXPECT_EQ(redact("ops@example.org"), "ops@example.org");
  EXPECT_EQ(redact("host=h user=a@b port=5"), "host=h user=a@b port=5");
}

TEST(RedactTest, PasswordsOfUrlsAreHidden) {
  const std::pair<const char*, const char*> cases[] = {
      {"postgresql://app:pw@db:5432/shop", "postgresql://app:***@db:5432/shop"},
      {"postgresql://app@db/shop", "postgresql://app@db/shop"},
      {"postgresql://app:p@ss@db/shop", "postgresql://app:***@db/shop"},
      {"postgresql://app:a/b?c#d@db/shop", "postgresql://app:***@db/shop"},
      {"postgresql://app:se=cr/et@db:5432/shop", "postgresql://app:***@db:5432/shop"},
      {"postgresql://app:1234@db/shop", "postgresql://app:***@db/shop"},
      {"postgresql://app:pw@[::1]:5432/shop", "postgresql://app:***@[::1]:5432/shop"},
      {"postgresql://:pw@/shop", "postgresql://:***@/shop"},
      {"redis://:pw@cache:6379", "redis://:***@cache:6379"},
      {"https://ghp_token@github.example/x", "https://***@github.example/x"},
      {"http://u:p@h/path?mail=a@b", "http://u:***@b"},
  };
  for (const auto& [url, shown] : cases) EXPECT_EQ(redact(url), shown);
}

TEST(TextTest, AShellWordIsOneWordWhateverItHolds) {
  EXPECT_EQ(shell_word("v1.6.0"), "v1.6.0");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("3 % $(id) `id`"), "'3 % $(id) `id`'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

TEST(RedactTest, UrlsWithoutSecretsStayAsTheyAre) {
  for (const char* url :
       {"http://host:9090/path?mail=a@b.example", "https://host/a@b", "http://[::1]:9090/x?y=a@b", "sqlite:app.db",
        "sqlite:///var/app.db", "http://h/?a=1&b=2#c", "", "plain text", "http://"}) {
    EXPECT_EQ(redact(url), url);
  }
}

TEST(RedactTest, SecretParametersAreHidden) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://h/p?a=1&token=x&b=2", "http://h/p?a=1&token=***&b=2"},
      {"http://h/p?X-Amz-Signature=ab/c&e=1", "http://h/p?X-Amz-Signature=***&e=1"},
      {"postgresql://db/shop?user=a&password=b", "postgresql://db/shop?user=a&password=***"},
      {"http://h/#access_token=x", "http://h/#access_token=***"},
      {"http://h/?a=1#token=x", "http://h/?a=1#token=***"},
      {"/path?api_key=x", "/path?api_key=***"},
  };
  for (const auto& [url, shown] : cases) EXPECT_EQ(redact(url), shown);
}

TEST(RedactTest, PasswordsOfLibpqTextsAreHidden) {
  const std::pair<const char*, const char*> cases[] = {
      {"host=db password=a&b#c user=u", "host=db password=*** user=u"},
      {"host=db password='it is' user=u", "host=db password=*** user=u"},
      {"password = 'a\\' b' user = u", "password = *** user = u"},
      {"user=u sslpassword='open", "user=u sslpassword=***"},
      {"password=", "password=***"},
  };
  for (const auto& [text, shown] : cases) EXPECT_EQ(redact(text), shown);
}

}  // namespace
}  // namespace baton
