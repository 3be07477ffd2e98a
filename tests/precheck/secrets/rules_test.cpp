// Every rule finds a value of its shape and lets one pass that nearly has it; both engines say the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/support/places.h"
#include "tools/precheck/secrets/checks.h"
#include "tools/precheck/secrets/compiled.h"
#include "tools/precheck/secrets/judge.h"
#include "tools/precheck/secrets/plain_engine.h"
#include "tools/precheck/secrets/vector_engine.h"

namespace baton::precheck::secrets {
namespace {

/// Written from the formats that the providers publish; cut in two, so that no scanner finds them in this repository.
struct Sample {
  std::string id;
  std::string example;
  std::string near_miss;
};

std::string unescaped(const std::string& text) { return replace_all(text, "\\n", "\n"); }

std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const auto& line : split(read_file(test::source_folder() / "tests/precheck/secrets/samples.tsv"), '\n')) {
    const auto columns = split(line, '\t');
    if (line.starts_with('#') || columns.size() != 5) continue;
    all.push_back({columns[0], unescaped(columns[1] + columns[2]), unescaped(columns[3] + columns[4])});
  }
  return all;
}

const Rule& rule_of(const std::string& id) { return *std::ranges::find(all_rules(), id, &Rule::id); }

/// As a file would have it: a bare value behind its keyword.
std::string in_context(const Rule& rule, const std::string& value) {
  if (rule.keywords.empty()) return "x = \"" + value + "\"\n";
  const auto& word = rule.keywords.front();
  return word + (std::isalnum(static_cast<unsigned char>(word.back())) != 0 || word.back() == '_' ? " = \"" : "\"") +
         value + "\"\n";
}

/// Random text of the structure: what a generator of secrets makes.
std::string made_of(const Rule& rule, std::mt19937& random) {
  std::string text;
  for (const auto& part : rule.parts) {
    if (!part.is_class()) {
      text += part.texts[random() % part.texts.size()];
      continue;
    }
    std::string letters;
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (part.set[byte]) letters.push_back(static_cast<char>(byte));
    }
    const auto count =
        part.is_value ? std::max<std::size_t>(part.least, std::min<std::size_t>(part.most, 16)) : part.least;
    for (std::size_t i = 0; i < count; ++i) text.push_back(letters[random() % letters.size()]);
  }
  return text;
}

/// Rules that fit before stand-ins are left out.
std::set<std::string> fitting(Rulebook& book, const std::string& text) {
  std::vector<Candidate> candidates;
  std::vector<Hit> hits;
  book.engine->find(text, candidates);
  for (const auto& candidate : candidates) judge(book, candidate, text, {.is_plain = true}, /*is_text=*/true, hits);
  std::set<std::string> ids;
  for (const auto& hit : hits) ids.insert(hit.rule->id);
  return ids;
}

TEST(SecretRules, AreMoreThan150OfProvidersAndHaveChecksThatExist) {
  EXPECT_GE(all_rules().size(), 400U);
  std::set<std::string> providers;
  for (const auto& rule : all_rules()) {
    providers.insert(rule.title.substr(0, rule.title.find(':')));
    if (!rule.check.empty()) {
      EXPECT_NO_THROW(prove(rule, {0, 40, 0, 40}, "x_y1234567890123456789012345678901234567")) << rule.id;
    }
  }
  EXPECT_GE(providers.size(), 150U);
}

TEST(SecretRules, EachFindsItsExampleAndNotItsNearMiss) {
  Rulebook book(all_rules());
  // Their check refuses a stand-in inside of what they carry, or needs a name that the example has not.
  const std::set<std::string> not_by_example = {"docker-config-auth", "http-basic-header", "npmrc-basic-auth",
                                                "elasticsearch-api-key"};
  // Their armour takes what follows: what is cut short is one, too.
  const std::set<std::string> open_ended = {"pgp-private-key", "ssh2-private-key"};
  std::size_t count = 0;
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp,bugprone-*): the same each time
  for (const auto& [id, example, near_miss] : samples()) {
    const auto& rule = rule_of(id);
    ++count;
    if (!not_by_example.contains(id)) {
      // An example is a word; of rules without a text of their own words are left out.
      const bool is_made = rule.is_bare || rule.check == "placeholder_password";
      bool is_found = false;
      // One of a thousand random texts is like a word.
      for (int draw = 0; draw < 3 && !is_found; ++draw)
        is_found = fitting(book, in_context(rule, is_made ? made_of(rule, random) : example)).contains(id);
      EXPECT_TRUE(is_found) << id;
    }
    const auto of_near_miss = fitting(book, in_context(rule, near_miss));
    if (!is_checksum(rule) && !open_ended.contains(id)) {
      EXPECT_FALSE(of_near_miss.contains(id)) << id;
    }
  }
  EXPECT_GE(count, 390U);
}

std::vector<Candidate> sorted(Engine& engine, std::string_view text) {
  std::vector<Candidate> found;
  engine.find(text, found);
  std::ranges::sort(found,
                    [](const auto& a, const auto& b) { return std::tie(a.at, a.anchor) < std::tie(b.at, b.anchor); });
  const auto same = std::ranges::unique(found);
  found.erase(same.begin(), same.end());
  return found;
}

class Engines : public testing::Test {
 protected:
  void SetUp() override {
    if (!vector_) GTEST_SKIP() << "this build or processor has no vectorscan";
  }
  void agree_on(std::string_view text, const std::string& what) {
    const auto plain = sorted(*plain_, text);
    EXPECT_EQ(plain, sorted(*vector_, text)) << what;
    found_ += plain.size();
  }

  std::vector<Anchor> anchors_ = anchors_of(all_rules());
  std::unique_ptr<Engine> plain_ = make_plain_engine(anchors_);
  std::unique_ptr<Engine> vector_ = make_vector_engine(anchors_);
  std::size_t found_ = 0;
};

TEST_F(Engines, AgreeOnEverySampleWholeAndCut) {
  for (const auto& [id, example, near_miss] : samples()) {
    const auto text = in_context(rule_of(id), example) + near_miss;
    agree_on(text, id);
    agree_on(std::string_view(text).substr(1), id);
    agree_on(std::string_view(text).substr(0, example.size()), id);
  }
  EXPECT_GT(found_, 400U);
}

TEST_F(Engines, AgreeOnSourceText) {
  for (const auto* folder : {"common/core", "common/clients", "tools/precheck", "docs"}) {
    for (const auto& entry : fs::recursive_directory_iterator(test::source_folder() / folder)) {
      if (entry.is_regular_file()) agree_on(read_file(entry.path()), entry.path().string());
    }
  }
  EXPECT_GT(found_, 400U);
}

TEST_F(Engines, AgreeOnRandomBytesAndLetters) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-.:=";
  std::mt19937 random(20261127);  // NOLINT(cert-msc51-cpp,bugprone-*): the same each time
  for (int round = 0; round < 2; ++round) {
    std::string text;
    for (int i = 0; i < 1'000'000; ++i)
      text.push_back(round == 0 ? kLetters[random() % kLetters.size()] : static_cast<char>(random()));
    agree_on(text, "round " + std::to_string(round));
  }
}

TEST(SecretRules, AMistakeInTheTextNamesItsLine) {
  const auto message_of = [](const std::string& text) {
    try {
      parse_rules(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_NE(message_of("a\tlive\tobserved\t'x' hex{4}\t-\t-\t-\tX: x\nb\tlive").find("line 2"), std::string::npos);
  for (const auto* structure :
       {"hex", "hex{", "hex{4", "hex{5,4}", "hex{0}", "nonsense{4}", "'x", "('x'", "", "hex{99999}", "'\\t'"})
    EXPECT_NE(message_of(std::string("a\tlive\tobserved\t") + structure + "\t-\t-\t-\tX: x"), "none") << structure;
}

}  // namespace
}  // namespace baton::precheck::secrets
