// A report counts when it shows that something was scanned, and that it was this.
#include "tools/precheck/security_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "common/clients/registry/reference.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/look.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

constexpr auto kOldDatabase = 5 * 24h;  // ours: Grype's own default (db.max-allowed-built-age)
constexpr std::size_t kFew = 5;

std::string first_of(const std::vector<std::string>& texts) {
  if (texts.size() <= kFew) return join(texts, ", ");
  return fmt::format("{} and {} more", join(std::span(texts).first(kFew), ", "), texts.size() - kFew);
}

bool is_serious(const Vulnerability& found) {
  return found.severity == Severity::critical || found.severity == Severity::high;
}

/// "CVE-2024-1 in openssl 1.1.1 (critical, fixed in 1.1.2)".
std::string in_words(const Vulnerability& found) {
  auto text = found.id;
  if (!found.package.empty()) text += " in " + found.package;
  if (!found.version.empty()) text += " " + found.version;
  text += fmt::format(" ({}", severity_name(found.severity));
  return text + (found.fixed.empty() ? ", no fix is known)" : ", fixed in " + found.fixed + ")");
}

std::string mend(const Vulnerability& found) {
  const auto what = found.package.empty() ? found.id : found.package;
  if (!found.fixed.empty())
    return fmt::format("Upgrade {}{} to {} ({})", what, found.version.empty() ? "" : " " + found.version, found.fixed,
                       found.id);
  return fmt::format(
      "Replace {} or mend it; if {} cannot be reached in it, say why in a VEX document "
      "(precheck.quality.vulnerabilities.vex)",
      what, found.id);
}

/// What all reports say together.
struct Gathered {
  Findings findings = {};
  std::set<std::string> scanners = {};
  std::set<std::string> warnings = {};
  std::set<std::string> gaps = {};
  int scans = 0;
};

Released released_of(const Look& look, const SecurityReport& report) {
  return {.app = look.config().app,
          .repository = look.config().image,
          .version = look.release().version,
          .digests = report.digests};
}

void require_scan_of(const SecurityReport& report, const SecurityQuestion& question) {
  if (question.of_packages_only && report.of == ScanOf::code) {
    refuse_report(report.name, first_of(report.scanners) + " looks at code, not at the packages that are used",
                  "Name the report of a scanner of dependencies, such as npm audit, Snyk, Trivy or Grype.");
  }
}

/// The digest by which a report names the release's image, of which these are all.
std::string require_about(const SecurityReport& report, const std::vector<std::string>& digests) {
  const auto named = std::ranges::find_first_of(report.digests, digests);
  if (named != report.digests.end()) return *named;
  const auto artifact = report.artifact.empty() ? "" : " ('" + report.artifact + "')";
  if (report.digests.empty()) {
    refuse_report(
        report.name,
        "it does not say of which image it is by a digest" + artifact + "; the release's is " + digests.front(),
        "Scan the image by its digest in the registry, and name the JSON report.");
  }
  refuse_report(report.name,
                fmt::format("it is about another image, {}{}; the release's is {}", report.digests.front(), artifact,
                            digests.front()),
                "Scan the image that is released: NAME@" + digests.front() + ".");
}

void take_warnings(const Look& look, const SecurityReport& report, Gathered& gathered) {
  if (report.scanned == Scanned::unsaid)
    gathered.warnings.insert(report.name + " does not say that there was anything to scan");
  if (!report.end_of_life.empty())
    gathered.warnings.insert(report.end_of_life + " gets no more fixes: nobody looks for what is wrong in it");
  if (report.database && look.now() - *report.database > kOldDatabase)
    gathered.warnings.insert(fmt::format("{} was made with a database of {}, {} old; {} are allowed", report.name,
                                         to_date(*report.database), to_words(look.now() - *report.database),
                                         to_words(kOldDatabase)));
  gathered.gaps.insert(report.gaps.begin(), report.gaps.end());
}

void add_report(const Look& look, const SecurityReport& report, const Vex& vex, Gathered& gathered) {
  if (!report.is_scan) return;
  ++gathered.scans;
  gathered.scanners.insert(report.scanners.begin(), report.scanners.end());
  take_warnings(look, report, gathered);
  const auto released = released_of(look, report);
  for (auto found : report.vulnerabilities) {
    vex.apply(released, found);
    gathered.findings.add(found);
  }
}

struct Read {
  std::vector<SecurityReport> reports = {};
  std::vector<VexStatement> statements = {};
  std::vector<Evidence> evidence = {};
  std::vector<std::string> image = {};  ///< the digests of the release's; the registry is asked where a report needs it
};

/// Fills in by which digest the report is about the release's image.
void bind_to_image(const Look& look, const SecurityQuestion& question, Read& read, SecurityReport& report) {
  const bool is_bound = question.must_name_image || (!report.digests.empty() && !look.config().image.empty());
  if (!report.is_scan || !is_bound) return;
  if (read.image.empty()) read.image = look.image_digests();
  const auto named = require_about(report, read.image);
  report.digests = read.image;
  std::erase(report.digests, named);
  report.digests.insert(report.digests.begin(), named);
}

/// What the reports' own files say of themselves stays with them; a document without a scan speaks of all.
void read_scans(const Look& look, const SecurityQuestion& question, Read& read) {
  read.evidence = read_reports(look, question.reports, ReportKind::vulnerabilities, [&](const Reading& reading) {
    auto report = std::get<SecurityReport>(reading);
    require_scan_of(report, question);
    bind_to_image(look, question, read, report);
    if (!report.is_scan)
      read.statements.insert(read.statements.end(), report.statements.begin(), report.statements.end());
    read.reports.push_back(std::move(report));
  });
  for (std::size_t i = 0; i < read.reports.size(); ++i) {
    const auto& digests = read.reports[i].digests;
    if (!digests.empty()) read.evidence[i].about = digests.front();
  }
}

void read_vex(const Look& look, Read& read) {
  auto evidence = read_reports(
      look, look.config().precheck().quality.vex, ReportKind::vulnerabilities,
      [&](const Reading& reading) {
        const auto& statements = std::get<SecurityReport>(reading).statements;
        read.statements.insert(read.statements.end(), statements.begin(), statements.end());
      },
      ReportAge::any);
  std::ranges::move(evidence, std::back_inserter(read.evidence));
}

std::string counts_in_words(const Findings& findings) {
  std::string text;
  for (const auto severity :
       {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::negligible, Severity::unknown}) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", findings.count(severity), severity_name(severity));
  }
  return text;
}

std::string message_of(const Gathered& gathered, const std::vector<Vulnerability>& found) {
  auto text = counts_in_words(gathered.findings);
  std::vector<std::string> named;
  for (const auto& each : found) {
    if (is_serious(each) || each.severity == Severity::unknown) named.push_back(in_words(each));
  }
  if (!named.empty()) text += ": " + first_of(named);
  std::vector<std::string> aside;
  for (const auto& each : gathered.findings.set_aside())
    aside.push_back(fmt::format("{} in {} ({}): {}", each.id, each.package, severity_name(each.severity), each.reason));
  if (!aside.empty()) text += fmt::format("; {} not counted: {}", aside.size(), first_of(aside));
  for (const auto& gap : gathered.gaps) text += "; " + gap;
  for (const auto& warning : gathered.warnings) text += "; " + warning;
  return text + "; by " + first_of({gathered.scanners.begin(), gathered.scanners.end()});
}

Outcome outcome_of(const Gathered& gathered, const SecurityQuestion& question) {
  const auto& findings = gathered.findings;
  const bool is_over =
      findings.count(Severity::critical) > question.max_critical || findings.count(Severity::high) > question.max_high;
  if (is_over) return Outcome::fail;
  if (!gathered.gaps.empty()) return Outcome::unknown;
  // Decisions 22: what somebody waived outside of here is no more than caution either.
  const bool is_waived = std::ranges::any_of(findings.set_aside(), [](const Vulnerability& each) {
    return each.standing == FindingState::ignored && is_serious(each);
  });
  const bool is_doubtful = is_waived || !gathered.warnings.empty() || findings.count(Severity::unknown) > 0;
  return is_doubtful ? Outcome::warn : Outcome::pass;
}

std::vector<std::string> recovery_of(const std::vector<Vulnerability>& found) {
  std::vector<std::string> steps;
  for (const auto& each : found) {
    if (is_serious(each) && steps.size() < kFew) steps.push_back(mend(each));
  }
  if (!steps.empty()) steps.emplace_back("Build and scan again, then run baton-precheck again");
  return steps;
}

}  // namespace

Observation look_for_vulnerabilities(const Look& look, const SecurityQuestion& question) {
  Read read;
  read_scans(look, question, read);
  read_vex(look, read);
  const Vex vex(std::move(read.statements));
  Gathered gathered;
  for (const auto& report : read.reports) add_report(look, report, vex, gathered);
  if (gathered.scans == 0) {
    throw Error(ExitCode::unknown,
                "no report is of a scan: VEX says something of what scanners find, and finds nothing",
                "Name the scanner's report beside it.");
  }
  const auto found = gathered.findings.found();
  const auto serious = gathered.findings.count(Severity::critical) + gathered.findings.count(Severity::high);
  return {.outcome = outcome_of(gathered, question),
          .observed = Measured(serious, question.unit),
          .message = message_of(gathered, found),
          .recovery = recovery_of(found),
          .evidence = std::move(read.evidence)};
}

Expected expected_vulnerabilities(std::string_view unit, int max_critical, int max_high) {
  if (max_critical == 0 && max_high == 0) return fmt::format("0 {}", unit);
  return fmt::format("at most {} critical, {} high vulnerabilities", max_critical, max_high);
}

}  // namespace baton::precheck
