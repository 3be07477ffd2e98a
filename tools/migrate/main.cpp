// migrate: step 2b of the SOP. Brings the database to what the release needs.
#include "common/frame/tool.h"
#include "tools/migrate/down.h"
#include "tools/migrate/resume.h"
#include "tools/migrate/status.h"
#include "tools/migrate/up.h"
#include "tools/migrate/workspace.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  Tool tool{"migrate", "Apply the release's database migrations, with a backup before."};
  tool.verb(
      {.name = "up",
       .help = "Back up, then apply every pending migration",
       .kind = VerbKind::step,
       .run = migrate::up,
       .examples = {"baton-migrate --release v1.6.0", "DATABASE_URL=sqlite:app.db baton-migrate up --standalone"}});
  tool.verb({.name = "down",
             .help = "Revert the newest applied migration",
             .kind = VerbKind::act,
             .run = migrate::down,
             .needs = {{"database", "migrate"}},
             .examples = {"baton-migrate down --release v1.6.0"}});
  tool.verb({.name = "status",
             .help = "List applied and pending migrations",
             .run = migrate::status,
             .needs = {{"database", "migrate"}},
             .examples = {"baton-migrate status", "baton-migrate status --output json"}});
  tool.later({"plan", "rehearse", "backup", "verify-backup", "restore", "verify", "run"});
  tool.identify_by(migrate::identify);
  tool.confirm_by(migrate::still_stands);
  return tool.run(argc, argv);
}
