// The hosts there are.
#include "common/ci/host.h"

namespace baton {
namespace {

const CiHost nobody{.name = "none",
                    .dress = [](const Record&, const std::string& text) { return text; },
                    .annotations = [](const Record&) { return std::string(); },
                    .write_files = [](const Record&, const Environment&, const std::string&) {}};

}  // namespace

const CiHost& ci_host(std::string_view name) {
  for (const CiHost* host : {&github, &gitlab}) {
    if (host->name == name) return *host;
  }
  return nobody;
}

}  // namespace baton
