// What a secret looks like: a value, read from a line of rules.txt.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/secrets/rules/char_class.h"

namespace baton::precheck::secrets {

enum class Severity {
  live,
  low,        ///< of a test mode, often public, or switched off
  encrypted,  ///< worth as much as its passphrase
  published,  ///< made to be public
  identifier  ///< only names a secret
};

enum class Sureness { documented, announced, observed };

/// One of some texts, or so many bytes of a class.
struct Part {
  std::vector<std::string> texts = {};  ///< empty: a class
  bool is_optional = false;             ///< of texts
  CharClass set = {};
  std::size_t least = 0;
  std::size_t most = 0;
  bool is_value = false;  ///< it alone is the secret, what stands around it tells that it is one

  bool is_class() const { return texts.empty(); }
};

struct Rule {
  std::string id = {};
  Severity severity = Severity::live;
  Sureness sureness = Sureness::observed;
  std::vector<Part> parts = {};
  std::string check = {};                  ///< of checks.h; empty: none
  std::vector<std::string> keywords = {};  ///< lower case; one must stand in the same line
  double least_entropy = 0;                ///< bits a byte
  std::string title = {};
  /// Nothing of its own tells it from any other word: found by its keyword, which stands before it.
  bool is_bare = false;
};

std::string_view severity_name(Severity severity);
std::string_view sureness_name(Sureness sureness);

/// Throws Error{error} that names the line of the first mistake.
std::vector<Rule> parse_rules(std::string_view text);

}  // namespace baton::precheck::secrets
