// Routing.
#include "tests/sandbox/api.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tests/sandbox/discovery.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

/// kubectl leaves the token out where the server speaks plain HTTP: none is as good as the right one.
void authenticate(const Question& question, const std::string& token) {
  const auto given = question.header("Authorization");
  if (!given.empty() && given != "Bearer " + token) throw Refusal(401, "Unauthorized", "Unauthorized");
}

Answer refused(const Refusal& refusal) { return answer_with(status_of(refusal), refusal.code()); }

}  // namespace

Answer Api::answer(const Question& question) const {
  try {
    return serve(question);
  } catch (const Refusal& refusal) {
    return refused(refusal);
  } catch (const Error& error) {
    return refused(bad_request(error.what()));  // what is no JSON, or of another type than expected
  } catch (const std::exception& error) {
    return refused(Refusal(500, "InternalError", error.what()));
  }
}

Answer Api::serve(const Question& question) const {
  authenticate(question, token_);
  if (question.path == "/healthz" || question.path == "/livez" || question.path == "/readyz")
    return {.type = "text/plain", .body = "ok"};
  if (const auto document = discovery(question.path)) return answer_with(*document);
  return dispatch(call_from(question));
}

Answer Api::dispatch(const Call& call) const {
  struct Route {
    std::string_view subresource;
    std::string_view methods;
    bool is_of_object;
    Answer (Api::*serve)(const Call&) const;
  };
  static constexpr std::array kRoutes = {
      Route{"", "GET", true, &Api::read},
      Route{"", "GET", false, &Api::list},
      Route{"", "POST", false, &Api::create},
      Route{"", "PUT", true, &Api::replace},
      Route{"", "PATCH", true, &Api::patch},
      Route{"", "DELETE", true, &Api::remove},
      Route{"", "DELETE", false, &Api::remove_all},
      Route{"status", "GET", true, &Api::read},
      Route{"status", "PUT", true, &Api::replace},
      Route{"status", "PATCH", true, &Api::patch},
      Route{"scale", "GET PUT PATCH", true, &Api::scale},
      Route{"eviction", "POST", true, &Api::evict},
      Route{"log", "GET", true, &Api::log},
      Route{"proxy", "GET POST PUT DELETE PATCH HEAD OPTIONS", true, &Api::proxy},
  };
  if (call.kind.group == "authorization.k8s.io") return review(call);
  access_.require(call);
  if (call.kind.group == "metrics.k8s.io") return metrics(call);
  const auto* route = std::ranges::find_if(kRoutes, [&](const Route& one) {
    return one.subresource == call.subresource && one.is_of_object == !call.name.empty() &&
           one.methods.find(call.question.method) != std::string_view::npos;
  });
  if (route == kRoutes.end())
    throw Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  return (this->*route->serve)(call);
}

Answer Api::review(const Call& call) const {
  // kubectl sends this one as protobuf: it is told that everything is allowed.
  const bool is_json = call.question.header("Content-Type").starts_with("application/json");
  auto answered = is_json ? parse_json(call.question.body, "request")
                          : Json::object({{"kind", call.kind.name}, {"apiVersion", api_version(call.kind)}});
  const auto& asked = std::as_const(answered)["spec"]["resourceAttributes"];
  const auto subresource = asked["subresource"].string_or("");
  const auto right = asked["verb"].string_or("") + " " + asked["resource"].string_or("") +
                     (subresource.empty() ? "" : "/" + subresource);
  answered["status"] = Json::object({{"allowed", !is_json || access_.allows(right)}});
  return answer_with(answered, 201);
}

}  // namespace baton::sandbox
