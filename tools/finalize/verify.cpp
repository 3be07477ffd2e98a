// The offline walk, printed.
#include "tools/finalize/verify.h"

#include <fmt/format.h>

#include "common/handoff/verify.h"
#include "common/io/glob.h"
#include "common/step/previous_step.h"

namespace baton::finalize {
namespace {

/// Files of this deployment: other deployments have folders of their own, which are verified on their own.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto* pattern : {"*", "evidence/*"}) {
    for (const auto& file : find_files(folder, pattern))
      names.push_back(file.lexically_relative(folder).generic_string());
  }
  return names;
}

}  // namespace

StepResult verify(const std::vector<std::string>& arguments, Env& env) {
  const fs::path folder = arguments.empty() ? env.dir : fs::path(arguments.front());
  const auto walked = verify_folder({.read =
                                         [&](const std::string& name) {
                                           return read_file_if_exists(Inside{folder, name});
                                         },
                                     .trust = trusted_keys(env.loaded),
                                     .names = names_in(folder)});
  StepResult result{.verdict = walked.is_good ? Verdict::proceed : Verdict::stop};
  if (!walked.is_good) result.code = ExitCode::handoff;
  result.summary = walked.says + "\n";
  for (const auto& line : walked.lines)
    result.summary += fmt::format("{} {}: {}\n", line.is_good ? "✅" : "❌", line.name, line.says);
  result.record["verified"] = walked.is_good;
  result.record["says"] = walked.says;
  return result;
}

}  // namespace baton::finalize
