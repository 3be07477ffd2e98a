// Findings as SARIF 2.1.0: one result a file that a finding names; what has no file is a notification of the run.
#include <algorithm>
#include <charconv>

#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/report.h"
#include "common/core/text.h"
#include "common/core/version.h"

namespace baton {
namespace {

struct Location {
  std::string path;
  int line = 0;    ///< from 1; 0: not said
  int column = 0;  ///< likewise
};

/// A number from 1 behind the text's last colon, which is taken off with it; 0 where there is none.
int take_number(std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return 0;
  int number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, number);
  if (error != std::errc{} || stop != end || number < 1) return 0;
  text.resize(colon);
  return number;
}

/// "src/a.py:12:4", "src/a.py:12", "src/a.py".
Location location_of(std::string text) {
  const int last = take_number(text);
  const int before = last == 0 ? 0 : take_number(text);
  Location location{.path = std::move(text), .line = last};
  if (before != 0) location = {.path = std::move(location.path), .line = before, .column = last};
  return location;
}

/// As a relative reference: each part of the path encoded.
std::string uri_of(const std::string& path) {
  auto parts = split(path, '/');
  std::ranges::transform(parts, parts.begin(), [](const std::string& part) { return percent_encode(part); });
  return (path.starts_with('/') ? "file://" : "") + join(parts, "/");
}

const char* level_of(Outcome outcome) { return outcome == Outcome::fail ? "error" : "warning"; }

bool is_open(const Finding& finding) { return finding.outcome != Outcome::pass && finding.outcome != Outcome::skipped; }

Json message_of(const Finding& finding) { return Json::object({{"text", finding_line(finding)}}); }

Json result_of(const Finding& finding, const std::string& file) {
  const auto location = location_of(file);
  Json physical = Json::object({{"artifactLocation", Json::object({{"uri", uri_of(location.path)}})}});
  if (location.line > 0) physical["region"]["startLine"] = location.line;
  if (location.column > 0) physical["region"]["startColumn"] = location.column;
  Json place = Json::object();
  place["physicalLocation"] = std::move(physical);
  return Json::object({{"ruleId", finding.id},
                       {"level", level_of(finding.outcome)},
                       {"message", message_of(finding)},
                       {"locations", Json::array({std::move(place)})}});
}

Json rule_of(const Finding& finding) {
  return Json::object({{"id", finding.id}, {"shortDescription", Json::object({{"text", printable(finding.title)}})}});
}

}  // namespace

std::string to_sarif(std::string_view tool, std::span<const Finding> findings) {
  Json rules = Json::array();
  Json results = Json::array();
  Json notes = Json::array();
  for (const auto& finding : findings) {
    if (!is_open(finding)) continue;
    if (!finding.files.empty()) rules.push_back(rule_of(finding));
    for (const auto& file : finding.files) results.push_back(result_of(finding, file));
    if (finding.files.empty())
      notes.push_back(Json::object({{"descriptor", Json::object({{"id", finding.id}})},
                                    {"level", level_of(finding.outcome)},
                                    {"message", message_of(finding)}}));
  }
  const Json driver = Json::object({{"name", tool}, {"version", kVersion}, {"rules", rules}});
  const Json invocation = Json::object({{"executionSuccessful", true}, {"toolExecutionNotifications", notes}});
  const Json run = Json::object(
      {{"tool", Json::object({{"driver", driver}})}, {"invocations", Json::array({invocation})}, {"results", results}});
  return to_pretty_text(Json::object({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                      {"version", "2.1.0"},
                                      {"runs", Json::array({run})}}));
}

}  // namespace baton
