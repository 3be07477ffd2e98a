// Events.
#include "tests/sandbox/recorder.h"

#include "common/core/digest.h"
#include "tests/sandbox/json_tools.h"

namespace baton::sandbox {

void Recorder::record(const Json& object, EventType type, const std::string& reason, const std::string& message) {
  const auto& kind = kind_named("Event");
  const auto name = name_of(object) + "." + sha256_hex(uid_of(object) + reason + message).substr(0, 16);
  const auto now = seconds_stamp(clock_.now());
  const Key key{.kind = &kind, .ns = namespace_of(object), .name = name};
  if (store_.find(key)) {
    store_.update_if_there(key, [&](Json& event) {
      event["count"] = std::as_const(event)["count"].integer() + 1;
      event["lastTimestamp"] = now;
    });
    return;
  }
  const auto involved = Json::object({{"apiVersion", object["apiVersion"]},
                                      {"kind", object["kind"]},
                                      {"namespace", key.ns},
                                      {"name", name_of(object)},
                                      {"uid", uid_of(object)}});
  store_.create(kind, Json::object({{"metadata", Json::object({{"name", name}, {"namespace", key.ns}})},
                                    {"involvedObject", involved},
                                    {"type", type == EventType::warning ? "Warning" : "Normal"},
                                    {"reason", reason},
                                    {"message", message},
                                    {"source", Json::object({{"component", component_}})},
                                    {"count", 1},
                                    {"firstTimestamp", now},
                                    {"lastTimestamp", now}}));
}

}  // namespace baton::sandbox
