// The log on stderr; the only file that knows spdlog.
#include "common/cli/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <mutex>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton {
namespace {

constexpr Duration kFirstProgress = std::chrono::seconds(2);
constexpr Duration kProgressEvery = std::chrono::seconds(10);
constexpr std::string_view kClearLine = "\r\x1b[2K";

struct Level {
  std::string_view name;
  std::string_view label;  ///< in text; an info line has none
  std::string_view color;
  spdlog::level::level_enum level;
};

constexpr auto kLevels = std::to_array<Level>({
    {"debug", "debug: ", "\x1b[2m", spdlog::level::debug},
    {"info", "", "", spdlog::level::info},
    {"warning", "warning: ", "\x1b[33m", spdlog::level::warn},
    {"error", "error: ", "\x1b[31m", spdlog::level::err},
});

const Level& row(LogLevel level) { return kLevels[static_cast<std::size_t>(level)]; }

/// A line that wraps cannot be drawn anew: it is cut to the terminal's width, where that is known.
std::string on_one_line(const std::string& line) {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return line;
  return printable(line, size.ws_col - 2);
}

std::unique_ptr<spdlog::logger> make_logger(const Log::Settings& settings) {
  auto logger = std::make_unique<spdlog::logger>(settings.tool, std::make_shared<spdlog::sinks::stderr_sink_mt>());
  // The time is put in by spdlog, so that the log needs no clock of ours; the rest of the object is in the message.
  const std::string pattern = settings.json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)" : "%v";
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  logger->set_level(row(settings.level).level);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

}  // namespace

LogLevel log_level_from(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i].name == name) return static_cast<LogLevel>(i);
  }
  throw Error(ExitCode::usage, "the log level is '" + printable(name, 100) + "', not debug, info, warning or error",
              "Write --log-level debug, info, warning or error.");
}

struct Log::State {
  Settings settings;
  std::unique_ptr<spdlog::logger> logger;
  std::mutex mutex = {};
  Duration last_progress{-1};  ///< of this wait; negative: nothing shown yet
  bool line_is_open = false;   ///< a progress line without its end stands on the terminal

  void emit(LogLevel level, std::string_view label, std::string_view text) {
    const Level& look = row(level);
    if (!logger->should_log(look.level)) return;
    const std::string safe = without_secrets(text);
    logger->log(look.level, settings.json ? json_line(look, label, safe) : text_line(look, label, safe));
  }

  std::string json_line(const Level& look, std::string_view label, std::string_view text) const {
    Json line = Json::object({{"level", look.name}, {"tool", settings.tool}});
    line[label.empty() ? "message" : label] = text;
    return json_without_commands(to_text(line)).substr(1);  // the opening brace is in the pattern
  }

  std::string text_line(const Level& look, std::string_view label, std::string_view text) {
    const std::string open = line_is_open ? std::string(kClearLine) : std::string();
    line_is_open = false;
    const std::string shown = label.empty() ? std::string(look.label) : std::string(label) + ": ";
    const std::string_view color = settings.color ? look.color : std::string_view{};
    return fmt::format("{}{}{}: {}{}{}", open, color, settings.tool, shown, color.empty() ? "" : "\x1b[0m",
                       replace_all(text, "##[", "## ["));
  }
};

Log::Log(const Settings& settings) : state_(std::make_unique<State>()) {
  state_->settings = settings;
  state_->logger = make_logger(settings);
}

Log::~Log() {
  if (state_->line_is_open) fmt::print(stderr, "{}", kClearLine);
}

void Log::write(LogLevel level, std::string_view text) {
  const std::lock_guard lock(state_->mutex);
  state_->emit(level, {}, text);
}

void Log::after(LogLevel level, std::string_view label, std::string_view text) {
  const std::lock_guard lock(state_->mutex);
  state_->emit(level, label, text);
}

void Log::progress(std::string_view what, Duration since, Duration until) {
  const std::lock_guard lock(state_->mutex);
  State& state = *state_;
  const auto whole = [](Duration d) { return to_text(Duration(std::chrono::floor<std::chrono::seconds>(d))); };
  const std::string line = fmt::format("waiting for {}, {} of {}", what, whole(since), whole(until));
  if (state.settings.live && !state.settings.json) {
    fmt::print(stderr, "{}{}", kClearLine, on_one_line(state.settings.tool + ": " + line));
    static_cast<void>(std::fflush(stderr));
    state.line_is_open = true;
    return;
  }
  const bool is_new_wait = since < state.last_progress;
  if (is_new_wait) state.last_progress = Duration(-1);
  const bool is_due =
      state.last_progress < Duration(0) ? since >= kFirstProgress : since - state.last_progress >= kProgressEvery;
  if (!is_due) return;
  state.last_progress = since;
  state.emit(LogLevel::info, {}, line);
}

Progress Log::progress_lines() {
  return [this](const std::string& what, Duration since, Duration until) { progress(what, since, until); };
}

}  // namespace baton
