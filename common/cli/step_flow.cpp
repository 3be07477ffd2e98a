// A step verb: who goes first, what is written before the act, and what is handed on.
#include "common/cli/step_flow.h"

namespace baton {

Record run_step(Session& session) {
  Record record{.step = session.table.step, .verb = std::string(session.verb.name), .kind = VerbKind::step};
  record.result = session.verb.run(session.env);
  record.code = session.with_stop(record.result.code.value_or(exit_code(record.result.verdict)));
  return record;
}

}  // namespace baton
