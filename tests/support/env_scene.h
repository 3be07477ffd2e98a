// An Env for a tool's own functions: a folder, a hand-turned clock, a configuration written in the test.
#pragma once

#include <string>
#include <vector>

#include "common/config/loaded.h"
#include "common/config/loader.h"
#include "common/frame/tool.h"

namespace baton::test {

class EnvScene {
 public:
  /// `yaml` without app is completed with "app: shop".
  explicit EnvScene(const std::string& yaml = "")
      : loaded(load_config({.text = "app: shop\n" + yaml}, Environment{})),
        clock(*parse_rfc3339("2026-03-01T12:00:00Z")),
        log({.tool = "test", .level = LogLevel::error}),
        env{{.loaded = loaded,
             .config = loaded.values,
             .environment = environment,
             .clock = clock,
             .log = log,
             .stop = {},
             .deadline = {},
             .dir = folder.path() / ".baton",
             .release = {.app = "shop", .version = "v1.6.0", .environment = "production", .commit = {}, .id = "id-1"},
             .started_at = clock.now()},
            [this](const Json& state) { saved.push_back(state); },
            [this](const std::string& line) { lines.push_back(line); }} {
    fs::create_directories(env.dir);
  }

  /// A finished step of this release, a minute long, that ended when the scene begins.
  Handoff& add_step(const std::string& step, Verdict verdict, Json state = Json::object()) {
    env.earlier.push_back({.step = step,
                           .subject = {},
                           .release = env.release,
                           .verdict = verdict,
                           .state = std::move(state),
                           .started_at = clock.now() - std::chrono::minutes(1),
                           .finished_at = clock.now()});
    return env.earlier.back();
  }

  TempFolder folder;
  Environment environment;
  LoadedConfig loaded;
  ManualClock clock;
  Log log;
  std::vector<Json> saved;
  std::vector<std::string> lines;
  Env env;
};

}  // namespace baton::test
