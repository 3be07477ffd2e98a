// What a CI host is told beside stdout: a table of hosts, chosen by --ci.
#pragma once

#include <string>
#include <string_view>

#include "common/io/env.h"
#include "common/step/record.h"

namespace baton {

struct CiHost {
  std::string_view name;
  /// The text record as this host's log wants it; foreign text in it can command nothing.
  std::string (*dress)(const Record& record, const std::string& text);
  /// Lines that the host reads as annotations; empty where it has none.
  std::string (*annotations)(const Record& record);
  /// Files the host picks up: summaries, outputs, dotenv, reports. Not called in a dry run.
  void (*write_files)(const Record& record, const Environment& environment, const std::string& dir);
  bool writes_into_folder = false;  ///< of ours; else where the host's variables say
};

/// The findings, a line each, that `text` does not hold already; empty: it has them all.
std::string unsaid_findings(const Record& record, std::string_view text);

/// "github", "gitlab", or anything else for a host that wants nothing.
const CiHost& ci_host(std::string_view name);

extern const CiHost github;
extern const CiHost gitlab;

}  // namespace baton
