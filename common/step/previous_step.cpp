// What the frame knows of itself when it reads the step before.
#include "common/step/previous_step.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "common/cli/flags.h"
#include "common/config/loaded.h"
#include "common/config/sections/handoff.h"
#include "common/config/sections/run.h"
#include "common/config/sections/signing.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace baton {
namespace {

struct Predecessor {
  std::string_view step;
  std::string_view previous;
};

constexpr auto kPredecessors = std::to_array<Predecessor>({
    {"precheck", ""},
    {"migrate", "precheck"},
    {"switch", "migrate"},
    {"watch", "switch"},
    {"finalize", ""},
});

/// A database whose variable is not set is no absent database.
std::string regular_predecessor(const std::string& step, const LoadedConfig& loaded) {
  if (step == "switch" && !loaded.is_given("database.url")) return "precheck";
  return std::string(std::ranges::find(kPredecessors, step, &Predecessor::step)->previous);
}

std::vector<Verdict> accepted_by(const std::string& step, const RunConfig& run) {
  if (step == "finalize") {
    return {Verdict::proceed,     Verdict::caution,         Verdict::stop,      Verdict::unknown,
            Verdict::rolled_back, Verdict::rollback_failed, Verdict::superseded};
  }
  if (run.strict) return {Verdict::proceed};
  // What a switch could not judge serves all the same: somebody must look after it.
  if (step == "watch") return {Verdict::proceed, Verdict::caution, Verdict::unknown};
  return {Verdict::proceed, Verdict::caution};
}

/// `handoff:` limits how old the file of these two may be.
std::optional<Duration> valid_for(const std::string& previous, const Config& config) {
  if (previous == "precheck") return config.handoff().precheck_valid;
  if (previous == "migrate") return config.handoff().migrate_valid;
  return std::nullopt;
}

std::string text_of_key(const std::string& key) {
  const bool is_text =
      key.find("-----BEGIN") != std::string::npos || key.starts_with("ssh-") || key.starts_with("ecdsa-");
  return is_text ? key : read_file(key, 1U << 16U);
}

/// For messages: never the key itself.
std::string name_of_key(const std::string& key, std::size_t index) {
  const bool is_path = key.find('\n') == std::string::npos && fs::exists(key);
  return is_path ? key : "signing.trust[" + std::to_string(index) + "]";
}

ChainRequest request_of(Invocation& invocation, const std::string& previous) {
  const std::string& step = invocation.table.step;
  const Config& config = invocation.config();
  Env& env = invocation.env;
  return {.step = step,
          .wanted_previous = step == "finalize" || env.is_standalone() ? "" : previous,
          .release = env.release,
          .target = env.identity.target,
          .image_sha256 = step == "migrate" ? "" : env.identity.subject.sha256,
          .database_only = step == "migrate",
          .digest_by_other_channel = digest_by_other_channel(invocation, previous),
          .trust = trusted_keys(invocation.loaded),
          .accepted = accepted_by(step, config.run()),
          .now = invocation.clock.now(),
          .valid_for = valid_for(previous, config),
          .resuming = invocation.table.is_resuming && invocation.table.is_resuming(env)};
}

}  // namespace

std::string previous_step(const Invocation& invocation, const Snapshot& found) {
  const std::string& step = invocation.table.step;
  if (step == "precheck") return "";
  if (step == "finalize" || invocation.config().run().standalone) {
    std::string last = found.last_before(step);
    if (!last.empty() || invocation.config().run().standalone) return last;
    return "watch";
  }
  return regular_predecessor(step, invocation.loaded);
}

std::string digest_by_other_channel(const Invocation& invocation, const std::string& previous) {
  const std::string& given = invocation.config().run().handoff_sha256;
  if (!given.empty() || previous.empty()) return given;
  const std::string name = variable_of(previous + "-handoff-sha256");
  std::string value = to_lower(invocation.environment.value_or(name, ""));
  if (value.empty() || is_sha256_hex(value)) return value;
  throw Error(ExitCode::usage, name + " is no SHA-256: 64 hexadecimal digits are expected",
              "Pass the output 'handoff-sha256' of " + previous + ".");
}

std::vector<TrustKey> trusted_keys(const LoadedConfig& loaded) {
  std::vector<TrustKey> keys;
  for (const TrustEntry& entry : loaded.values.signing().trust) {
    keys.push_back(parse_trust_key(text_of_key(entry.key), name_of_key(entry.key, keys.size()), entry.step));
  }
  return keys;
}

Previous read_previous_step(Invocation& invocation, const Snapshot& found, const std::string& previous) {
  std::vector<PreviousFile> earlier;
  for (auto step = std::rbegin(kSteps); step != std::rend(kSteps); ++step) {
    if (step_number(*step) < step_number(previous)) earlier.push_back(found.file(*step));
  }
  return read_previous(request_of(invocation, previous), found.file(previous), earlier);
}

}  // namespace baton
