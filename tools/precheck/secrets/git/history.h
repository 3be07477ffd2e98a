// What commits brought: a secret that a later commit took out is still in the repository.
#pragma once

#include <string>

#include "common/clients/git.h"
#include "tools/precheck/secrets/scan.h"

namespace baton::precheck::secrets {

struct HistoryRange {
  std::string head;                        ///< hexadecimal
  std::string since;                       ///< this commit and what came before it are known; empty: the whole history
  std::uint64_t most_bytes = 4ULL << 30U;  ///< unpacked; what is over it counts as not read
};

/// Scans messages and every blob that a commit has and none of its parents had; returns how many commits that were.
/// What is not in this clone (shallow, partial), too large or damaged is noted as not read.
std::size_t scan_history(Scan& scan, const git::Repository& repository, const HistoryRange& range);

}  // namespace baton::precheck::secrets
