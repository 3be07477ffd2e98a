// Writes a handoff as an in-toto statement.
#include "common/handoff/handoff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "common/core/error.h"
#include "common/handoff/handoff_terms.h"

namespace baton {
namespace {

Json digest_json(const std::string& sha256) {
  Json digest = Json::object();
  if (!sha256.empty()) digest["sha256"] = sha256;
  return digest;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

/// Only what is known: a member that is not there was not looked at.
Json target_json(const Target& target) {
  Json json = Json::object();
  const std::initializer_list<std::pair<std::string_view, const std::string&>> members = {
      {"cluster_uid", target.cluster_uid},
      {"namespace", target.namespace_},
      {"service", target.service},
      {"database", target.database},
      {"live", target.live}};
  for (const auto& [key, value] : members) {
    if (!value.empty()) json[key] = value;
  }
  return json;
}

Json evidence_json(const Evidence& evidence) {
  return Json::object({{"name", evidence.name},
                       {"kind", evidence.kind},
                       {"digest", digest_json(evidence.sha256)},
                       {"about", evidence.about},
                       {"produced_at", evidence.produced_at}});
}

Json artifact_json(const Artifact& artifact) {
  return Json::object({{"name", artifact.name}, {"digest", digest_json(artifact.sha256)}});
}

Json previous_json(const Handoff& handoff) {
  Json json =
      Json::object({{"step", text_or_null(handoff.previous_step)}, {"sha256", text_or_null(handoff.previous_sha256)}});
  if (!handoff.not_compared.empty()) json["not_compared"] = json_list(handoff.not_compared);
  return json;
}

Json run_json(const RunInfo& run) {
  return Json::object({{"ci", run.ci},
                       {"pipeline_started_at", run.pipeline_started_at},
                       {"repository", run.repository},
                       {"id", run.id},
                       {"attempt", run.attempt},
                       {"actor", run.actor},
                       {"url", run.url}});
}

Json predicate_json(const Handoff& handoff) {
  Json json = Json::object({{"schema", kHandoffSchema},
                            {"step", handoff.step},
                            {"seq", step_number(handoff.step)},
                            {"release", to_json(handoff.release)},
                            {"targets", json_list(handoff.targets, target_json)},
                            {"verdict", verdict_name(handoff.verdict)}});
  if (!handoff.observed.empty()) json["observed"] = handoff.observed;
  json["findings"] = json_list(handoff.findings, [](const Finding& finding) { return to_json(finding); });
  json["evidence"] = json_list(handoff.evidence, evidence_json);
  json["state"] = handoff.state.is_null() ? Json::object() : handoff.state;
  json["artifacts"] = json_list(handoff.artifacts, artifact_json);
  json["previous"] = previous_json(handoff);
  json["policy"] =
      Json::object({{"sha256", handoff.policy_sha256}, {"overrides", json_list(handoff.policy_overrides)}});
  json["sop"] = kSopVersion;
  json["standalone"] = handoff.standalone;
  json["run"] = run_json(handoff.run);
  json["tool"] = Json::object({{"name", handoff.tool_name}, {"version", handoff.tool_version}});
  json["started_at"] = to_rfc3339(handoff.started_at);
  json["finished_at"] = to_rfc3339(handoff.finished_at);
  if (handoff.expires_at) json["expires_at"] = to_rfc3339(*handoff.expires_at);
  return json;
}

}  // namespace

Json to_json(const Release& release) {
  return Json::object({{"app", release.app},
                       {"version", release.version},
                       {"environment", release.environment},
                       {"commit", release.commit},
                       {"id", release.id}});
}

int step_number(std::string_view step) {
  const auto* const found = std::ranges::find(kSteps, step);
  return found == std::end(kSteps) ? 0 : static_cast<int>(found - std::begin(kSteps)) + 1;
}

const Handoff* find_step(std::span<const Handoff> handoffs, std::string_view step) {
  const auto found = std::ranges::find(handoffs, step, &Handoff::step);
  return found == handoffs.end() ? nullptr : &*found;
}

std::string to_bytes(const Handoff& handoff) {
  const Json subject = Json::object({{"name", handoff.subject.name}, {"digest", digest_json(handoff.subject.sha256)}});
  const Json statement = Json::object({{"_type", kStatementType},
                                       {"subject", Json::array({subject})},
                                       {"predicateType", kPredicateType},
                                       {"predicate", predicate_json(handoff)}});
  if (const std::string path = first_too_large(statement); !path.empty()) {
    throw Error(ExitCode::error, "the handoff's '" + path + "' is an integer beyond 2^53",
                "Write it as a decimal string.");
  }
  std::string bytes = to_pretty_text(statement);
  if (bytes.size() <= kMaxHandoffBytes) return bytes;
  throw Error(ExitCode::error,
              fmt::format("the handoff has {} bytes, and its readers take {}", bytes.size(), kMaxHandoffBytes),
              "Pass fewer evidence files, e.g. one joined report for each kind.");
}

}  // namespace baton
