// How a value of each type is read, shown and described in the schema.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/config/endpoint.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/config/source.h"
#include "common/core/json.h"
#include "common/core/units.h"

namespace baton::config {

/// The schema of a typed value, which a ${…} may stand for as well.
Json or_filled(Json schema);
/// Whatever stands in a file without being a list or a mapping: YAML's `1.10` is text where text is wanted.
Json text_schema();
/// Names the form, with its units, for people.
Json titled(Json schema, std::string_view form);
/// A text of this form.
Json pattern_schema(std::string_view expression);
/// A duration over 0s.
Json positive_duration();

/// `read` fails through the source when the node is of another type. `show` gives what `read` would take, without
/// secrets; null where nothing is set.
template <typename T>
struct Codec;

#define BATON_CODEC(Type)                                         \
  template <>                                                     \
  struct Codec<Type> {                                            \
    static Type read(const Source& source, const YamlNode& node); \
    static Json show(const Type& value);                          \
    static Json schema();                                         \
  }

BATON_CODEC(std::string);
BATON_CODEC(bool);
BATON_CODEC(int);
BATON_CODEC(double);
BATON_CODEC(Duration);
BATON_CODEC(std::optional<Duration>);
BATON_CODEC(std::optional<Limit>);
BATON_CODEC(Percent);
BATON_CODEC(Size);
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
BATON_CODEC(SonarQube);
BATON_CODEC(Pointed);
BATON_CODEC(OnCall);
BATON_CODEC(std::vector<AllowedSecret>);
BATON_CODEC(std::vector<Waiver>);

#undef BATON_CODEC

}  // namespace baton::config
