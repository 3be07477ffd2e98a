// GitLab CI: collapsible sections, a dotenv report, JUnit.
#include <fmt/format.h>

#include <algorithm>

#include "common/ci/host.h"
#include "common/cli/flags.h"
#include "common/io/files.h"

namespace baton {
namespace {

/// A section whose title stays and whose lines fold away.
std::string section(const Record& record, const std::string& name, const std::string& title, const std::string& lines) {
  const std::string stamp = to_unix_seconds(std::chrono::floor<std::chrono::seconds>(record.finished_at));
  const std::string whole = stamp.substr(0, stamp.find('.'));
  return fmt::format(
      "\x1b[0Ksection_start:{0}:{1}[collapsed=true]\r\x1b[0K{2}\n{3}\x1b[0Ksection_end:{0}:{1}\r\x1b[0K\n", whole, name,
      title, lines);
}

std::string dress(const Record& record, const std::string& text) {
  const std::string findings = unsaid_findings(record, text);
  return findings.empty() ? text : text + section(record, record.step + "_findings", "Findings", findings);
}

/// GitLab's dotenv knows no quotes: a value that would need them is left out.
std::string dotenv_line(const std::string& step, std::string_view name, const std::string& value) {
  const bool is_plain = std::ranges::all_of(value, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_.:/-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (value.empty() || !is_plain) return "";
  return variable_of(step) + "_" + std::string(name) + "=" + value + "\n";
}

std::string dotenv_of(const Record& record) {
  const auto again = record.result.run_again_at;
  return dotenv_line(record.step, "VERDICT", std::string(record.verdict_word())) +
         dotenv_line(record.step, "EXIT_CODE", std::to_string(static_cast<int>(record.code))) +
         dotenv_line(record.step, "HANDOFF_SHA256", record.handoff_sha256) +
         dotenv_line(record.step, "RUN_AGAIN_AT", again ? to_rfc3339(*again) : "");
}

void write_files(const Record& record, const Environment& /*environment*/, const std::string& dir) {
  write_file(Inside{dir, record.step + ".env"}, dotenv_of(record));
  write_file(Inside{dir, record.step + ".junit.xml"}, to_junit("baton-" + record.step, record.result.findings));
}

}  // namespace

const CiHost gitlab{.name = "gitlab",
                    .dress = dress,
                    .annotations = [](const Record&) { return std::string(); },
                    .write_files = write_files,
                    .writes_into_folder = true};

}  // namespace baton
