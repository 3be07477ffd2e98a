// Reads WWW-Authenticate headers.
#include "common/clients/registry/challenge.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton::registry {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::vector<Challenge> read() {
    std::vector<Challenge> challenges;
    for (skip_separators(); !rest_.empty(); skip_separators()) {
      const std::string word = to_lower(take_token());
      if (word.empty()) break;
      skip_blanks_before_equals();
      if (skip_padding()) continue;
      if (!rest_.starts_with('=')) {
        challenges.push_back({.scheme = word, .parameters = {}});
      } else if (challenges.empty() || !read_value(challenges.back().parameters[word])) {
        break;
      }
    }
    return challenges;
  }

 private:
  void skip_separators() {
    const std::size_t next = rest_.find_first_not_of(" \t,");
    rest_.remove_prefix(std::min(next, rest_.size()));
  }

  /// A recipient reads blanks around '=' (RFC 9110, 5.6.3).
  void skip_blanks_before_equals() {
    const std::size_t next = rest_.find_first_not_of(" \t");
    if (next != std::string_view::npos && rest_[next] == '=') rest_.remove_prefix(next);
  }

  /// What follows Negotiate and its like is no parameter: its '=' are padding, with nothing behind them.
  bool skip_padding() {
    const std::size_t end = std::min(rest_.find_first_not_of('='), rest_.size());
    const bool is_padding = end > 0 && (end == rest_.size() || rest_[end] == ',');
    if (is_padding) rest_.remove_prefix(end);
    return is_padding;
  }

  std::string_view take_token() {
    const std::string_view token = rest_.substr(0, rest_.find_first_of(" \t,=\""));
    rest_.remove_prefix(token.size());
    return token;
  }

  bool read_value(std::string& value) {
    rest_.remove_prefix(1);
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    if (!rest_.starts_with('"')) {
      value = take_token();
      return true;
    }
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      value += rest_[i];
    }
    return false;
  }

  std::string_view rest_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) { return Reader(header).read(); }

}  // namespace baton::registry
