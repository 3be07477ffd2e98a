// Messages with the release's facts.
#include "tools/watch/telling.h"

#include "common/step/announce.h"

namespace baton::watch {

void tell(Env& env, std::string_view event, const std::string& subject, const std::string& text) {
  announce(env, Audience::incident,
           {.subject = subject,
            .text = text,
            .event = std::string(event),
            .facts = Json::object(
                {{"app", env.release.app}, {"version", env.release.version}, {"environment", env.release.environment}}),
            .key = std::string(event)});
}

}  // namespace baton::watch
