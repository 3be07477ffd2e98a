// Runs credential plugins and reads what they print.
#include "common/clients/kube/exec.h"

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/process.h"

namespace baton::kube {
namespace {

std::string exec_info(const ExecPlugin& plugin) {
  Json spec = Json::object({{"interactive", false}});
  if (!plugin.cluster.is_null()) spec["cluster"] = plugin.cluster;
  return to_text(Json::object({{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}}));
}

Error unusable(std::string_view name, std::string_view cause, std::string hint = {}) {
  return {ExitCode::unknown, fmt::format("the credential plugin '{}' gave no credential: {}", name, cause),
          std::move(hint)};
}

std::string hint_of(const ExecPlugin& plugin) {
  if (!plugin.install_hint.empty()) return printable(plugin.install_hint, 500);
  return fmt::format("Run '{}' by hand and see that it works without a terminal.", plugin.argv.front());
}

}  // namespace

ExecCredential parse_exec_credential(std::string_view text, std::string_view api_version, std::string_view name) {
  const Json answer = parse_json(text, fmt::format("output of {}", name), {.bytes = 1U << 20U});
  if (answer["kind"] != Json("ExecCredential")) throw unusable(name, "what it printed is no ExecCredential");
  if (answer["apiVersion"] != Json(api_version)) {
    throw unusable(name, fmt::format("it did not answer in version '{}'", api_version));
  }
  const Json& status = answer["status"];
  ExecCredential credential{.token = status["token"].string_or(""),
                            .certificate_pem = status["clientCertificateData"].string_or(""),
                            .key_pem = status["clientKeyData"].string_or("")};
  if (credential.certificate_pem.empty() != credential.key_pem.empty()) {
    throw unusable(name, "only one half of certificate and key");
  }
  if (credential.token.empty() && credential.key_pem.empty()) throw unusable(name, "neither token nor certificate");
  const std::string expires = status["expirationTimestamp"].string_or("");
  if (expires.empty()) return credential;
  credential.expires = parse_rfc3339(expires);
  if (!credential.expires) throw unusable(name, fmt::format("its expiry '{}' is no time", printable(expires, 40)));
  return credential;
}

ExecCredential run_exec_plugin(const ExecPlugin& plugin, Duration timeout, std::stop_token stop) {
  const std::string& name = plugin.argv.front();
  if (!find_program(name)) throw unusable(name, "there is no such program", hint_of(plugin));
  ProcessRequest request{.argv = plugin.argv, .timeout = timeout, .environment = plugin.environment};
  request.environment["KUBERNETES_EXEC_INFO"] = exec_info(plugin);
  const ProcessResult result = run_process(request, stop);
  if (result.exit_code != 0) {
    throw unusable(name, fmt::format("exit code {}: {}", result.exit_code, printable(trim(result.error), 500)),
                   hint_of(plugin));
  }
  return parse_exec_credential(result.output, plugin.api_version, name);
}

}  // namespace baton::kube
