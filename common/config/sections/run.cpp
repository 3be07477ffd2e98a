// The flags that have a place in the file.
#include "common/config/sections/run.h"

#include "common/config/section.h"

namespace baton::config {

void add_run(std::vector<Key>& all) {
  const Section section(
      all, "run.", [](auto& config) -> auto& { return config.run(); });
  section.key("dir", "Folder of handoffs and artifacts", &RunConfig::dir);
  section.key("release", "Release to work on", &RunConfig::release);
  section.either("output", "Form of the record on stdout", &RunConfig::json_output, "json", "text");
  section.key("report", "Reports to write, FORMAT=PATH", &RunConfig::reports);
  section.word("ci", "CI host to write outputs for", &RunConfig::ci, {{"auto", "github", "gitlab", "none"}});
  section.key("deadline", "End in order when this time is over", &RunConfig::deadline);
  section.word("exit_style", "Whose exit codes: ours; a scheduler's, to which 75 is 0; a monitor's",
               &RunConfig::exit_style, {{"codes", "job", "nagios"}});
  section.key("strict", "A warning stops", &RunConfig::strict);
  section.word("log_level", "What goes to stderr", &RunConfig::log_level, {{"debug", "info", "warning", "error"}});
  section.either("log_format", "Form of the log", &RunConfig::json_log, "json", "text");
  Key& no_color = section.key("no_color", "No colour, whatever the terminal can do", &RunConfig::color);
  no_color.read = [](Config& config, const Source& source, const YamlNode& node) {
    config.run().color = !Codec<bool>::read(source, node);
  };
  no_color.show = [](const Config& config) { return Json(!config.run().color); };
}

}  // namespace baton::config
