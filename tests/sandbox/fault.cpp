// Reading faults.
#include "tests/sandbox/fault.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::sandbox {
namespace {

using Setter = bool (*)(Fault&, const std::string& value);

bool set_percent(double& into, const std::string& value, double scale) {
  const auto percent = parse_percent(value);
  if (percent) into = *percent * scale;
  return percent.has_value();
}

bool set_duration(Duration& into, const std::string& value) {
  const auto duration = parse_duration(value);
  if (duration) into = *duration;
  return duration.has_value();
}

struct Word {
  std::string_view name;
  Setter set;
};
constexpr std::array kWords = {
    Word{"errors", [](Fault& fault, const std::string& value) { return set_percent(fault.errors, value, 0.01); }},
    Word{"latency", [](Fault& fault, const std::string& value) { return set_duration(fault.latency, value); }},
    Word{"after", [](Fault& fault, const std::string& value) { return set_duration(fault.after, value); }},
    Word{"until", [](Fault& fault, const std::string& value) { return set_duration(fault.until, value); }},
    Word{"slow-start", [](Fault& fault, const std::string& value) { return set_duration(fault.slow_start, value); }},
    Word{"crash-loop", [](Fault& fault, const std::string& value) { return fault.crash_loop = value.empty(); }},
    Word{"never-ready", [](Fault& fault, const std::string& value) { return fault.never_ready = value.empty(); }},
    Word{"sidecar-crash", [](Fault& fault, const std::string& value) { return fault.sidecar_crash = value.empty(); }},
    Word{"one-pod", [](Fault& fault, const std::string& value) { return fault.one_pod = value.empty(); }},
    Word{"cpu", [](Fault& fault, const std::string& value) { return set_percent(fault.cpu, value, 1); }},
    Word{"memory", [](Fault& fault, const std::string& value) { return set_percent(fault.memory, value, 1); }},
};

constexpr std::array<std::string_view, 4> kSpared = {"/health", "/api/health/db", "/version", "/metrics"};

}  // namespace

Fault parse_fault(std::string_view text) {
  Fault fault;
  for (const auto& piece : split(text, ' ')) {
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const auto* word = std::ranges::find(kWords, piece.substr(0, equals), &Word::name);
    const auto value = equals == std::string::npos ? "" : piece.substr(equals + 1);
    if (word == kWords.end() || !word->set(fault, value)) throw std::invalid_argument("unknown fault '" + piece + "'");
  }
  return fault;
}

bool is_hit(std::string_view path) { return std::ranges::find(kSpared, path) == kSpared.end(); }

}  // namespace baton::sandbox
