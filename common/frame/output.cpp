// Writes what the run has to say.
#include "common/frame/output.h"

#include <algorithm>

#include "common/ci/host.h"
#include "common/cli/errors.h"
#include "common/config/sections/run.h"
#include "common/core/printable.h"

namespace baton {
namespace {

struct Format {
  std::string_view name;
  std::string (*render)(const Record&);  ///< null: known by its name, not in this version
};

constexpr Format kFormats[] = {
    {"markdown", [](const Record& record) { return to_markdown(report_of(record)); }},
    {"json", [](const Record& record) { return to_pretty_text(json_record(record)); }},
    {"junit", [](const Record& record) { return to_junit("baton-" + record.step, record.result.findings); }},
    {"sarif", nullptr},
    {"html", nullptr},
};

const Format* find_format(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &Format::name);
  return found == std::end(kFormats) ? nullptr : found;
}

void write_reports(const RunConfig& run, const Record& record) {
  for (const auto& [name, path] : run.reports) {
    const Format* format = find_format(name);
    if (format != nullptr && format->render != nullptr) write_file(path, format->render(record));
  }
}

}  // namespace

void print(std::FILE* stream, const std::string& text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
  static_cast<void>(std::fflush(stream));
}

void check_reports(const RunConfig& run) {
  for (const auto& [name, path] : run.reports) {
    const Format* format = find_format(name);
    if (format != nullptr && format->render != nullptr) continue;
    throw Error(ExitCode::usage,
                "the report format '" + printable(name, 50) + "' is " +
                    (format != nullptr ? "not available in this version" : "unknown"),
                "Use markdown, json or junit.");
  }
}

void put_out(Invocation& invocation, const Record& record) {
  const RunConfig& run = invocation.config().run();
  const CiHost& host = ci_host(invocation.env.run.ci);
  if (record.error) log_error(invocation.log, *record.error);
  const std::string annotations = record.kind == VerbKind::look ? "" : host.annotations(record);
  if (run.json_output) {
    print(stdout, to_pretty_text(json_record(record)));
    print(stderr, annotations);
  } else {
    // One stream: between two of them the host could read an annotation while commands are stopped.
    print(stdout, host.dress(record, text_record(record)) + annotations);
  }
  if (record.is_dry_run) return;
  write_reports(run, record);
  if (record.kind != VerbKind::look) host.write_files(record, invocation.environment, invocation.env.dir.string());
}

}  // namespace baton
