// A request to the API server, taken apart.
#pragma once

#include <string>
#include <vector>

#include "tests/sandbox/http_server.h"
#include "tests/sandbox/kinds.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

struct Call {
  const Question& question;
  const Kind& kind;
  std::string ns;           ///< empty: all namespaces, or a kind without
  std::string name;         ///< empty: the collection
  std::string subresource;  ///< "status", "scale", "log", "proxy", …
  std::string rest;         ///< what follows the subresource, with its '/': the path behind a proxy

  Key key() const { return {.kind = &kind, .ns = ns, .name = name}; }
  Mode mode() const { return question.parameter("dryRun") == "All" ? Mode::dry_run : Mode::real; }
};

/// Refusal 404 for paths that nothing is served under.
Call call_from(const Question& question);

Answer answer_with(const Json& json, int status = 200);

}  // namespace baton::sandbox
