// Asks the git program about the checkout.
#include "common/clients/git.h"

#include "common/core/text.h"

namespace baton::git {
namespace {

/// What git printed; nothing when it said no.
std::optional<std::string> ask(const std::filesystem::path& folder, const std::vector<std::string>& question,
                               std::stop_token stop) {
  // CI runners check out as one user and run as another; only names of commits are read, nothing of the checkout is
  // run.
  ProcessRequest request{.argv = {"git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", folder.string()},
                         .environment = {{"LC_ALL", "C"}}};
  request.argv.insert(request.argv.end(), question.begin(), question.end());
  const ProcessResult result = run_process(request, stop);
  if (result.exit_code != 0) return std::nullopt;
  return std::string(trim(result.output));
}

}  // namespace

std::optional<Checkout> look(const std::filesystem::path& folder, std::stop_token stop) {
  if (!find_program("git")) return std::nullopt;
  const std::optional<std::string> commit = ask(folder, {"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}, stop);
  if (!commit) return std::nullopt;
  return Checkout{.commit = *commit, .exact_tag = ask(folder, {"describe", "--tags", "--exact-match", "HEAD"}, stop)};
}

}  // namespace baton::git
