// A folder, an environment and a made-up tool in it, run through the real frame.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/core/digest.h"
#include "common/frame/run_tool.h"
#include "common/io/files.h"
#include "common/step/snapshot.h"
#include "tests/support/refusal.h"

namespace baton {

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
};

class Scene {
 public:
  using Body = std::function<StepResult(Env&)>;

  std::map<std::string, std::string, std::less<>> environment = {};
  std::vector<std::string> flags = {"--set", "app=shop", "--release", "v1.6.0"};
  std::function<Identity(Env&)> identify = {};
  std::function<bool(Env&)> is_resuming = {};
  CarrierHooks carrier = {};
  /// The world agrees with whatever has ended, unless a test says otherwise.
  std::function<bool(Env&, const Handoff&)> is_confirmed = [](Env&, const Handoff&) { return true; };

  fs::path dir() const { return temp_.path() / "dot"; }
  fs::path path(const std::string& name) const { return temp_.path() / name; }
  HandoffFolder folder() const { return HandoffFolder(dir()); }
  std::string bytes(const std::string& name) const { return read_file(dir() / name); }
  Handoff handoff(const std::string& step) const { return Snapshot(folder()).handoff(step).value(); }

  /// Runs verb `run` of `step` with `body`.
  Ran run(const std::string& step, const Body& body, std::vector<std::string> more = {}) const {
    ToolTable table{.step = step,
                    .purpose = "Test.",
                    .identify = identify,
                    .is_resuming = is_resuming,
                    .is_confirmed = is_confirmed,
                    .carrier = carrier};
    table.verbs = {{.name = "run", .help = "The step", .kind = VerbKind::step, .run = body},
                   {.name = "look",
                    .help = "A look",
                    .kind = VerbKind::look,
                    .run = body,
                    .flags = {"depth"},
                    .examples = {"baton-precheck look --depth 2"}},
                   {.name = "undo", .help = "By hand", .kind = VerbKind::act, .run = body}};
    table.options = {{.name = "depth", .argument = "N", .help = "How deep", .set = [](const std::string&) {}}};
    table.later_verbs = {"rehearse"};
    std::vector<std::string> words = {"baton-" + step};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), flags.begin(), flags.end());
    words.insert(words.end(), {"--dir", dir().string()});
    return run_words(table, words);
  }

  Ran run_words(const ToolTable& table, const std::vector<std::string>& words) const {
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode code = run_tool(table, static_cast<int>(argv.size()), argv.data(), Environment(environment));
    std::string out = testing::internal::GetCapturedStdout();
    return {code, std::move(out), testing::internal::GetCapturedStderr()};
  }

 private:
  TempFolder temp_;
};

/// A body that decides this and nothing else.
inline Scene::Body decides(Verdict verdict) {
  return [verdict](Env&) { return StepResult{.verdict = verdict, .summary = "decided"}; };
}

/// A body that must not be called.
inline Scene::Body never() {
  return [](Env&) -> StepResult {
    ADD_FAILURE() << "the step was run";
    return {};
  };
}

inline Ran precheck(const Scene& scene, Verdict verdict = Verdict::proceed) {
  return scene.run("precheck", decides(verdict));
}

using test::says;

}  // namespace baton
