// Writes what the run has to say.
#include "common/cli/output.h"

#include <cstdio>

#include "common/cli/exit_meaning.h"
#include "common/core/text.h"

namespace baton {
namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string render(const std::string& format, const Record& record) {
  if (format == "markdown") return to_markdown(report_of(record));
  if (format == "junit") return to_junit("baton-" + record.step, record.result.findings);
  return to_pretty_text(json_record(record));
}

}  // namespace

void check_reports(const RunConfig& run) {
  for (const auto& [format, path] : run.reports) {
    if (format == "markdown" || format == "json" || format == "junit") continue;
    const bool is_known = format == "sarif" || format == "html";
    throw Error(ExitCode::usage,
                "the report format '" + printable(format, 50) + "' is " +
                    (is_known ? "not available in this version" : "unknown"),
                "Use markdown, json or junit.");
  }
}

void put_out(Session& session, const Record& record) {
  const RunConfig& run = session.config().run;
  if (!record.is_dry_run) {
    for (const auto& [format, path] : run.reports) write_file(path, render(format, record));
  }
  print(run.json_output ? to_pretty_text(json_record(record)) : text_record(record));
}

void put_out_error(Session& session, const Error& error) {
  log_error(session.log, error);
  if (session.config().run.json_output) print(to_pretty_text(json_error(session.table.step, error)));
}

void log_error(Log& log, const Error& error) {
  const ExitMeaning& meaning = meaning_of(error.code());
  log.error(error.what());
  log.after(LogLevel::error, "means", meaning.meaning);
  log.after(LogLevel::error, "hint", error.hint().empty() ? meaning.next : error.hint());
}

}  // namespace baton
