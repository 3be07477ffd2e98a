// How a value of each type is read, shown and described in the schema.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/config/endpoint.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/config/source.h"
#include "common/core/json.h"
#include "common/core/units.h"

namespace baton::config {

/// The schema of a typed value, which a ${…} may stand for as well.
Json or_filled(Json schema);

/// "[a, b]", each value as `show` gives it.
template <typename Values, typename Show>
std::string list_text(const Values& values, Show show) {
  std::string text;
  for (const auto& value : values) {
    if (!text.empty()) text += ", ";
    text += show(value);
  }
  return "[" + text + "]";
}

/// `read` fails through the source when the node is of another type; `show` leaves secrets out.
template <typename T>
struct Codec;

#define BATON_CODEC(Type)                                         \
  template <>                                                     \
  struct Codec<Type> {                                            \
    static Type read(const Source& source, const YamlNode& node); \
    static std::string show(const Type& value);                   \
    static Json schema();                                         \
  }

BATON_CODEC(std::string);
BATON_CODEC(bool);
BATON_CODEC(int);
BATON_CODEC(double);
BATON_CODEC(Duration);
BATON_CODEC(std::optional<Duration>);
BATON_CODEC(std::optional<Limit>);
BATON_CODEC(std::vector<std::string>);
using TextMap = std::map<std::string, std::string>;
BATON_CODEC(TextMap);
BATON_CODEC(OwnQuery);
BATON_CODEC(Endpoint);
BATON_CODEC(Identify);
BATON_CODEC(std::vector<SmokeProbe>);
BATON_CODEC(std::vector<WorkerName>);
BATON_CODEC(std::vector<NotifyTarget>);
BATON_CODEC(std::vector<Hook>);
BATON_CODEC(std::vector<TrustEntry>);
using ReportList = std::vector<std::pair<std::string, std::string>>;
BATON_CODEC(ReportList);

#undef BATON_CODEC

}  // namespace baton::config
