// One answer, on a connection of its own.
#include "common/rollout/heard.h"

#include "common/config/sections/switch.h"
#include "common/rollout/smoke.h"

namespace baton::rollout {

std::optional<std::string> version_at(Context& context, const std::string& url, Duration deadline,
                                      const std::stop_token& stop) {
  try {
    const auto answer =
        context.http.send({.url = url, .deadline = deadline, .new_connection = true, .retry = false}, stop);
    return identity_in(context.config.rollout().identify, answer.headers, answer.body);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace baton::rollout
