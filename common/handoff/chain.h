// Whether the step before lets us go on: the contract's read order, first failure wins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/handoff/handoff.h"
#include "common/handoff/signature.h"

namespace baton {

/// What a reader knows of itself; empty fields are not known and are recorded as not compared.
struct ChainRequest {
  std::string step;             ///< the reader's own
  std::string wanted_previous;  ///< "precheck" for migrate; empty for finalize: whichever ran last
  Release release;
  Target target;
  std::string image_sha256 = {};
  bool database_only = false;  ///< migrate: the database's identity stands for image, cluster and namespace
  std::string digest_by_other_channel = {};
  std::vector<TrustKey> trust = {};
  std::vector<Verdict> accepted = {};
  Time now = {};
  std::optional<Duration> valid_for = {};  ///< our own limit of the previous one's age (`handoff:`)
  bool resuming = false;                   ///< an unfinished intent of this id is recorded: expiry is not checked
};

struct PreviousFile {
  std::string name;                  ///< for messages: ".baton/precheck.json"
  std::optional<std::string> bytes;  ///< nothing: no such file
  std::optional<std::string> bundle = {};
};

struct Previous {
  Handoff handoff;
  std::string sha256;                     ///< of its exact bytes
  std::vector<Handoff> earlier;           ///< those that the chain leads to, oldest first; without `handoff`
  std::vector<std::string> not_compared;  ///< "commit", "cluster", …
};

/// Reads `file` in the contract's order; throws Error{handoff} with the first reason. `earlier` are the files of the
/// steps before it, newest first, for the chain: each must be the one the next names by digest.
Previous read_previous(const ChainRequest& request, const PreviousFile& file, const std::vector<PreviousFile>& earlier);

}  // namespace baton
