// attestations.yaml: what only a person can know, and who said it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/step/env.h"

namespace baton {

struct Attestation {
  std::string box;   ///< the check's or the checklist's id: "runbook"
  std::string says;  ///< in the person's words
  std::string by;
  Time at = {};
};

struct Attestations {
  std::string id = {};  ///< of the deployment that they are about
  std::vector<Attestation> all = {};
};

/// "id: …" and "attestations: [{box, says, by, at}]". Throws Error{usage} with file, line and column on anything else:
/// what is unknown, missing, empty, said twice of a box, or no point in time.
Attestations parse_attestations(std::string_view text, std::string_view name);

/// Those in <dir>/attestations.yaml that are about this deployment and from before now, and the file's digest.
struct Attested {
  std::vector<Attestation> all = {};
  std::vector<Evidence> evidence = {};  ///< none where there is no file, or it is about another deployment
  std::string why_not = {};             ///< a file is there and does not count
};
Attested read_attestations(const View& env);

}  // namespace baton
