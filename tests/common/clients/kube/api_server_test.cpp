// As whom the API server is spoken to: tokens, files that rotate, plugins.
#include "common/clients/kube/api_server.h"

#include "common/io/files.h"
#include "tests/common/clients/kube/scene.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

class CredentialsTest : public KubeTest {
 protected:
  /// What the Authorization header was in each request.
  static std::vector<std::string> authorizations(const HttpServer& script) {
    std::vector<std::string> found;
    for (const Received& asked : script.received()) found.push_back(asked.header("Authorization"));
    return found;
  }
  /// A plugin that gives out the tokens t1, t2, …, and the number of its runs in `counter`.
  ExecPlugin plugin(const std::string& status_fields = {}) {
    const fs::path program = folder_.path() / "login";
    write_file(program,
               "#!/bin/sh\necho x >> " + counter().string() + "\necho \"$KUBERNETES_EXEC_INFO\" > " +
                   (folder_.path() / "info").string() + "\nn=$(wc -l < " + counter().string() +
                   ")\necho "
                   "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
                   "v1\",\"status\":{\"token\":\"t'$n'\"" +
                   status_fields + "}}'\n",
               0755);
    return {
        .argv = {program.string()}, .api_version = "client.authentication.k8s.io/v1", .install_hint = "Install login."};
  }
  fs::path counter() const { return folder_.path() / "counter"; }
  TempFolder folder_;
};

TEST_F(CredentialsTest, ATokenIsABearer) {
  HttpServer script([](const Received&) { return object("{}"); });
  client(script, {.token = "sesame"}).get(kPods, "a");
  client(script, {.username = "jo", .password = "pw"}).get(kPods, "a");
  client(script, {}).get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer sesame", "Basic am86cHc=", ""}));
}

TEST_F(CredentialsTest, ARotatedTokenFileIsReadAnew) {
  HttpServer script([](const Received&) { return object("{}"); });
  const fs::path file = folder_.path() / "token";
  write_file(file, "first\n");
  Client kube = client(script, {.token = "never", .token_file = file.string()});
  kube.get(kPods, "a");
  write_file(file, "second");
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer first", "Bearer second"}));
}

// As `kubectl create token > file` leaves it for a moment.
TEST_F(CredentialsTest, AFileThatIsEmptyOrGoneForAMomentMakesNobodyOfUs) {
  HttpServer script([](const Received&) { return object("{}"); });
  const fs::path file = folder_.path() / "token";
  write_file(file, "first");
  Client kube = client(script, {.token_file = file.string()});
  kube.get(kPods, "a");
  write_file(file, "");
  kube.get(kPods, "a");
  fs::remove(file);
  kube.get(kPods, "a");
  write_file(file, "second");
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script),
            (std::vector<std::string>{"Bearer first", "Bearer first", "Bearer first", "Bearer second"}));
}

TEST_F(CredentialsTest, ATokenStandsInForItsFile) {
  HttpServer script([](const Received&) { return object("{}"); });
  const std::string absent = (folder_.path() / "absent").string();
  client(script, {.token = "sesame", .token_file = absent}).get(kPods, "a");
  EXPECT_EQ(authorizations(script), std::vector<std::string>{"Bearer sesame"});
  EXPECT_THROW(client(script, {.token_file = absent}).get(kPods, "a"), Error) << "never as nobody";
}

TEST_F(CredentialsTest, AnImpersonationIsSent) {
  HttpServer script([](const Received&) { return object("{}"); });
  Credentials credentials{.token = "sesame"};
  credentials.impersonation.emplace_back("Impersonate-User", "ci");
  client(script, credentials).get(kPods, "a");
  EXPECT_EQ(script.received().at(0).header("Impersonate-User"), "ci");
}

TEST_F(CredentialsTest, APluginRunsOnceForManyRequests) {
  HttpServer script([](const Received&) { return object("{}"); });
  Client kube = client(script, {.exec = plugin()});
  kube.get(kPods, "a");
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t1"}));
  EXPECT_EQ(parse_json(read_file(folder_.path() / "info"), "info")["spec"]["interactive"], Json(false));
}

TEST_F(CredentialsTest, APluginRunsAgainBeforeItsCredentialEnds) {
  HttpServer script([](const Received&) { return object("{}"); });
  Client kube = client(script, {.exec = plugin(R"(,"expirationTimestamp":"2025-11-04T14:01:00Z")")});
  kube.get(kPods, "a");
  clock_.advance(49s);
  kube.get(kPods, "a");
  clock_.advance(1s);
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t1", "Bearer t2"}));
}

TEST_F(CredentialsTest, APluginRunsOnceMoreWhenItsTokenIsRefused) {
  HttpServer script([](const Received& asked) {
    return asked.header("Authorization") == "Bearer t2" ? object("{}") : status(401, "Unauthorized", "Unauthorized");
  });
  Client kube = client(script, {.exec = plugin()});
  kube.get(kPods, "a");
  EXPECT_EQ(authorizations(script), (std::vector<std::string>{"Bearer t1", "Bearer t2"}));
}

TEST_F(CredentialsTest, APluginThatIsRefusedTwiceIsNotRunForEver) {
  HttpServer script([](const Received&) { return status(401, "Unauthorized", "Unauthorized"); });
  EXPECT_EQ(refusal_of([&] { client(script, {.exec = plugin()}).get(kPods, "a"); }).status(), 401);
  EXPECT_EQ(script.received().size(), 2U);
}

TEST_F(CredentialsTest, ABrokenPluginIsNamedWithItsOwnWordsAndHint) {
  HttpServer script([](const Received&) { return object("{}"); });
  const fs::path program = folder_.path() / "broken";
  write_file(program, "#!/bin/sh\necho 'no session' >&2\nexit 3\n", 0755);
  const ExecPlugin broken{
      .argv = {program.string()}, .api_version = "client.authentication.k8s.io/v1", .install_hint = "Run login."};
  const auto error = test::error_of([&] { return client(script, {.exec = broken}).get(kPods, "a"); });
  EXPECT_TRUE(test::says(error.what(), "exit code 3: no session"));
  EXPECT_EQ(error.hint(), "Run login.");
  EXPECT_TRUE(script.received().empty());
}

struct Printed {
  std::string name;
  std::string text;
  std::string says;
};
class ExecCredentialTest : public testing::TestWithParam<Printed> {};
TEST_P(ExecCredentialTest, IsRefusedWithTheReason) {
  const auto error =
      test::error_of([] { return parse_exec_credential(GetParam().text, "client.authentication.k8s.io/v1", "login"); });
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_TRUE(test::says(error.what(), GetParam().says));
}

std::string credential(const std::string& status, const std::string& version = "v1") {
  return R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/)" + version + R"(","status":)" +
         status + "}";
}
INSTANTIATE_TEST_SUITE_P(
    Printed, ExecCredentialTest,
    testing::Values(Printed{"Nothing", "", "output of login"}, Printed{"Text", "token", "output of login"},
                    Printed{"OtherKind", R"({"kind":"Pod"})", "no ExecCredential"},
                    Printed{"OtherVersion", credential(R"({"token":"t"})", "v1beta1"), "did not answer in version"},
                    Printed{"NoToken", credential("{}"), "neither token nor certificate"},
                    Printed{"HalfCertificate", credential(R"({"clientKeyData":"k"})"), "only one half"},
                    Printed{"BadExpiry", credential(R"({"token":"t","expirationTimestamp":"soon"})"),
                            "'soon' is no time"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace baton::kube
