// migrate: step 2b of the SOP. Brings the database to what the release needs.
#include <array>

#include "common/frame/tool.h"
#include "tools/migrate/down.h"
#include "tools/migrate/resume.h"
#include "tools/migrate/status.h"
#include "tools/migrate/up.h"
#include "tools/migrate/workspace.h"

namespace {

/// Verbs that the contract names and a later version brings.
struct LaterVerb {
  std::string_view name;
  std::string_view help;
  std::string_view arguments = {};
};
constexpr std::array kLater = {
    LaterVerb{"plan", "Show what would be run, and what it would lock (not in this version)"},
    LaterVerb{"rehearse", "Run pending migrations on a copy (not in this version)"},
    LaterVerb{"backup", "Back the database up (not in this version)"},
    LaterVerb{"verify-backup", "Read a backup whole (not in this version)", "[FILE]"},
    LaterVerb{"restore", "Restore a backup beside the database and swap them (not in this version)", "[FILE]"},
    LaterVerb{"verify", "Prove that every migration can be reverted (not in this version)"},
    LaterVerb{"run", "Guard another migration tool's command (not in this version)", "[COMMAND...]"},
};

[[noreturn]] baton::StepResult refuse(std::string_view verb) {
  throw baton::Error(baton::ExitCode::usage, "'" + std::string(verb) + "' is not available in this version",
                     "Use up, down or status.");
}

}  // namespace

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  Tool tool{"migrate", "Apply the release's database migrations, with a backup before."};
  tool.verb({.name = "up",
             .help = "Back up, then apply every pending migration",
             .kind = VerbKind::step,
             .run = migrate::up});
  tool.verb({.name = "down",
             .help = "Revert the newest applied migration",
             .kind = VerbKind::act,
             .run = migrate::down,
             .needs = {{"database", "migrate"}}});
  tool.verb({.name = "status",
             .help = "List applied and pending migrations",
             .run = migrate::status,
             .needs = {{"database", "migrate"}}});
  for (const auto& later : kLater) {
    tool.verb({.name = later.name,
               .help = later.help,
               .run = [&later](Env&) { return refuse(later.name); },
               .arguments = later.arguments});
  }
  tool.accept_arguments(arguments);
  tool.identify_by(migrate::identify);
  tool.confirm_by(migrate::still_stands);
  return tool.run(argc, argv);
}
