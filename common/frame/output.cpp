// Writes what the run has to say.
#include "common/frame/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/ci/host.h"
#include "common/ci/run.h"
#include "common/cli/colour.h"
#include "common/cli/errors.h"
#include "common/config/sections/run.h"
#include "common/core/printable.h"
#include "common/core/secrets.h"

namespace baton {
namespace {

struct Format {
  std::string_view name;
  std::string (*render)(const Record&);
};

constexpr Format kFormats[] = {
    {"markdown", [](const Record& record) { return to_markdown(report_of(record)); }},
    {"json", [](const Record& record) { return to_pretty_text(json_record(record)); }},
    {"junit", [](const Record& record) { return to_junit("baton-" + record.step, record.result.findings); }},
    {"sarif", [](const Record& record) { return to_sarif("baton-" + record.step, record.result.findings); }},
    {"html",
     [](const Record& record) { return to_html(record.result.page ? *record.result.page : report_of(record)); }},
};

const Format* find_format(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &Format::name);
  return found == std::end(kFormats) ? nullptr : found;
}

void write_reports(const RunConfig& run, const Record& record) {
  for (const auto& [name, path] : run.reports) {
    const Format* format = find_format(name);
    if (format != nullptr) write_file(path, without_secrets(format->render(record)));
  }
}

}  // namespace

bool print(std::FILE* stream, const std::string& text) {
  const bool is_whole = std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
  // A reader that went away has read what it wanted.
  return is_whole || errno == EPIPE;
}

void check_reports(const RunConfig& run) {
  for (const auto& [name, path] : run.reports) {
    if (find_format(name) != nullptr) continue;
    throw Error(ExitCode::usage, "the report format '" + printable(name, 50) + "' is unknown",
                "Use markdown, json, junit, sarif or html.");
  }
}

bool put_out(Invocation& invocation, const Record& record) {
  const RunConfig& run = invocation.config().run();
  const CiHost& host = ci_host(invocation.env.run.ci);
  if (record.error)
    record.was_refused() ? log_refusal(invocation.log, *record.error) : log_error(invocation.log, *record.error);
  const std::string annotations = record.kind == VerbKind::look ? "" : host.annotations(record);
  bool is_said = false;
  if (run.json_output) {
    is_said = print(stdout, json_without_commands(without_secrets(to_pretty_text(json_record(record)))));
    print(stderr, annotations);
  } else {
    // One stream: between two of them the host could read an annotation while commands are stopped.
    std::string text = text_record(record);
    if (is_coloured(run.color, invocation.environment, STDOUT_FILENO)) text = coloured(text, headline(record));
    is_said = print(stdout, without_secrets(host.dress(record, text) + annotations));
  }
  if (record.is_dry_run || (record.was_refused() && host.writes_into_folder)) return is_said;
  write_reports(run, record);
  if (record.kind != VerbKind::look) host.write_files(record, invocation.environment, invocation.env.dir.string());
  return is_said;
}

void put_out_refusal(const std::string& step, Log& log, const Error& error, const Environment& environment,
                     bool as_json) {
  log_refusal(log, error);
  const auto now = SystemClock().now();
  const Record record{.step = step, .code = error.code(), .error = error, .started_at = now, .finished_at = now};
  if (as_json) print(stdout, json_without_commands(without_secrets(to_pretty_text(json_record(record)))));
  const CiHost& host = ci_host(find_ci(environment.value_or("BATON_CI", "auto"), environment));
  if (host.writes_into_folder) return;
  print(stderr, without_secrets(host.annotations(record)));
  try {
    host.write_files(record, environment, "");
  } catch (const Error& unwritten) {
    log.warning(unwritten.what());
  }
}

}  // namespace baton
