// What a report of vulnerabilities says, whatever scanner wrote it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::precheck {

/// The worst first. P0 is critical, P1 is high; `negligible` is also what scanners call info or none.
enum class Severity { critical, high, medium, low, negligible, unknown };
std::string_view severity_name(Severity severity);
/// "CRITICAL", "Important", "moderate"; unknown where the word is none of theirs.
Severity severity_from(std::string_view word);
/// By the bands of CVSS 3.1, section 5: 9.0 and more is critical, 7.0 high, 4.0 medium, 0.1 low. Unknown outside of 0
/// to 10.
Severity severity_of_score(double score);
/// "9.8"; unknown where it is no number.
Severity severity_of_score(std::string_view score);
/// Anything is worse than unknown: one scanner's silence takes nothing from another's word.
Severity worse(Severity one, Severity other);

/// Whether a finding counts.
enum class FindingState {
  found,
  ignored,  ///< by somebody's rule, and a reason is given
  cleared,  ///< not affected, a false alarm or fixed, as VEX says it with its reason
};

struct Vulnerability {
  std::string id;                         ///< "CVE-2024-1", "GHSA-…", a rule's id
  std::vector<std::string> aliases = {};  ///< other names of the same
  std::string package = {};               ///< as the scanner names it, or the file where it has no packages
  std::string purl = {};                  ///< "pkg:npm/lodash@4.17.20"; empty where the report has none
  std::string version = {};
  std::string fixed = {};  ///< the versions that mend it; empty: none is known
  Severity severity = Severity::unknown;
  FindingState standing = FindingState::found;
  std::string reason = {};  ///< why it does not count
};

/// What VEX says of some vulnerabilities in some products.
struct VexStatement {
  std::vector<std::string> ids = {};       ///< of one vulnerability: its name and aliases
  std::vector<std::string> products = {};  ///< purls or other names: of images, or of packages
  std::vector<std::string> packages = {};  ///< purls or names; empty: whatever is in the products
  bool clears = false;                     ///< not_affected or fixed; otherwise it takes nothing away
  std::string reason = {};                 ///< "not_affected: vulnerable_code_not_present"
  std::string source = {};                 ///< the document's name
  std::optional<Time> at = {};             ///< the latest word counts
};

/// What a scanner looked at.
enum class ScanOf { packages, code };
/// Whether anything was there to be looked at. Where a report shows that there was nothing it is refused.
enum class Scanned { unsaid, something };

struct SecurityReport {
  std::string name;     ///< the file's
  bool is_scan = true;  ///< false: VEX only
  ScanOf of = ScanOf::packages;
  Scanned scanned = Scanned::unsaid;
  std::vector<Vulnerability> vulnerabilities = {};
  std::vector<VexStatement> statements = {};
  std::vector<std::string> scanners = {};  ///< "Trivy 0.57.1"
  std::string artifact = {};               ///< the image, folder or project, as the scanner calls it
  std::vector<std::string> digests = {};   ///< "sha256:…" of the image: its repository's, its manifest's, its id
  std::optional<Time> database = {};       ///< when the scanner's knowledge was made
  std::string end_of_life = {};            ///< an operating system without further fixes: "debian 9"
  std::vector<std::string> gaps = {};      ///< what it says it could not look at

  /// Both throw Error{unknown} where there are more than 100,000.
  void add(Vulnerability vulnerability);
  void add(VexStatement statement);
  /// "sha256:…" alone or behind "name@"; anything else is no digest.
  void add_digest(std::string_view reference);
};

/// Throws Error{unknown} "NAME: WHY".
[[noreturn]] void refuse_report(std::string_view name, const std::string& why,
                                const std::string& hint = "Scan again, and name the new report.");
/// Foreign text of one line for a message; empty where it is no text.
std::string brief(const Json& text);
/// The texts of an array; what is no text is left out.
std::vector<std::string> texts_of(const Json& array);
/// "name version", as far as they are there.
std::string named_version(const Json& name, const Json& version);

}  // namespace baton::precheck
