// VEX: what somebody says of a vulnerability that a scanner finds, applied to what was found.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/reports/security_report.h"

namespace baton::precheck {

/// What a statement calls the whole of what is released.
struct Released {
  std::string app;                        ///< "shop"
  std::string repository;                 ///< "registry.example.com/shop"
  std::string version;                    ///< "v1.6.0"
  std::vector<std::string> digests = {};  ///< of its image, as far as they are known
};

/// Statements of all documents, found by the vulnerability that they are about.
class Vex {
 public:
  /// Later statements count more than earlier ones, and than those without a time.
  explicit Vex(std::vector<VexStatement> statements);
  /// The last statement that is about this finding decides; where it clears it, `found` becomes cleared.
  void apply(const Released& released, Vulnerability& found) const;

 private:
  std::vector<VexStatement> statements_;
  std::map<std::string, std::vector<std::size_t>> by_id_ = {};  ///< their numbers, rising
};

/// "not_affected" and "fixed" of OpenVEX, "not_affected", "false_positive", "resolved" and "resolved_with_pedigree" of
/// CycloneDX clear, all but the fixed ones only with a reason. Sets `clears` and `reason`.
void set_status(VexStatement& statement, std::string_view status, std::string_view why);

}  // namespace baton::precheck
