// How bad a result of SARIF is, and whether it counts.
#include "tools/precheck/reports/sarif_run.h"

#include <algorithm>
#include <array>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMost = 100'000;  // rules, and results

struct Tool {
  std::string_view name;
  ScanOf of;
};
/// Tools whose silence says something about vulnerabilities. Others must say so in their rules.
constexpr std::array kTools = {Tool{"trivy", ScanOf::packages},
                               Tool{"grype", ScanOf::packages},
                               Tool{"osv-scanner", ScanOf::packages},
                               Tool{"snyk open source", ScanOf::packages},
                               Tool{"snyk container", ScanOf::packages},
                               Tool{"docker scout", ScanOf::packages},
                               Tool{"dependency-check", ScanOf::packages},
                               Tool{"govulncheck", ScanOf::packages},
                               Tool{"snyk code", ScanOf::code},
                               Tool{"snykcode", ScanOf::code},
                               Tool{"codeql", ScanOf::code},
                               Tool{"semgrep", ScanOf::code},
                               Tool{"semgrep oss", ScanOf::code},
                               Tool{"bandit", ScanOf::code},
                               Tool{"gosec", ScanOf::code},
                               Tool{"brakeman", ScanOf::code}};

const Tool* tool_of(std::string_view name) {
  const auto found = std::ranges::find(kTools, to_lower(trim(name)), &Tool::name);
  return found == kTools.end() ? nullptr : &*found;
}

std::optional<std::string> level_in(const Json& level) {
  if (auto text = brief(level); !text.empty()) return text;
  return std::nullopt;
}

/// A text in SARIF, a number where somebody forgot.
std::string score_in(const Json& properties) {
  const auto& score = properties["security-severity"];
  return score.is_number() ? std::to_string(score.number()) : brief(score);
}

long long index_in(const Json& number) { return number.is_integer() ? number.integer() : -1; }

Severity severity_of_level(std::string_view level) {
  if (level == "error") return Severity::high;
  if (level == "warning") return Severity::medium;
  if (level == "note") return Severity::low;
  return level == "none" ? Severity::negligible : Severity::unknown;
}

std::string key_of(const std::string& component, long long index) { return component + "#" + std::to_string(index); }

/// A suppression that is refused or under review is none; one without a justification says nothing.
void suppress(const Json& suppressions, SarifResult& result) {
  for (const auto& suppression : suppressions.items_or_none()) {
    const auto status = brief(suppression["status"]);
    if (status == "rejected" || status == "underReview") return;
    if (result.reason.empty()) result.reason = brief(suppression["justification"]);
  }
  if (result.reason.empty()) return;
  result.standing = FindingState::ignored;
  result.reason = "suppressed: " + result.reason;
}

/// What Trivy and others write into the message as "Key: value" lines; else the file and its line.
void take_package(const Json& result, SarifResult& taken) {
  const auto& text = result["message"]["text"];
  if (text.is_string()) {
    for (const auto& line : split(text.string(), '\n')) {
      if (line.starts_with("Package: ")) taken.package = printable(trim(line.substr(9)), 200);
      if (line.starts_with("Installed Version: ")) taken.version = printable(trim(line.substr(19)), 200);
      if (line.starts_with("Fixed Version: ")) taken.fixed = printable(trim(line.substr(15)), 200);
    }
  }
  if (!taken.package.empty()) return;
  const auto& locations = result["locations"].items_or_none();
  if (locations.empty()) return;
  const auto& place = locations.front()["physicalLocation"];
  const auto& line = place["region"]["startLine"];
  taken.package = brief(place["artifactLocation"]["uri"]);
  if (line.is_integer()) taken.package += ":" + std::to_string(line.integer());
}

}  // namespace

void SarifRun::add_rule(const std::string& component, const Json& rule) {
  auto& [rules, by_id] = rules_[component];
  if (rules.size() == kMost) return;
  SarifRule own{.id = brief(rule["id"]),
                .level = level_in(rule["defaultConfiguration"]["level"]),
                .score = score_in(rule["properties"])};
  const auto tags = texts_of(rule["properties"]["tags"]);
  own.is_security = !own.score.empty() || std::ranges::any_of(tags, [](const auto& tag) {
    return to_lower(tag) == "security" || to_lower(tag) == "vulnerability";
  });
  by_id.emplace(own.id, rules.size());
  rules.push_back(std::move(own));
}

void SarifRun::override_rule(const Json& change) {
  const auto level = level_in(change["configuration"]["level"]);
  if (!level) return;
  const auto& descriptor = change["descriptor"];
  const auto component = index_in(descriptor["toolComponent"]["index"]);
  if (const auto id = brief(descriptor["id"]); !id.empty()) overrides_[id] = *level;
  if (const auto index = index_in(descriptor["index"]); index >= 0)
    overrides_[key_of(component < 0 ? "" : std::to_string(component), index)] = *level;
}

void SarifRun::add_result(const Json& result, std::string_view report) {
  if (results_.size() == kMost) refuse_report(report, "it has more than 100000 results");
  if (result["baselineState"] == Json("absent")) return;  // it was there once
  const auto kind = result["kind"].string_or("fail");
  const bool is_decided = kind != "open" && kind != "review";
  if (kind != "fail" && is_decided) return;
  const auto& rule = result["rule"];
  const auto component = index_in(rule["toolComponent"]["index"]);
  SarifResult own{.rule = brief(result["ruleId"]),
                  .component = component < 0 ? "" : std::to_string(component),
                  .index = index_in(result["ruleIndex"]),
                  .level = level_in(result["level"]),
                  .score = score_in(result["properties"]),
                  .is_decided = is_decided};
  if (own.rule.empty()) own.rule = brief(rule["id"]);
  if (own.index < 0) own.index = index_in(rule["index"]);
  suppress(result["suppressions"], own);
  take_package(result, own);
  results_.push_back(std::move(own));
}

const SarifRule* SarifRun::rule_of(const SarifResult& result) const {
  const auto component = rules_.find(result.component);
  if (component == rules_.end()) return nullptr;
  const auto& [rules, by_id] = component->second;
  if (result.index >= 0 && static_cast<std::size_t>(result.index) < rules.size())
    return &rules[static_cast<std::size_t>(result.index)];
  for (auto id = result.rule; !id.empty(); id.resize(id.find('/') == std::string::npos ? 0 : id.rfind('/'))) {
    if (const auto found = by_id.find(id); found != by_id.end()) return &rules[found->second];
  }
  return nullptr;
}

std::string SarifRun::level_of(const SarifResult& result, const SarifRule* rule) const {
  if (result.level) return *result.level;
  for (const auto& key :
       {result.rule, rule != nullptr ? rule->id : result.rule, key_of(result.component, result.index)}) {
    if (const auto found = overrides_.find(key); found != overrides_.end()) return found->second;
  }
  return rule != nullptr && rule->level ? *rule->level : "warning";
}

void SarifRun::finish(SecurityReport& report) const {
  const auto name = printable(tool, 60);
  if (!has_results)
    refuse_report(report.name, "the run of '" + name + "' has no list of results: it did not run to its end");
  const auto* known = tool_of(tool);
  const bool says_so = std::ranges::any_of(
      rules_, [](const auto& entry) { return std::ranges::any_of(entry.second.all, &SarifRule::is_security); });
  if (known == nullptr && !says_so)
    refuse_report(report.name, "'" + name + "' is not known to look for vulnerabilities, and its rules do not say so",
                  "Name the report of a security scanner.");
  if (known == nullptr || known->of == ScanOf::code) report.of = ScanOf::code;
  report.scanners.push_back(version.empty() ? name : name + " " + printable(version, 40));
  for (const auto& result : results_) {
    const auto* rule = rule_of(result);
    const auto& score = result.score.empty() && rule != nullptr ? rule->score : result.score;
    auto severity = severity_of_score(score);
    if (severity == Severity::unknown) severity = severity_of_level(level_of(result, rule));
    Vulnerability found{.id = !result.rule.empty() ? result.rule
                              : rule != nullptr    ? rule->id
                                                   : "a result without a rule",
                        .package = result.package,
                        .version = result.version,
                        .fixed = result.fixed,
                        .severity = result.is_decided ? severity : Severity::unknown,
                        .standing = result.standing,
                        .reason = result.reason};
    report.add(std::move(found));
  }
}

}  // namespace baton::precheck
