// Real programs, also those that do not end.
#include "common/io/process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <charconv>
#include <thread>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "common/io/files.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

ProcessResult shell(const std::string& script) { return run_process({.argv = {"sh", "-c", script}}); }

Error error_of(const ProcessRequest& request, std::stop_token stop = {}) {
  return test::error_of([&] { return run_process(request, stop); });
}

/// Whether the process whose number stands in the file is there, once that file was written.
bool is_alive(const fs::path& file) {
  const std::string text = read_file(file);
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  const auto state = read_file_if_exists("/proc/" + std::to_string(pid) + "/stat");
  return pid > 0 && state && state->find(") Z ") == std::string::npos;
}

TEST(ProcessTest, KeepsBothStreamsAndTheCode) {
  const ProcessResult result = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.error, "err\n");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_FALSE(result.truncated);
}

TEST(ProcessTest, UsesNoShell) {
  EXPECT_EQ(run_process({.argv = {"printf", "%s|", "$HOME; ls *", "a b"}}).output, "$HOME; ls *|a b|");
}

TEST(ProcessTest, ASignalIs128AndItsNumber) { EXPECT_EQ(shell("kill -KILL $$").exit_code, 137); }

TEST(ProcessTest, DrainsBothStreamsWhileItFeeds) {
  // More than pipes hold, in all three directions at once.
  const std::string input(500'000, 'x');
  const ProcessResult result = run_process({.argv = {"sh", "-c", "tee /dev/stderr"}, .input = input});
  EXPECT_EQ(result.output, input);
  EXPECT_EQ(result.error, input);
}

TEST(ProcessTest, AProgramNeedNotReadItsInput) {
  const ProcessResult result = run_process({.argv = {"true"}, .input = std::string(500'000, 'x')});
  EXPECT_EQ(result.exit_code, 0);
}

TEST(ProcessTest, NoInputIsAnEndOfInput) { EXPECT_EQ(run_process({.argv = {"cat"}}).output, ""); }

TEST(ProcessTest, AddsToTheEnvironment) {
  ::setenv("BATON_TEST_OURS", "ours", 1);
  const ProcessResult result = run_process({.argv = {"sh", "-c", "echo $BATON_TEST_OURS $BATON_TEST_THEIRS"},
                                            .environment = {{"BATON_TEST_THEIRS", "theirs"}}});
  EXPECT_EQ(result.output, "ours theirs\n");
  ::unsetenv("BATON_TEST_OURS");
}

TEST(ProcessTest, RunsInTheFolder) {
  const TempFolder folder;
  EXPECT_EQ(run_process({.argv = {"pwd", "-P"}, .folder = folder.path()}).output,
            fs::canonical(folder.path()).string() + "\n");
  EXPECT_STREQ(error_of({.argv = {"pwd"}, .folder = "/nonexistent"}).what(),
               "cannot start 'pwd' in '/nonexistent': no such folder");
}

TEST(ProcessTest, SaysThatThereIsNoSuchProgram) {
  const Error error = error_of({.argv = {"baton-no-such-program"}});
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_TRUE(std::string(error.what()).starts_with("cannot start 'baton-no-such-program': ")) << error.what();
}

TEST(ProcessTest, DropsWhatIsTooMuchAndSaysSo) {
  const ProcessResult result =
      run_process({.argv = {"sh", "-c", "head -c 100001 /dev/zero; echo done >&2"}, .max_output = 100'000});
  EXPECT_EQ(result.output.size(), 100'000U);
  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.error, "done\n");
  EXPECT_FALSE(run_process({.argv = {"head", "-c", "100000", "/dev/zero"}, .max_output = 100'000}).truncated);
}

TEST(ProcessTest, HandsOutputOverAsItComes) {
  std::size_t got = 0;
  const ProcessResult result = run_process({.argv = {"head", "-c", "1000000", "/dev/zero"},
                                            .max_output = 10,
                                            .on_output = [&](std::string_view piece) { got += piece.size(); }});
  EXPECT_EQ(got, 1'000'000U);
  EXPECT_EQ(result.output, "");
  EXPECT_FALSE(result.truncated);
}

TEST(ProcessTest, EndsWhatTakesTooLong) {
  const Error error = error_of({.argv = {"sleep", "100"}, .timeout = 100ms});
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_STREQ(error.what(), "'sleep' did not end within 100 ms and was ended");
}

TEST(ProcessTest, EndsTheWholeGroupAlsoThoseThatDoNotListen) {
  const TempFolder folder;
  const std::string script =
      "(trap '' TERM; exec 0<&- 1>&- 2>&-; while :; do sleep 1; done) & echo $! > pid; sleep 100";
  error_of({.argv = {"sh", "-c", script}, .timeout = 300ms, .folder = folder.path()});
  // The kill is on its way; the kernel needs a moment.
  for (int left = 500; left > 0 && is_alive(folder.path() / "pid"); --left) SystemClock().sleep_for(10ms, {});
  EXPECT_FALSE(is_alive(folder.path() / "pid"));
}

TEST(ProcessTest, LeavesTimeToTidyUp) {
  const TempFolder folder;
  error_of({.argv = {"sh", "-c", "trap 'head -c 300000 /dev/zero; echo tidy > said; exit 0' TERM; sleep 100 & wait"},
            .timeout = 300ms,
            .folder = folder.path()});
  EXPECT_EQ(read_file_if_exists(folder.path() / "said"), "tidy\n");
}

TEST(ProcessTest, WithoutGraceOneThatDoesNotListenIsEndedAtOnce) {
  SystemClock clock;
  const Duration begin = clock.monotonic();
  error_of({.argv = {"sh", "-c", "trap '' TERM; sleep 100"}, .timeout = 100ms, .grace = 0s});
  EXPECT_LT(clock.monotonic() - begin, 4s);
}

TEST(ProcessTest, StopsWhenAsked) {
  std::stop_source source;
  SystemClock clock;
  const Duration begin = clock.monotonic();
  const std::jthread stopper([&] {
    clock.sleep_for(50ms, {});
    source.request_stop();
  });
  EXPECT_EQ(error_of({.argv = {"sleep", "100"}}, source.get_token()).code(), ExitCode::interrupted);
  EXPECT_LT(clock.monotonic() - begin, 3s);
}

TEST(ProcessTest, DoesNotWaitForWhatWasLeftInTheBackground) {
  SystemClock clock;
  const Duration begin = clock.monotonic();
  const ProcessResult result = shell("sleep 20 & yes > /dev/null & kill $!; echo started");
  EXPECT_EQ(result.output, "started\n");
  EXPECT_LT(clock.monotonic() - begin, 3s);
}

TEST(ProcessTest, AThrowingTakerEndsTheProgram) {
  const ProcessRequest request{.argv = {"sh", "-c", "echo x; sleep 100"},
                               .on_output = [](std::string_view) { throw Error(ExitCode::stop, "enough"); }};
  EXPECT_EQ(error_of(request).code(), ExitCode::stop);
}

TEST(ProcessTest, GivesTheProgramDefaultSignals) {
  ::signal(SIGUSR1, SIG_IGN);
  EXPECT_EQ(shell("kill -USR1 $$; exit 0").exit_code, 128 + SIGUSR1);
  ::signal(SIGUSR1, SIG_DFL);
}

TEST(ProcessTest, FindsProgramsAsAShellDoes) {
  EXPECT_TRUE(find_program("sh")->is_absolute());
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_program("baton-no-such-program"), std::nullopt);
  EXPECT_EQ(find_program("/etc/passwd"), std::nullopt);
}

}  // namespace
}  // namespace baton
