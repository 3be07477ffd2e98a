// The contract's exit codes in words.
#include "common/cli/exit_meaning.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

constexpr auto kMeanings = std::to_array<ExitMeaning>({
    {ExitCode::proceed, "go on; warnings may exist", ""},
    {ExitCode::error, "our own fault; nothing may be concluded", "Report this with the log, then run the step again."},
    {ExitCode::usage, "a bad flag or configuration", "Correct the flag or the key and run again."},
    {ExitCode::stop, "the gate says no", "Fix what is listed, then run the step again."},
    {ExitCode::rolled_back, "the old state is back and verified",
     "Find the cause in the evidence before the next attempt."},
    {ExitCode::rollback_failed, "a person is needed now: the old state is not back or not healthy",
     "Call the person on duty and restore the old state by hand."},
    {ExitCode::unknown, "a critical question could not be answered, which is neither yes nor no",
     "Make what could not be looked at answer, then run the step again."},
    {ExitCode::handoff,
     "the steps before do not let it go on: a handoff is missing, altered, stale or not ours, or says no",
     "Run the step before again, or pass its own file."},
    {ExitCode::again, "not over yet", "Run the step again at the time it printed."},
    {ExitCode::deadline, "--deadline was reached; state is saved", "Run the step again; it goes on where it stopped."},
    {ExitCode::interrupted, "interrupted from outside; state is saved",
     "Run the step again; it goes on where it stopped."},
    {ExitCode::terminated, "terminated from outside; state is saved",
     "Run the step again; it goes on where it stopped."},
});

}  // namespace

std::span<const ExitMeaning> exit_meanings() { return kMeanings; }

const ExitMeaning& meaning_of(ExitCode code) { return *std::ranges::find(kMeanings, code, &ExitMeaning::code); }

}  // namespace baton
