// What goes to stderr: levelled lines, text or JSON, and waits that say what they wait for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/io/wait.h"

namespace baton {

enum class LogLevel { debug, info, warning, error };
/// Throws Error{usage} on a word that is none of the four.
LogLevel log_level_from(std::string_view name);

/// Safe to use from several threads.
class Log {
 public:
  struct Settings {
    std::string tool;
    LogLevel level = LogLevel::info;
    bool json = false;
    bool color = false;
    bool live = false;  ///< stderr is a terminal: progress is redrawn in place
    int columns = 0;    ///< of that terminal; 0: as many as it says itself
  };
  explicit Log(const Settings& settings);
  ~Log();
  /// Foreign text in `text` must have gone through printable().
  void write(LogLevel level, std::string_view text);
  void debug(std::string_view text) { write(LogLevel::debug, text); }
  void info(std::string_view text) { write(LogLevel::info, text); }
  void warning(std::string_view text) { write(LogLevel::warning, text); }
  void error(std::string_view text) { write(LogLevel::error, text); }
  /// A line of help after an error or a warning: "precheck: hint: …", "precheck: means: …".
  void after(LogLevel level, std::string_view label, std::string_view text);
  /// "waiting for 3 pods to be ready (1 of 3), 12s of 5m": at once on a terminal, else when the wait has lasted two
  /// seconds and then every ten. `since` is how long it has lasted, `until` how long it may last.
  void progress(std::string_view what, Duration since, Duration until);
  /// How something that goes on stands: redrawn in place on a terminal, nothing elsewhere.
  void status(std::string_view text);
  /// The same as progress(), for a Wait; this log must outlive it.
  Progress progress_lines();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton
