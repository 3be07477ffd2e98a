// Status objects.
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {

Json status_of(const Refusal& refusal) {
  return Json::object({{"kind", "Status"},
                       {"apiVersion", "v1"},
                       {"metadata", Json::object()},
                       {"status", "Failure"},
                       {"message", refusal.what()},
                       {"reason", refusal.reason()},
                       {"code", refusal.code()}});
}

Refusal not_found(const std::string& qualified_plural, const std::string& name) {
  return {404, "NotFound", qualified_plural + " \"" + name + "\" not found"};
}

Refusal conflict(const std::string& qualified_plural, const std::string& name, const std::string& why) {
  return {409, "Conflict", "Operation cannot be fulfilled on " + qualified_plural + " \"" + name + "\": " + why};
}

Refusal invalid(const std::string& message) { return {422, "Invalid", message}; }
Refusal bad_request(const std::string& message) { return {400, "BadRequest", message}; }
Refusal not_served() { return {404, "NotFound", "the server could not find the requested resource"}; }

}  // namespace baton::sandbox
