// baton-finalize: step 4 of the SOP, cleanup and finalization.
#include "common/frame/tool.h"
#include "common/step/carrier.h"
#include "tools/finalize/finalize.h"
#include "tools/finalize/verify.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  Tool tool{"finalize", "Clean up after a release and keep evidence that an outsider can verify."};
  tool.accept_arguments(arguments);
  tool.verb({.name = "run", .help = "Do all that is due now", .kind = VerbKind::step, .run = finalize::run});
  tool.verb({.name = "verify",
             .help = "Walk the evidence in a folder offline and say yes or no",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return finalize::verify(arguments, env); },
             .arguments = "[DIR]",
             .needs = {{"signing.trust"}}});
  tool.identify_by(finalize::identify);
  tool.carry_by({.fetch = fetch_carried, .put = put_carried});
  return tool.run(argc, argv);
}
