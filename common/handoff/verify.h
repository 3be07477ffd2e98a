// Walks a folder's handoffs offline: chain digests, signatures, artifacts; yes or no, and why.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/handoff/signature.h"

namespace baton {

struct VerifyRequest {
  /// The bytes of a file of the folder by its relative name; nothing when there is none.
  std::function<std::optional<std::string>(const std::string& name)> read;
  std::vector<TrustKey> trust = {};     ///< none: signatures are not asked for
  std::vector<std::string> names = {};  ///< of the files that are there: each must be covered by something
};

struct VerifyLine {
  std::string name;  ///< of the file
  bool is_good = false;
  std::string says;  ///< "follows precheck.json, signed by keys/ci.pub", or what is wrong
};

struct Verification {
  bool is_good = false;  ///< every line is, and there is at least one handoff
  std::string says;      ///< one sentence that begins with "yes: " or "no: ", with the first reason
  std::vector<VerifyLine> lines;
};

/// Every handoff is read, its `previous` digest held against the file before it, its signature against the trusted
/// keys, and every artifact it answers for against its digest; of an artifact that several steps rewrote, the last
/// writer's counts; evidence likewise. A step that is missing before the last one, one that was only begun, and a file
/// that nothing covers are no: an outsider would take them for proved. The last file's own bytes are held by nothing
/// but its signature.
Verification verify_folder(const VerifyRequest& request);

}  // namespace baton
