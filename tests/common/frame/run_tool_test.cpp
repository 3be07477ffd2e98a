// What every tool answers: version, help, schema, records in text and JSON, reports, and errors said once.
#include "common/frame/run_tool.h"

#include <sys/stat.h>

#include "common/config/keys.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "tests/support/step_scene.h"

namespace baton {
namespace {

StepResult stopped() {
  return {.verdict = Verdict::stop,
          .findings = {{.id = "nodes-ready",
                        .sop = "1.2",
                        .title = "Nodes",
                        .critical = true,
                        .outcome = Outcome::fail,
                        .observed = Measured(2, "nodes"),
                        .expected = Expected("=", Measured(3, "nodes")),
                        .message = "node b\n::error::x is away",
                        .query = "GET /api/v1/nodes",
                        .recovery = {"Fix infrastructure issue first"}},
                       {.id = "tests", .sop = "1.1", .title = "Tests", .outcome = Outcome::pass}},
          .summary = "PRE-DEPLOYMENT CHECKS: STOP",
          .record = Json::object({{"decision", "STOP"}})};
}

TEST(FrameTest, PrintsItsVersionWithoutReadingAnything) {
  Scene scene;
  scene.flags = {"--config", "/nowhere/at/all.yaml"};
  const Ran ran = scene.run("precheck", never(), {"--version"});
  EXPECT_EQ(ran.code, ExitCode::proceed);
  EXPECT_EQ(ran.out, "baton-precheck " + std::string(kVersion) + "\n");
}

TEST(FrameTest, PrintsHelpFromItsTables) {
  const Scene scene;
  for (const char* flag : {"--help", "-h"}) {
    const Ran ran = scene.run("precheck", never(), {flag});
    EXPECT_EQ(ran.code, ExitCode::proceed);
    for (const char* part :
         {"run", "The step (the default)", "look", "--handoff-sha256 HEX", "75 again", "-h, --help"}) {
      EXPECT_TRUE(says(ran.out, part)) << part;
    }
  }
}

TEST(FrameTest, HelpOfAVerbNamesItsFlagsAndExamplesAndNoOthers) {
  const Scene scene;
  const Ran named = scene.run("precheck", never(), {"help", "look"});
  EXPECT_EQ(named.code, ExitCode::proceed) << named.err;
  EXPECT_TRUE(named.out.starts_with("baton-precheck look: A look\n\nUsage: baton-precheck look [FLAGS]\n"));
  EXPECT_TRUE(says(named.out, "\nExamples:\n  baton-precheck look --depth 2\n\nFlags:\n  --depth N"));
  EXPECT_FALSE(says(named.out, "--strict"));
  EXPECT_EQ(scene.run("precheck", never(), {"look", "--help"}).out, named.out);
  EXPECT_FALSE(says(scene.run("precheck", never(), {"run", "-h"}).out, "--depth"));
  EXPECT_EQ(scene.run("precheck", never(), {"help"}).out, scene.run("precheck", never(), {"--help"}).out);
  EXPECT_TRUE(says(scene.run("precheck", never(), {"help", "lok"}).err, "Use 'look'"));
}

TEST(FrameTest, HelpListsNoFlagThatTheToolRefuses) {
  const Scene scene;
  EXPECT_TRUE(says(scene.run("precheck", never(), {"--help"}).out, "--observe"));
  EXPECT_FALSE(says(scene.run("switch", never(), {"--help"}).out, "--observe"));
  const Ran ran = scene.run("switch", never(), {"--observe"});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "--observe is not for switch"));
}

TEST(FrameTest, AFlagOfAnotherVerbIsRefused) {
  const Scene scene;
  const Ran ran = scene.run("precheck", never(), {"undo", "--depth", "2"});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "--depth is not for 'undo'"));
  EXPECT_TRUE(says(ran.err, "Use it with baton-precheck look."));
  EXPECT_EQ(scene.run("precheck", decides(Verdict::proceed), {"look", "--depth", "2"}).code, ExitCode::proceed);
}

TEST(FrameTest, AnswersVersionAndCompletionAsVerbs) {
  const Scene scene;
  const std::string version = "baton-precheck " + std::string(kVersion) + "\n";
  for (const char* word : {"version", "-v", "--version"}) {
    EXPECT_EQ(scene.run("precheck", never(), {word}).out, version) << word;
  }
  EXPECT_TRUE(
      says(scene.run("precheck", never(), {"completion", "bash"}).out, "complete -F _baton_precheck baton-precheck"));
  EXPECT_TRUE(scene.run("precheck", never(), {"completion", "zsh"}).out.starts_with("#compdef baton-precheck\n"));
  EXPECT_TRUE(says(scene.run("precheck", never(), {"completion", "fish"}).out, "complete -c baton-precheck"));
  const Ran none = scene.run("precheck", never(), {"completion"});
  EXPECT_EQ(none.code, ExitCode::usage);
  EXPECT_TRUE(says(none.err, "Use bash, zsh or fish."));
}

TEST(FrameTest, EveryAnswerIsOneJsonDocumentOnRequest) {
  const Scene scene;
  const std::vector<std::vector<std::string>> commands = {{"run"},
                                                          {"look"},
                                                          {"undo"},
                                                          {"rehearse"},
                                                          {"nosuch"},
                                                          {"look", "extra"},
                                                          {"--nosuch"},
                                                          {"--strict=maybe"},
                                                          {"undo", "--depth=1"},
                                                          {"--set", "switch"},
                                                          {"--set", "swich.soak=1m"},
                                                          {"--help"},
                                                          {"help", "look"},
                                                          {"help", "nosuch"},
                                                          {"--version"},
                                                          {"version"},
                                                          {"completion", "bash"},
                                                          {"completion"},
                                                          {"--print-config"},
                                                          {"--schema", "config"},
                                                          {"--schema", "nosuch"},
                                                          {"--report", "pdf=x"},
                                                          {"--handoff-sha256="},
                                                          {"--config", "/nowhere"},
                                                          {"--report"}};
  for (auto words : commands) {
    const std::string what = join(words, " ");
    const bool ends_open = words.back() == "--report";
    words.insert(ends_open ? words.begin() : words.end(), {"--output", "json"});
    const Ran ran = scene.run("precheck", decides(Verdict::proceed), words);
    EXPECT_TRUE(parse_json(ran.out, what).is_object()) << what << ": " << ran.out;
    const Json json = parse_json(ran.out, what);
    if (ran.code != ExitCode::proceed) {
      EXPECT_EQ(json["exit_code"].integer(), static_cast<int>(ran.code)) << what;
      EXPECT_FALSE(json["error"].string().empty()) << what;
    }
  }
}

TEST(FrameTest, TellsAllMistakesOfTheConfigurationALineEach) {
  const Scene scene;
  write_file(scene.path("b.yaml"), "app: shop\nswich: 1\nswitch: {soak: 5}\n");
  const Ran ran = scene.run("precheck", never(), {"--config", scene.path("b.yaml").string()});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "precheck: error: " + scene.path("b.yaml").string() + ":2:1: unknown key 'swich'"));
  EXPECT_TRUE(says(ran.err, "precheck: error: " + scene.path("b.yaml").string() + ":3:16: expected a duration"));
  Scene host;
  host.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", host.path("summary.md").string()}};
  const Ran told = host.run("precheck", never(), {"--set", "swich=1", "--set", "switch.soak=5"});
  EXPECT_TRUE(says(told.err, "\n::error title=precheck::--set swich: unknown key")) << told.err;
  EXPECT_TRUE(says(told.err, "\n::error title=precheck::--set switch.soak: expected a duration")) << told.err;
  EXPECT_TRUE(says(read_file(host.path("summary.md")), "did you mean 'switch'?, and 1 more (exit 2)"));
}

TEST(FrameTest, ColoursTheHeadlineAndWhatFailed) {
  Scene scene;
  const auto body = [](Env&) { return stopped(); };
  scene.environment = {{"FORCE_COLOR", "1"}};
  const Ran forced = scene.run("precheck", body);
  EXPECT_TRUE(says(forced.out, "\n\x1b[1mprecheck of shop v1.6.0: stop (exit 3)\x1b[0m\n")) << forced.out;
  EXPECT_TRUE(says(forced.out, "\n\x1b[31m  ❌ 1.2 nodes-ready"));
  EXPECT_FALSE(says(scene.run("precheck", body, {"--no-color"}).out, "\x1b"));
  scene.environment = {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}};
  EXPECT_FALSE(says(scene.run("precheck", body).out, "\x1b"));
  scene.environment = {};
  EXPECT_FALSE(says(scene.run("precheck", body).out, "\x1b")) << "no terminal";
}

TEST(FrameTest, SaysEachFindingOnceWhereTheSummaryHasIt) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", scene.path("summary.md").string()}};
  const auto body = [](Env& env) {
    StepResult result{.verdict = Verdict::proceed,
                      .findings = {{.id = "tests", .sop = "1.1", .title = "Tests", .outcome = Outcome::pass}},
                      .artifacts = {env.dir / "checklist.md"},
                      .summary = "# Checklist\n- Tests ✅\n"};
    write_file(env.dir / "checklist.md", result.summary);
    return result;
  };
  EXPECT_FALSE(says(scene.run("precheck", body).out, "::group::"));
  EXPECT_EQ(read_file(scene.path("summary.md")), "# Checklist\n- Tests ✅\n");
}

TEST(FrameTest, PrintsTheHandoffsSchema) {
  const Ran ran = Scene().run("precheck", never(), {"--schema", "handoff"});
  EXPECT_EQ(parse_json(ran.out, "schema")["title"].string(), "Baton handoff");
}

TEST(FrameTest, PrintsWhereEachValueCameFrom) {
  const Ran ran = Scene().run("precheck", never(), {"--print-config"});
  EXPECT_EQ(ran.code, ExitCode::proceed) << ran.err;
  EXPECT_TRUE(says(ran.out, "v1.6.0"));
  EXPECT_TRUE(says(ran.out, "--release"));
}

TEST(FrameTest, AnswersAWrongWordWithTheOneThatWasMeant) {
  const Scene scene;
  EXPECT_TRUE(says(scene.run("precheck", never(), {"--stict"}).err, "precheck: hint: Use '--strict'"));
  EXPECT_TRUE(says(scene.run("precheck", never(), {"loook"}).err, "precheck: hint: Use 'look'"));
  EXPECT_TRUE(says(scene.run("precheck", never(), {"look", "extra"}).err, "'look' takes no argument"));
  EXPECT_EQ(scene.run("precheck", never(), {"look", "extra"}).code, ExitCode::usage);
}

TEST(FrameTest, RefusesByNameWhatThisVersionDoesNotHave) {
  const Scene scene;
  const Ran verb = scene.run("precheck", never(), {"rehearse"});
  EXPECT_EQ(verb.code, ExitCode::usage);
  EXPECT_TRUE(says(verb.err, "'rehearse' is not available in this version"));
  EXPECT_TRUE(says(verb.err, "hint: Use one of: run, look, undo, help, version, completion."));
  EXPECT_FALSE(says(scene.run("precheck", never(), {"--help"}).out, "rehearse"));
  const auto file = scene.path("report");
  const Ran ran = scene.run("precheck", never(), {"--report", "pdf=" + file.string()});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "the report format 'pdf' is unknown")) << ran.err;
  EXPECT_FALSE(fs::exists(file));
}

TEST(FrameTest, ExitsInTheNumbersOfItsCaller) {
  struct Case {
    Verdict verdict;
    int codes;
    int job;
    int nagios;
  };
  for (const auto& [verdict, codes, job, nagios] :
       {Case{Verdict::proceed, 0, 0, 0}, Case{Verdict::caution, 0, 0, 1}, Case{Verdict::again, 75, 0, 0},
        Case{Verdict::stop, 3, 3, 2}, Case{Verdict::rolled_back, 4, 4, 2}, Case{Verdict::rollback_failed, 5, 5, 2},
        Case{Verdict::unknown, 6, 6, 3}, Case{Verdict::superseded, 0, 0, 0}}) {
    const auto exit = [verdict = verdict](const std::string& style) {
      return static_cast<int>(Scene().run("precheck", decides(verdict), {"--exit-style", style}).code);
    };
    EXPECT_EQ(exit("codes"), codes) << verdict_name(verdict);
    EXPECT_EQ(exit("job"), job) << verdict_name(verdict);
    EXPECT_EQ(exit("nagios"), nagios) << verdict_name(verdict);
  }
  const Ran ran = Scene().run("precheck", decides(Verdict::again), {"--exit-style", "job"});
  EXPECT_TRUE(says(ran.out, "(exit 75)")) << "the record says what it is";
}

TEST(FrameTest, NeedsANamedConfigurationButNotTheDefaultOne) {
  const Scene scene;
  const Ran ran = scene.run("precheck", never(), {"--config", scene.path("none.yaml").string()});
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "no such file"));
  write_file(scene.path("b.yaml"), "app: shop\nenvironment: staging\n");
  EXPECT_EQ(scene.run("precheck", decides(Verdict::proceed), {"--config", scene.path("b.yaml").string()}).code,
            ExitCode::proceed);
  EXPECT_EQ(scene.handoff("precheck").release.environment, "staging");
}

TEST(FrameTest, EndsAFailureInThreeParts) {
  const Ran ran = Scene().run("precheck", [](Env&) { return stopped(); });
  EXPECT_TRUE(ran.out.starts_with("PRE-DEPLOYMENT CHECKS: STOP\n"));
  const auto seen = ran.out.find("Seen:\n  ❌ 1.2 nodes-ready: 2 nodes (expected 3 nodes)");
  const auto means = ran.out.find("Means:\n  the gate says no");
  const auto next = ran.out.find("Do next:\n  1. Fix infrastructure issue first\n");
  EXPECT_LT(seen, means);
  EXPECT_LT(means, next);
  EXPECT_NE(next, std::string::npos) << ran.out;
}

TEST(FrameTest, PrintsOneJsonDocument) {
  const Scene scene;
  const Ran ran = scene.run("precheck", [](Env&) { return stopped(); }, {"--output", "json"});
  const Json json = parse_json(ran.out, "stdout");
  EXPECT_EQ(json["exit_code"].integer(), 3);
  EXPECT_EQ(json["verdict"].string(), "stop");
  EXPECT_EQ(json["decision"].string(), "STOP");
  EXPECT_EQ(json["recovery"].items().front().string(), "Fix infrastructure issue first");
  EXPECT_EQ(json["handoff"]["sha256"].string(), sha256_hex(scene.bytes("precheck.json")));
  EXPECT_EQ(json["findings"].size(), 2U);
}

TEST(FrameTest, PrintsAnErrorAsJsonToo) {
  const Ran ran = Scene().run("switch", never(), {"--output", "json"});
  const Json json = parse_json(ran.out, "stdout");
  EXPECT_EQ(json["exit_name"].string(), "handoff");
  EXPECT_TRUE(says(json["error"].string(), "there is no handoff"));
  EXPECT_TRUE(says(ran.err, "switch: error: there is no handoff"));
}

TEST(FrameTest, LogsJsonLinesOnRequest) {
  const Ran ran = Scene().run("switch", never(), {"--log-format", "json"});
  const Json line = parse_json(ran.err.substr(0, ran.err.find('\n')), "stderr");
  EXPECT_EQ(line["level"].string(), "error");
  EXPECT_EQ(line["tool"].string(), "switch");
  EXPECT_TRUE(parse_rfc3339(line["time"].string()).has_value());
}

TEST(FrameTest, KeepsToItsLogLevel) {
  const auto body = [](Env& env) {
    env.log.debug("deep");
    env.log.info("plain");
    env.log.warning("loud");
    return StepResult{.verdict = Verdict::proceed};
  };
  const Ran usual = Scene().run("precheck", body);
  EXPECT_EQ(usual.err, "precheck: plain\nprecheck: warning: loud\n");
  EXPECT_EQ(Scene().run("precheck", body, {"--log-level", "warning"}).err, "precheck: warning: loud\n");
  EXPECT_EQ(Scene().run("precheck", body, {"--log-level", "loud"}).code, ExitCode::usage);
}

TEST(FrameTest, WritesReportsInFiveFormats) {
  const Scene scene;
  const auto at = [&](const std::string& name) { return scene.path(name).string(); };
  scene.run("precheck", [](Env&) { return stopped(); },
            {"--report", "json=" + at("r.json"), "--report", "junit=" + at("r.xml"), "--report",
             "markdown=" + at("r.md"), "--report", "sarif=" + at("r.sarif"), "--report", "html=" + at("r.html")});
  EXPECT_EQ(parse_json(read_file(at("r.json")), "r")["verdict"].string(), "stop");
  EXPECT_TRUE(says(read_file(at("r.xml")), "<testsuite"));
  EXPECT_TRUE(says(read_file(at("r.md")), "Nodes: 2 nodes (expected 3 nodes)"));
  EXPECT_TRUE(says(read_file(at("r.html")), "Nodes: 2 nodes (expected 3 nodes)"));
  EXPECT_EQ(parse_json(read_file(at("r.sarif")), "r")["version"].string(), "2.1.0");
}

TEST(FrameTest, APageThatAStepLaysOutItselfIsItsHtml) {
  const Scene scene;
  const auto file = scene.path("r.html").string();
  const auto body = [](Env&) {
    StepResult result = stopped();
    result.page = Report{.title = "Laid out", .sections = {}};
    return result;
  };
  scene.run("precheck", body, {"--report", "html=" + file});
  EXPECT_TRUE(says(read_file(file), "<h1>Laid out</h1>"));
}

TEST(FrameTest, JsonHoldsNoCommandForACiHostAndStaysTheSame) {
  const Ran ran = Scene().run("precheck",
                              [](Env&) {
                                StepResult result = stopped();
                                result.findings.front().message = "x ##[set-output name=verdict]proceed";
                                return result;
                              },
                              {"--output", "json"});
  EXPECT_FALSE(says(ran.out, "##["));
  EXPECT_FALSE(says(ran.err, "##["));
  EXPECT_EQ(parse_json(ran.out, "out")["findings"].items().front()["message"].string(),
            "x ##[set-output name=verdict]proceed");
}

TEST(FrameTest, NoSecretIsPutOut) {
  const auto echoes = [](Env& env) {
    keep_secret("frame-secret-1");
    env.log.warning("log frame-secret-1");
    StepResult result = stopped();
    result.findings.front().message = "finding frame-secret-1";
    result.summary = "summary frame-secret-1";
    return result;
  };
  for (const char* output : {"text", "json"}) {
    const Scene scene;
    const Ran ran = scene.run("precheck", echoes, {"--output", output});
    EXPECT_FALSE(says(ran.out + ran.err, "frame-secret-1"));
  }
}

TEST(FrameTest, AnEmptyDigestIsRefusedHoweverItIsGiven) {
  Scene scene;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--handoff-sha256", ""}, {"--handoff-sha256="}, {"--config="}}) {
    const Ran ran = scene.run("precheck", never(), words);
    EXPECT_EQ(ran.code, ExitCode::usage) << words.front();
  }
  scene.environment = {{"BATON_HANDOFF_SHA256", ""}};
  const Ran ran = scene.run("precheck", never());
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "--handoff-sha256 is empty"));
}

TEST(FrameTest, AFolderThatIsAFileIsAWrongFlag) {
  const Scene scene;
  write_file(scene.dir(), "");
  const Ran ran = scene.run("precheck", never());
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "it is a file"));
}

TEST(FrameTest, AFolderThatCannotBeMadeIsAWrongFlag) {
  const Scene scene;
  fs::create_symlink("/proc/none/here", scene.dir());
  const Ran ran = scene.run("precheck", never());
  EXPECT_EQ(ran.code, ExitCode::usage) << ran.err;
  EXPECT_TRUE(says(ran.err, "cannot make the folder"));
}

TEST(FrameTest, AFileOfTheOtherEndingIsNotPassedOver) {
  const Scene scene;
  const auto before = fs::current_path();
  write_file(scene.path("baton.yml"), "app: other\n");
  fs::current_path(scene.path(""));
  const Ran ran = scene.run("precheck", never());
  fs::current_path(before);
  EXPECT_EQ(ran.code, ExitCode::usage);
  EXPECT_TRUE(says(ran.err, "there is no baton.yaml, and a baton.yml"));
}

TEST(FrameTest, AHandoffThatCannotBeReadIsNone) {
  const Scene scene;
  write_file(scene.dir() / "precheck.json", std::string(kMaxHandoffBytes + 1, ' '));
  EXPECT_EQ(scene.run("migrate", never()).code, ExitCode::handoff);
  fs::remove(scene.dir() / "precheck.json");
  ASSERT_EQ(::mkfifo((scene.dir() / "precheck.json").c_str(), 0600), 0);
  EXPECT_EQ(scene.run("migrate", never()).code, ExitCode::handoff);
}

TEST(FrameTest, AConfigurationThatIsAPipeIsRefused) {
  const Scene scene;
  ASSERT_EQ(::mkfifo(scene.path("pipe").c_str(), 0600), 0);
  const Ran ran = scene.run("precheck", never(), {"--config", scene.path("pipe").string()});
  EXPECT_EQ(ran.code, ExitCode::unknown);
  EXPECT_TRUE(says(ran.err, "it is no regular file"));
}

TEST(FrameTest, NoLinkInTheFolderIsFollowed) {
  const Scene scene;
  for (const char* name : {".precheck.lock", "precheck.json", "precheck.sigstore.json"}) {
    write_file(scene.path("victim"), "safe");
    fs::create_directories(scene.dir());
    fs::create_symlink(scene.path("victim"), scene.dir() / name);
    EXPECT_NE(scene.run("precheck", never()).code, ExitCode::proceed) << name;
    EXPECT_EQ(read_file(scene.path("victim")), "safe") << name;
    fs::remove_all(scene.dir());
  }
}

TEST(FrameTest, TellsGithubWhatItWants) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"},
                       {"GITHUB_STEP_SUMMARY", scene.path("summary.md").string()},
                       {"GITHUB_OUTPUT", scene.path("output").string()},
                       {"GITHUB_RUN_ID", "77"},
                       {"GITHUB_REPOSITORY", "o/r"}};
  const Ran ran = scene.run("precheck", [](Env&) { return stopped(); });
  EXPECT_TRUE(ran.out.starts_with("::stop-commands::"));
  EXPECT_TRUE(says(ran.out, "::error title=precheck nodes-ready::1.2 nodes-ready"));
  EXPECT_FALSE(says(ran.out, "\n::error::x"));
  const std::string output = read_file(scene.path("output"));
  EXPECT_TRUE(says(output, "verdict=stop\nexit-code=3\n"));
  EXPECT_TRUE(says(output, "handoff-sha256=" + sha256_hex(scene.bytes("precheck.json"))));
  EXPECT_TRUE(says(read_file(scene.path("summary.md")), "Nodes: 2 nodes"));
  EXPECT_EQ(scene.handoff("precheck").run.id, "77");
}

TEST(FrameTest, TellsGithubOfAnErrorToo) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_OUTPUT", scene.path("output").string()}};
  const Ran ran = scene.run("switch", never());
  EXPECT_TRUE(says(ran.out, "::error title=switch::there is no handoff"));
  EXPECT_TRUE(says(read_file(scene.path("output")), "verdict=handoff\nexit-code=7\n"));
}

TEST(FrameTest, TellsGithubOfAWrongFlagToo) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_OUTPUT", scene.path("output").string()}};
  const Ran ran = scene.run("switch", never(), {"--stict"});
  EXPECT_TRUE(says(ran.err, "::error title=switch::unknown flag"));
  EXPECT_TRUE(says(read_file(scene.path("output")), "verdict=usage\nexit-code=2\n"));
}

TEST(FrameTest, SaysThatNothingWasTouchedOnlyWhereNothingWas) {
  const Scene scene;
  const Ran early = scene.run("precheck", never(), {"--stict"});
  EXPECT_TRUE(says(early.err, "means: a bad flag or configuration; nothing was touched"));
  EXPECT_FALSE(fs::exists(scene.dir()));
  const Ran late = scene.run("precheck", [](Env&) -> StepResult { throw Error(ExitCode::usage, "the key is wrong"); });
  EXPECT_FALSE(fs::exists(scene.dir()));
  EXPECT_TRUE(says(late.err, "means: a bad flag or configuration; nothing was touched"));
  EXPECT_FALSE(says(late.out, "Handoff"));
  const Ran begun = scene.run("precheck", [](Env& env) -> StepResult {
    env.log_line("something is done");
    throw Error(ExitCode::usage, "the key is wrong");
  });
  EXPECT_EQ(scene.handoff("precheck").verdict, Verdict::again);
  EXPECT_TRUE(says(begun.err, "means: a bad flag or configuration\n"));
}

TEST(FrameTest, ARefusedRunLeavesTheFolderAsItWas) {
  const Scene scene;
  precheck(scene);
  scene.run("switch", decides(Verdict::again));
  const auto files = [&] {
    std::map<std::string, std::string> all;
    for (const auto& file : fs::directory_iterator(scene.dir())) all[file.path().filename()] = read_file(file.path());
    return all;
  };
  auto before = files();
  const auto refuses = [](Env&) -> StepResult { throw Error(ExitCode::usage, "the key is wrong"); };
  const Ran ran = scene.run("switch", refuses);
  EXPECT_EQ(ran.code, ExitCode::usage);
  auto after = files();
  for (const char* lock : {".precheck.lock", ".switch.lock"}) {
    EXPECT_TRUE(before.erase(lock) == 1 && after.erase(lock) == 1) << "it says who held it last";
  }
  EXPECT_EQ(after, before);
}

TEST(FrameTest, TheLastLineIsOneSentence) {
  struct Ending {
    Verdict verdict;
    std::optional<ExitCode> code;
    std::string_view line;
  };
  for (const Ending& ending :
       {Ending{Verdict::proceed, {}, "go on (exit 0)"}, Ending{Verdict::caution, {}, "go on, with warnings (exit 0)"},
        Ending{Verdict::stop, {}, "stop (exit 3)"}, Ending{Verdict::unknown, {}, "no answer, and so no go (exit 6)"},
        Ending{Verdict::rolled_back, {}, "rolled back (exit 4)"},
        Ending{Verdict::rolled_back, ExitCode::proceed, "rolled back (exit 0)"},
        Ending{Verdict::again, {}, "not over yet (exit 75)"},
        Ending{Verdict::again, ExitCode::deadline,
               "not over yet (exit 124: --deadline was reached; state is saved)"}}) {
    const auto body = [&](Env&) { return StepResult{.verdict = ending.verdict, .code = ending.code}; };
    EXPECT_TRUE(says(Scene().run("precheck", body).out, "precheck of shop v1.6.0: " + std::string(ending.line) + "\n"));
  }
}

TEST(FrameTest, TheLastLineOfAnErrorSaysWhatItWas) {
  const Ran ran = Scene().run("switch", never());
  EXPECT_TRUE(ran.out.starts_with("switch of shop v1.6.0: there is no handoff")) << ran.out;
  EXPECT_TRUE(says(ran.out, " (exit 7)\n"));
}

TEST(FrameTest, AFailureWithoutAFindingHasNoListOfThem) {
  const Ran ran = Scene().run("precheck", [](Env&) { return StepResult{.verdict = Verdict::stop, .summary = "no"}; });
  EXPECT_FALSE(says(ran.out, "Seen:"));
  EXPECT_TRUE(says(ran.out, "Means:\n  the gate says no"));
}

TEST(FrameTest, GivesGithubTenErrorsAtMost) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"}};
  const auto fails = [](int count) {
    return [count](Env&) {
      StepResult result{.verdict = Verdict::stop};
      for (int i = 0; i < count; ++i)
        result.findings.push_back({.id = "f" + std::to_string(i), .critical = true, .outcome = Outcome::fail});
      return result;
    };
  };
  const auto errors_in = [](const std::string& text) {
    int count = 0;
    for (auto at = text.find("::error "); at != std::string::npos; at = text.find("::error ", at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(errors_in(scene.run("precheck", fails(10)).out), 10);
  const Ran eleven = scene.run("precheck", fails(11));
  EXPECT_EQ(errors_in(eleven.out), 10);
  EXPECT_TRUE(says(eleven.out, "and 2 more"));
}

TEST(FrameTest, TellsGitlabWhatItWants) {
  Scene scene;
  scene.environment = {
      {"GITLAB_CI", "true"}, {"CI_PIPELINE_ID", "5"}, {"CI_PIPELINE_CREATED_AT", "2025-11-04T13:00:00Z"}};
  const Ran ran = scene.run("precheck", [](Env&) {
    StepResult result = stopped();
    result.verdict = Verdict::again;
    result.run_again_at = parse_rfc3339("2025-11-04T14:05:00Z");
    return result;
  });
  EXPECT_TRUE(says(ran.out, "section_start:"));
  EXPECT_EQ(scene.bytes("precheck.env"),
            "BATON_PRECHECK_VERDICT=again\nBATON_PRECHECK_EXIT_CODE=75\nBATON_PRECHECK_HANDOFF_SHA256=" +
                sha256_hex(scene.bytes("precheck.json")) + "\nBATON_PRECHECK_RUN_AGAIN_AT=2025-11-04T14:05:00Z\n");
  EXPECT_TRUE(says(scene.bytes("precheck.junit.xml"), "nodes-ready"));
  EXPECT_EQ(scene.handoff("precheck").run.pipeline_started_at, "2025-11-04T13:00:00Z");
}

TEST(FrameTest, LeavesTheHostAloneWhenToldTo) {
  Scene scene;
  scene.environment = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_OUTPUT", scene.path("output").string()}};
  const Ran ran = scene.run("precheck", [](Env&) { return stopped(); }, {"--ci", "none"});
  EXPECT_FALSE(says(ran.out, "::stop-commands"));
  EXPECT_FALSE(says(ran.out, "::error title"));
  EXPECT_FALSE(fs::exists(scene.path("output")));
}

TEST(FrameTest, SignsWhatItHandsOnAndChecksWhatItIsGiven) {
  Scene scene;
  write_file(scene.path("key.pem"),
             "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END "
             "PRIVATE KEY-----\n");
  const std::string line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh";
  scene.flags.insert(scene.flags.end(), {"--set", "signing.key=" + scene.path("key.pem").string(), "--set",
                                         "signing.trust=['" + line + "']"});
  EXPECT_EQ(scene.run("precheck", decides(Verdict::proceed)).code, ExitCode::proceed);
  EXPECT_EQ(scene.run("precheck", never()).code, ExitCode::proceed);
  EXPECT_EQ(scene.run("switch", decides(Verdict::proceed)).code, ExitCode::proceed);
  std::string bytes = scene.bytes("switch.json");
  bytes.replace(bytes.find("\"proceed\""), 9, "\"caution\"");
  write_file(scene.dir() / "switch.json", bytes);
  const Ran ran = scene.run("watch", never());
  EXPECT_EQ(ran.code, ExitCode::handoff);
  EXPECT_TRUE(says(ran.err, "over other bytes"));
}

TEST(FrameTest, DoesNotKeepAnOwnFileThatNoTrustedKeySigned) {
  Scene scene;
  scene.run("precheck", decides(Verdict::proceed));
  scene.flags.insert(
      scene.flags.end(),
      {"--set", "signing.trust=['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh']"});
  bool has_run = false;
  scene.run("precheck", [&](Env&) {
    has_run = true;
    return StepResult{.verdict = Verdict::proceed};
  });
  EXPECT_TRUE(has_run);
}

/// `key: ${NAME}` as nested YAML, whatever its depth.
std::string with_unset(std::string_view path) {
  std::string text = "\"${BATON_TEST_UNSET}\"";
  std::vector<std::string> names = split(path, '.');
  for (auto name = names.rbegin(); name != names.rend(); ++name) text = "{" + *name + ": " + text + "}";
  return text;
}

/// A threshold whose variable is not set would silently be the default, and approve.
TEST(FrameTest, AnUnsetVariableStopsEveryStepThatReadsItsKey) {
  Scene scene;
  int refused = 0;
  for (const auto& key : config::keys()) {
    if (key.path == "run.dir") continue;  // the scene sets it by its flag, and the later one wins
    const bool is_app = key.path == "app";
    write_file(scene.path("baton.yaml"), with_unset(key.path));
    for (const std::string_view step : kSteps) {
      scene.flags = {"--config", scene.path("baton.yaml").string()};
      if (!is_app) scene.flags.insert(scene.flags.end(), {"--set", "app=shop"});
      const Ran ran = scene.run(std::string(step), decides(Verdict::proceed), {"look"});
      const bool is_said = says(ran.err, key.path + " needs the variable BATON_TEST_UNSET");
      EXPECT_EQ(is_said, config::is_read_by(key, step)) << step << " " << key.path << "\n" << ran.err;
      EXPECT_EQ(ran.code, is_said ? ExitCode::usage : ExitCode::proceed) << step << " " << key.path << "\n" << ran.err;
      refused += is_said ? 1 : 0;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace baton
