// The release's image and the live colour.
#include "tools/precheck/subject.h"

#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// Runs `ask`; what cannot be looked at stays as it is.
template <typename Ask>
void where_possible(const View& env, std::string_view what, Ask ask) {
  try {
    ask();
  } catch (const Error& error) {
    const bool is_absent = error.code() == ExitCode::usage && env.is_standalone();
    if ((error.code() == ExitCode::usage && !is_absent) || error.code() == ExitCode::interrupted) throw;
    env.log.debug(std::string(what) + " is not known: " + error.what());
  }
}

}  // namespace

Identity identify(Env& env) {
  const Look look(env);
  Identity identity;
  where_possible(env, "the cluster", [&] {
    identity.target.namespace_ = look.namespace_name();
    identity.target.service = rollout::service_name(env.config);
    identity.target.cluster_uid = look.cluster_uid();
    identity.target.live = look.live_description();
  });
  if (!env.config.database().url.empty())
    identity.target.database = database::parse_address(env.config.database().url).identity;
  if (env.config.image.empty()) return identity;
  identity.subject.name = image_with_tag(env);
  where_possible(env, "the image's digest", [&] {
    const auto& image = look.image();
    if (image.manifest) identity.subject.sha256 = image.manifest->digest.substr(image.manifest->digest.find(':') + 1);
  });
  return identity;
}

}  // namespace baton::precheck
