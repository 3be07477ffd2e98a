// One run of a SARIF file: its rules and results stand in any order and refer to each other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {

struct SarifRule {
  std::string id = {};
  std::optional<std::string> level = {};  ///< its default: "error", "warning", "note", "none"
  std::string score = {};                 ///< its "security-severity"; empty: none
  bool is_security = false;               ///< it says that it is about vulnerabilities
};

/// What is kept of a result.
struct SarifResult {
  std::string rule = {};       ///< id, may be "a/b" below the rule "a"
  std::string component = {};  ///< the number of the extension that has the rule; empty: the tool itself
  long long index = -1;        ///< of the rule there; -1: not said
  std::optional<std::string> level = {};
  std::string score = {};
  bool is_decided = true;  ///< false: a person still has to look (kind open or review)
  std::string package = {};
  std::string version = {};
  std::string fixed = {};
  FindingState standing = FindingState::found;
  std::string reason = {};
};

/// SARIF 2.1.0, §3.14 (run), §3.27 (result), §3.50 (reportingConfiguration), §3.35 (suppression).
class SarifRun {
 public:
  std::string tool = {};
  std::string version = {};
  bool has_results = false;  ///< absent ones mean that nothing ran (§3.14.23)

  /// `component` as in SarifResult.
  void add_rule(const std::string& component, const Json& rule);
  void override_rule(const Json& change);
  void add_result(const Json& result, std::string_view report);
  /// Adds findings, tool and what it looked at. Throws Error{unknown} where nothing ran, or the tool is none that looks
  /// for vulnerabilities.
  void finish(SecurityReport& report) const;

 private:
  /// The rules of the tool or of an extension.
  struct Rules {
    std::vector<SarifRule> all = {};
    std::map<std::string, std::size_t> by_id = {};
  };
  const SarifRule* rule_of(const SarifResult& result) const;
  std::string level_of(const SarifResult& result, const SarifRule* rule) const;

  std::map<std::string, Rules> rules_ = {};            ///< by component
  std::map<std::string, std::string> overrides_ = {};  ///< levels by the rule's id, or "COMPONENT#INDEX"
  std::vector<SarifResult> results_ = {};
};

}  // namespace baton::precheck
