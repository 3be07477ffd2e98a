// A scanner for just enough SQL: what can hide a semicolon.
#include "tools/migrate/sql/statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "common/core/text.h"

namespace baton::migrate {
namespace {

using database::Engine;

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t behind(std::string_view sql, std::string_view end, std::size_t from) {
  const auto found = sql.find(end, from);
  return found == std::string_view::npos ? sql.size() : found + end.size();
}

std::size_t behind_word(std::string_view sql, std::size_t at) {
  while (at < sql.size() && is_word_character(sql[at])) ++at;
  return at;
}

/// A doubled quote needs no care: it reads as the end of one text and the beginning of the next.
std::size_t behind_escaped_text(std::string_view sql, std::size_t at) {
  for (; at < sql.size() && sql[at] != '\''; ++at) {
    if (sql[at] == '\\') ++at;
  }
  return std::min(at + 1, sql.size());
}

std::size_t behind_nested_comment(std::string_view sql, std::size_t at) {
  int depth = 0;
  while (at < sql.size()) {
    const auto pair = sql.substr(at, 2);
    if (pair == "/*") ++depth;
    if (pair == "*/") --depth;
    at += pair == "/*" || pair == "*/" ? 2U : 1U;
    if (depth == 0) break;
  }
  return std::min(at, sql.size());
}

/// Behind "$tag$ … $tag$"; behind the dollar alone where it opens no such text.
std::size_t behind_dollar_text(std::string_view sql, std::size_t at) {
  const auto close = behind_word(sql, at + 1);
  const bool is_tag =
      close < sql.size() && sql[close] == '$' && std::isdigit(static_cast<unsigned char>(sql[at + 1])) == 0;
  if (!is_tag) return at + 1;
  return behind(sql, sql.substr(at, close + 1 - at), close + 1);
}

struct Token {
  enum class Kind { blank, word, semicolon, other };
  Kind kind = Kind::other;
  std::size_t end = 0;
};

Token word_or_text(std::string_view sql, std::size_t at) {
  const auto end = behind_word(sql, at);
  const bool escapes = end - at == 1 && (sql[at] == 'e' || sql[at] == 'E') && end < sql.size() && sql[end] == '\'';
  if (escapes) return {Token::Kind::other, behind_escaped_text(sql, end + 1)};
  // A dollar inside a name belongs to it and opens nothing.
  if (end < sql.size() && sql[end] == '$') return {Token::Kind::word, behind_word(sql, end + 1)};
  return {Token::Kind::word, end};
}

Token comment_at(std::string_view sql, std::size_t at, Engine engine) {
  if (sql[at] == '-') return {Token::Kind::blank, behind(sql, "\n", at)};
  const bool nests = engine == Engine::postgresql;
  return {Token::Kind::blank, nests ? behind_nested_comment(sql, at) : behind(sql, "*/", at + 2)};
}

Token token_at(std::string_view sql, std::size_t at, Engine engine) {
  const char c = sql[at];
  const auto pair = sql.substr(at, 2);
  if (std::isspace(static_cast<unsigned char>(c)) != 0) return {Token::Kind::blank, at + 1};
  if (pair == "--" || pair == "/*") return comment_at(sql, at, engine);
  if (is_word_character(c)) return word_or_text(sql, at);
  if (c == ';') return {Token::Kind::semicolon, at + 1};
  if (c == '\'' || c == '"') return {Token::Kind::other, behind(sql, sql.substr(at, 1), at + 1)};
  if (c == '$' && engine == Engine::postgresql) return {Token::Kind::other, behind_dollar_text(sql, at)};
  if (c == '`' && engine == Engine::sqlite) return {Token::Kind::other, behind(sql, "`", at + 1)};
  if (c == '[' && engine == Engine::sqlite) return {Token::Kind::other, behind(sql, "]", at + 1)};
  return {Token::Kind::other, at + 1};
}

/// Bodies that hold semicolons of their own: SQLite's CREATE TRIGGER … ON table … BEGIN … END and PostgreSQL's CREATE
/// FUNCTION … BEGIN ATOMIC … END. Almost every word may be a name too; taking one for a body would hide a COMMIT.
class Body {
 public:
  explicit Body(Engine engine) : engine_(engine) {}

  void take(Token::Kind kind, std::string_view text) {
    const bool is_name = std::exchange(is_behind_dot_, text == ".") || kind != Token::Kind::word;
    if (has_on_ && !has_table_) {
      has_table_ = true;
    } else if (!is_name) {
      take_word(to_lower(text));
    }
  }
  bool is_open() const { return depth_ > 0; }

 private:
  void take_word(std::string word) {
    if (first_.empty()) {
      first_ = word;
    } else if (first_ == "create" && made_.empty() && std::ranges::find(kBetween, word) == kBetween.end()) {
      made_ = word;
    } else if (depth_ > 0) {
      depth_ += (word == "case" ? 1 : 0) - (word == "end" ? 1 : 0);
    } else if (opens(word)) {
      depth_ = 1;
    }
    has_on_ = has_on_ || (is_trigger() && word == "on");
    last_ = std::move(word);
  }
  bool is_trigger() const { return engine_ == Engine::sqlite && made_ == "trigger"; }
  bool opens(std::string_view word) const {
    if (engine_ == Engine::sqlite) return is_trigger() && has_table_ && word == "begin";
    return (made_ == "function" || made_ == "procedure") && word == "atomic" && last_ == "begin";
  }

  static constexpr std::array<std::string_view, 4> kBetween = {"or", "replace", "temp", "temporary"};

  Engine engine_;
  std::string first_;
  std::string made_;  ///< what a CREATE makes
  std::string last_;
  bool is_behind_dot_ = false;
  bool has_on_ = false;
  bool has_table_ = false;
  int depth_ = 0;
};

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql, Engine engine) {
  std::vector<std::string_view> statements;
  std::size_t begin = std::string_view::npos;
  Body body(engine);
  const auto close = [&](std::size_t end) {
    if (begin != std::string_view::npos) statements.push_back(trim(sql.substr(begin, end - begin)));
    begin = std::string_view::npos;
    body = Body(engine);
  };
  for (std::size_t at = 0; at < sql.size();) {
    const Token token = token_at(sql, at, engine);
    if (token.kind == Token::Kind::semicolon && !body.is_open()) {
      close(at);
    } else if (token.kind != Token::Kind::blank) {
      if (begin == std::string_view::npos) begin = at;
      body.take(token.kind, sql.substr(at, token.end - at));
    }
    at = token.end;
  }
  close(sql.size());
  return statements;
}

bool controls_transaction(std::string_view statement) {
  constexpr std::array<std::string_view, 6> kWords = {"begin", "start", "commit", "end", "abort", "rollback"};
  std::vector<std::string> words;
  for (std::size_t at = 0; at < statement.size() && words.size() < 3;) {
    const Token token = token_at(statement, at, Engine::postgresql);
    if (token.kind == Token::Kind::word) words.push_back(to_lower(statement.substr(at, token.end - at)));
    at = token.end;
  }
  words.resize(3);
  if (words[0] == "prepare") return words[1] == "transaction";
  if (words[0] == "rollback" && (words[1] == "to" || words[2] == "to")) return false;
  return std::ranges::find(kWords, words[0]) != kWords.end();
}

}  // namespace baton::migrate
