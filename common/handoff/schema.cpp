// The handoff's shape as JSON Schema; a test holds it against the reader.
#include "common/handoff/schema.h"

#include <initializer_list>
#include <string_view>

#include "common/core/finding.h"
#include "common/handoff/handoff.h"
#include "common/handoff/handoff_terms.h"

namespace baton {
namespace {

using Members = std::initializer_list<Json::Member>;

Json type(std::string_view name) { return Json::object({{"type", name}}); }
Json text() { return type("string"); }
Json filled() { return Json::object({{"type", "string"}, {"minLength", 1}}); }
Json time() { return Json::object({{"type", "string"}, {"format", "date-time"}}); }
Json fixed(std::string_view value) { return Json::object({{"const", value}}); }
Json hex() { return Json::object({{"type", "string"}, {"pattern", "^[0-9a-fA-F]{64}$"}}); }
Json list(Json item) { return Json::object({{"type", "array"}, {"items", std::move(item)}}); }
Json nullable(Json value) { return Json::object({{"anyOf", Json::array({std::move(value), type("null")})}}); }

/// Every member of `required` must be there; those of `optional` may be.
Json object(Members required, Members optional = {}) {
  Json names = Json::array();
  Json properties = Json::object();
  for (const auto& [key, schema] : required) {
    names.push_back(key);
    properties[key] = schema;
  }
  for (const auto& [key, schema] : optional) properties[key] = schema;
  return Json::object({{"type", "object"}, {"required", names}, {"properties", properties}});
}

Json closed(Json schema) {
  schema["additionalProperties"] = false;
  return schema;
}

Json digest() { return object({}, {{"sha256", hex()}}); }

Json verdicts() {
  Json names = Json::array();
  for (const Verdict verdict : {Verdict::proceed, Verdict::caution, Verdict::stop, Verdict::unknown,
                                Verdict::rolled_back, Verdict::rollback_failed, Verdict::again, Verdict::superseded}) {
    names.push_back(verdict_name(verdict));
  }
  return Json::object({{"enum", names}});
}

Json outcomes() {
  Json names = Json::array();
  for (const Outcome outcome : {Outcome::pass, Outcome::warn, Outcome::fail, Outcome::unknown, Outcome::skipped}) {
    names.push_back(outcome_name(outcome));
  }
  return Json::object({{"enum", names}});
}

Json steps() {
  Json names = Json::array();
  for (const std::string_view step : kSteps) names.push_back(step);
  return Json::object({{"enum", names}});
}

Json finding() {
  return object({{"id", text()},
                 {"sop", text()},
                 {"title", text()},
                 {"critical", type("boolean")},
                 {"outcome", outcomes()},
                 {"observed", text()},
                 {"unit", text()},
                 {"expected", text()},
                 {"message", text()},
                 {"evidence", list(text())},
                 {"duration_ms", text()}},
                {{"settled", type("boolean")}, {"query", text()}, {"log", list(text())}});
}

Json predicate() {
  const Json release = object(
      {{"app", filled()}, {"version", filled()}, {"environment", filled()}, {"commit", text()}, {"id", filled()}});
  const Json target = object(
      {},
      {{"cluster_uid", text()}, {"namespace", text()}, {"service", text()}, {"database", text()}, {"live", text()}});
  const Json evidence =
      object({{"name", text()}, {"kind", text()}, {"digest", digest()}, {"about", text()}, {"produced_at", text()}});
  const Json run = object({{"ci", text()},
                           {"pipeline_started_at", text()},
                           {"repository", text()},
                           {"id", text()},
                           {"attempt", text()},
                           {"actor", text()},
                           {"url", text()}});
  return object({{"schema", Json::object({{"type", "string"}, {"pattern", "^1\\."}})},
                 {"step", steps()},
                 {"seq", Json::object({{"type", "integer"}, {"minimum", 1}, {"maximum", 5}})},
                 {"release", release},
                 {"targets", list(target)},
                 {"verdict", verdicts()},
                 {"findings", list(finding())},
                 {"evidence", list(evidence)},
                 {"state", type("object")},
                 {"artifacts", list(object({{"name", filled()}, {"digest", digest()}}))},
                 {"previous",
                  object({{"step", nullable(steps())}, {"sha256", nullable(hex())}}, {{"not_compared", list(text())}})},
                 {"policy", object({{"sha256", text()}, {"overrides", list(text())}})},
                 {"sop", text()},
                 {"run", run},
                 {"tool", object({{"name", text()}, {"version", text()}})},
                 {"started_at", time()},
                 {"finished_at", time()}},
                {{"observed", text()}, {"standalone", type("boolean")}, {"expires_at", time()}});
}

}  // namespace

std::string handoff_schema() {
  const Json subject = closed(object({{"name", filled()}, {"digest", digest()}}));
  Json subjects = list(subject);
  subjects["minItems"] = 1;
  subjects["maxItems"] = 1;
  Json schema = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Baton handoff"}});
  const Json statement = closed(object({{"_type", fixed(kStatementType)},
                                        {"subject", subjects},
                                        {"predicateType", fixed(kPredicateType)},
                                        {"predicate", predicate()}}));
  for (const auto& [key, value] : statement.members()) schema[key] = value;
  return to_pretty_text(schema);
}

}  // namespace baton
