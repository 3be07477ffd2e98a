// Kubeconfig files: merged, resolved and refused as kubectl would.
#include "common/clients/kube/kubeconfig.h"

#include <gtest/gtest.h>

#include "common/clients/kube/kubeconfig_file.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/support/refusal.h"

namespace baton::kube {
namespace {

std::string config_text(std::string_view cluster_fields, std::string_view user_fields) {
  std::string text = R"(apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: prod
  context: {cluster: main, user: deployer, namespace: shop}
clusters:
- name: main
  cluster:
    server: https://10.0.0.1:6443/
)";
  text.append(cluster_fields);
  text.append("users:\n- name: deployer\n  user:\n    as-uid: \"\"\n");
  text.append(user_fields);
  return text;
}

class KubeconfigTest : public testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view text) {
    write_file(folder_.path() / name, text);
    return folder_.path() / name;
  }
  Cluster load(const std::string& files, std::string_view context = {}, std::string_view namespace_name = {}) {
    return load_cluster(Environment({{"KUBECONFIG", files}, {"HOME", folder_.path().string()}}), context,
                        namespace_name);
  }
  Cluster load_text(std::string_view cluster_fields, std::string_view user_fields) {
    return load(write("config", config_text(cluster_fields, user_fields)).string());
  }
  std::string refusal_of(std::string_view cluster_fields, std::string_view user_fields) {
    return test::refusal_and_hint(ExitCode::usage, [&] { return load_text(cluster_fields, user_fields); });
  }
  TempFolder folder_;
};

TEST_F(KubeconfigTest, FollowsTheCurrentContextToClusterAndUser) {
  const Cluster cluster = load_text("", "    token: abc\n");
  EXPECT_EQ(cluster.server, "https://10.0.0.1:6443");
  EXPECT_EQ(cluster.context, "prod");
  EXPECT_EQ(cluster.namespace_name, "shop");
  EXPECT_EQ(cluster.credentials.token, "abc");
}

TEST_F(KubeconfigTest, TheNamespaceAskedForWinsOverTheContexts) {
  const auto file = write("config", config_text("", "")).string();
  EXPECT_EQ(load(file, "prod", "other").namespace_name, "other");
}

TEST_F(KubeconfigTest, WithoutAnyNamespaceItIsDefault) {
  const auto file = write("config", R"(
current-context: a
contexts: [{name: a, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:8080"}}]
)");
  EXPECT_EQ(load(file.string()).namespace_name, "default");
}

TEST_F(KubeconfigTest, ReadsTheHomeFolderWhenNothingIsSet) {
  write(".kube/config", config_text("", "    token: home\n"));
  const Environment environment({{"HOME", folder_.path().string()}});
  EXPECT_EQ(load_cluster(environment, "", "").credentials.token, "home");
}

TEST_F(KubeconfigTest, TheFirstFileOfTheListWinsPerName) {
  const auto first = write("first", R"(
users: [{name: deployer, user: {token: first}}]
)");
  const auto second = write("second", config_text("", "    token: second\n"));
  EXPECT_EQ(load(first.string() + ":" + second.string()).credentials.token, "first");
  EXPECT_EQ(load(second.string() + ":" + first.string()).credentials.token, "second");
}

TEST_F(KubeconfigTest, AFileOfTheListThatDoesNotExistIsSkipped) {
  const auto file = write("config", config_text("", "    token: abc\n"));
  EXPECT_EQ(load((folder_.path() / "absent").string() + "::" + file.string()).credentials.token, "abc");
}

TEST_F(KubeconfigTest, RelativePathsAreMeantFromTheirOwnFilesFolder) {
  write("a/ca.pem", "AUTHORITY");
  write("b/client.pem", "CERTIFICATE");
  write("b/client.key", "KEY");
  const auto a = write("a/config", R"(
clusters: [{name: main, cluster: {server: "https://h:1", certificate-authority: ca.pem}}]
)");
  const auto b = write("b/config", R"(
current-context: prod
contexts: [{name: prod, context: {cluster: main, user: me}}]
users: [{name: me, user: {client-certificate: ./client.pem, client-key: client.key, tokenFile: ../t}}]
)");
  const Cluster cluster = load(b.string() + ":" + a.string());
  EXPECT_EQ(cluster.tls.ca_pem, "AUTHORITY");
  EXPECT_EQ(cluster.credentials.certificate_pem, "CERTIFICATE");
  EXPECT_EQ(cluster.credentials.key_pem, "KEY");
  EXPECT_EQ(cluster.credentials.token_file, (folder_.path() / "t").string());
}

TEST_F(KubeconfigTest, InlineDataWinsOverTheFile) {
  const Cluster cluster = load_text(
      "    certificate-authority: nowhere.pem\n    certificate-authority-data: " + to_base64("INLINE") + "\n", "");
  EXPECT_EQ(cluster.tls.ca_pem, "INLINE");
}

TEST_F(KubeconfigTest, ReadsDataThatIsBrokenIntoLines) {
  const std::string text = to_base64("A CERTIFICATE");
  const std::string pieces = text.substr(0, 8) + "\n      " + text.substr(8);
  const auto ca = [&](const std::string& data) {
    return load_text("    certificate-authority-data: " + data + "\n", "").tls.ca_pem;
  };
  EXPECT_EQ(ca("|\n      " + pieces), "A CERTIFICATE");
  EXPECT_EQ(ca("\"" + text + "\\r\\n\""), "A CERTIFICATE");
  EXPECT_EQ(ca("!!binary " + to_base64(text)), "A CERTIFICATE");
}

TEST_F(KubeconfigTest, ReadsTheTruthOfOlderYaml) {
  for (const auto* word : {"yes", "Yes", "ON", "true", "y"}) {
    EXPECT_TRUE(load_text(std::string("    insecure-skip-tls-verify: ") + word + "\n", "").tls.insecure) << word;
  }
  for (const auto* word : {"no", "Off", "FALSE", "n"}) {
    EXPECT_FALSE(load_text(std::string("    insecure-skip-tls-verify: ") + word + "\n", "").tls.insecure) << word;
  }
  EXPECT_NE(refusal_of("    insecure-skip-tls-verify: \"yes\"\n", "").find("neither true nor false"),
            std::string::npos);
}

TEST_F(KubeconfigTest, TakesTlsNameProxyAndPassword) {
  const Cluster cluster = load_text("    tls-server-name: api.internal\n    proxy-url: http://proxy:3128\n",
                                    "    username: jo\n    password: \"12345\"\n");
  EXPECT_EQ(cluster.tls.server_name, "api.internal");
  EXPECT_FALSE(cluster.tls.insecure);
  EXPECT_EQ(cluster.proxy, "http://proxy:3128");
  EXPECT_EQ(cluster.credentials.username, "jo");
  EXPECT_EQ(cluster.credentials.password, "12345");
}

TEST_F(KubeconfigTest, AServerWithoutASchemeIsHttpsWhereTlsIsSpokenOf) {
  const auto server = [&](std::string_view fields) {
    const std::string text = config_text(fields, "");
    return load(write("config", replace_all(text, "https://10.0.0.1:6443/", "localhost:6443")).string()).server;
  };
  EXPECT_EQ(server(""), "http://localhost:6443");
  EXPECT_EQ(server("    insecure-skip-tls-verify: true\n"), "https://localhost:6443");
  EXPECT_EQ(server("    certificate-authority-data: QQ==\n"), "https://localhost:6443");
}

TEST_F(KubeconfigTest, SkipsVerificationOnlyWhenToldTo) {
  EXPECT_TRUE(load_text("    insecure-skip-tls-verify: true\n", "").tls.insecure);
  const std::string both = "    insecure-skip-tls-verify: true\n    certificate-authority-data: QQ==\n";
  EXPECT_NE(refusal_of(both, "").find("stands beside a certificate authority"), std::string::npos);
  EXPECT_NE(refusal_of("    insecure-skip-tls-verify: maybe\n", "").find("neither true nor false"), std::string::npos);
}

TEST_F(KubeconfigTest, ImpersonationBecomesHeaders) {
  const Cluster cluster = load_text("", "    as: ci\n    as-groups: [ops]\n    as-user-extra: {scopes: [view]}\n");
  const Headers expected{
      {"Impersonate-User", "ci"}, {"Impersonate-Group", "ops"}, {"Impersonate-Extra-scopes", "view"}};
  EXPECT_EQ(cluster.credentials.impersonation, expected);
}

TEST_F(KubeconfigTest, ReadsAnExecPlugin) {
  const Cluster cluster =
      load_text("    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]\n",
                R"(    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: bin/login
      args: [--cluster, main]
      env: [{name: REGION, value: eu}]
      interactiveMode: Never
      provideClusterInfo: true
)");
  ASSERT_TRUE(cluster.credentials.exec.has_value());
  const ExecPlugin& plugin = *cluster.credentials.exec;
  EXPECT_EQ(plugin.argv, (std::vector<std::string>{(folder_.path() / "bin/login").string(), "--cluster", "main"}));
  EXPECT_EQ(plugin.environment.at("REGION"), "eu");
  EXPECT_EQ(plugin.cluster["server"], Json("https://10.0.0.1:6443/"));
  EXPECT_EQ(plugin.cluster["config"]["audience"], Json("x"));
}

TEST_F(KubeconfigTest, ACommandWithoutSlashIsLookedUpInPath) {
  const Cluster cluster = load_text(
      "", "    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, interactiveMode: Never}\n");
  EXPECT_EQ(cluster.credentials.exec->argv.front(), "aws");
}

struct Refused {
  std::string name;
  std::string cluster;
  std::string user;
  std::string says;
};
class KubeconfigRefusalTest : public KubeconfigTest, public testing::WithParamInterface<Refused> {};
TEST_P(KubeconfigRefusalTest, NamesWhatItDoesNotTake) {
  const std::string said = refusal_of(GetParam().cluster, GetParam().user);
  EXPECT_NE(said.find(GetParam().says), std::string::npos) << said;
  EXPECT_NE(said.find("/config:"), std::string::npos) << "no position: " << said;
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, KubeconfigRefusalTest,
    testing::Values(
        Refused{"Gcp", "", "    auth-provider: {name: gcp}\n", "gke-gcloud-auth-plugin"},
        Refused{"Azure", "", "    auth-provider: {name: azure}\n", "kubelogin"},
        Refused{"Oidc", "", "    auth-provider: {name: oidc}\n", "the auth-provider 'oidc' is not supported"},
        Refused{"TwoGroups", "", "    as: ci\n    as-groups: [a, b]\n", "more than one value of 'as-groups'"},
        Refused{"Socks", "    proxy-url: socks5://u:secret@h:1\n", "", "socks5 is not spoken"},
        Refused{"ExecVersion", "", "    exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}\n",
                "v1alpha1' is not supported"},
        Refused{"ExecTerminal", "",
                "    exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}\n",
                "wants a terminal"},
        Refused{"ExecNothing", "", "    exec: {apiVersion: client.authentication.k8s.io/v1}\n", "has no command"},
        Refused{"HalfCertificate", "", "    client-certificate-data: QQ==\n", "only one half"},
        Refused{"MergeKey", "    <<: {certificate-authority-data: QQ==}\n", "", "the merge key '<<' is not read"},
        Refused{"BadBase64", "    certificate-authority-data: '*'\n", "", "cannot be used"},
        Refused{"AbsentFile", "    certificate-authority: nowhere.pem\n", "", "cannot be used"},
        Refused{"ListAsText", "    tls-server-name: [a]\n", "", "is not a text"}),
    [](const auto& each) { return each.param.name; });

TEST_F(KubeconfigTest, ARefusedProxyDoesNotShowItsPassword) {
  EXPECT_EQ(refusal_of("    proxy-url: socks5://u:secret@h:1\n", "").find("secret"), std::string::npos);
}

TEST_F(KubeconfigTest, AnUnknownContextIsAnsweredWithTheLikelyOne) {
  const auto file = write("config", config_text("", "")).string();
  const auto error = test::error_of([&] { return load(file, "prdo"); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_TRUE(test::says(error.what(), "the context 'prdo' is in no kubeconfig"));
  EXPECT_TRUE(test::says(error.hint(), "prod"));
}

TEST_F(KubeconfigTest, WithoutACurrentContextTheOnesThereAreNamed) {
  const auto file = write("config", "contexts: [{name: one, context: {}}, {name: two, context: {}}]\n").string();
  EXPECT_TRUE(test::says(test::error_of([&] { return load(file); }).hint(), "one, two"));
}

TEST_F(KubeconfigTest, BadYamlSaysWhere) {
  const auto file = write("config", "clusters: {a: b\n").string();
  const auto error = test::error_of([&] { return load(file); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_TRUE(test::says(error.what(), "config:"));
}

TEST_F(KubeconfigTest, NothingAtAllIsAUsageError) {
  EXPECT_EQ(test::error_of([&] { return load((folder_.path() / "absent").string()); }).code(), ExitCode::usage);
}

class InClusterTest : public KubeconfigTest {
 protected:
  Environment pod(const std::string& host) {
    return Environment({{"KUBERNETES_SERVICE_HOST", host}, {"KUBERNETES_SERVICE_PORT", "6443"}});
  }
};

TEST_F(InClusterTest, UsesTheServiceAccountOfThePod) {
  write("token", "t\n");
  write("namespace", "shop\n");
  const Cluster cluster = load_in_cluster(pod("10.96.0.1"), "", folder_.path());
  EXPECT_EQ(cluster.server, "https://10.96.0.1:6443");
  EXPECT_EQ(cluster.namespace_name, "shop");
  EXPECT_EQ(cluster.context, "");
  EXPECT_EQ(cluster.tls.ca_file, (folder_.path() / "ca.crt").string());
  EXPECT_EQ(cluster.credentials.token_file, (folder_.path() / "token").string());
  EXPECT_EQ(load_in_cluster(pod("10.96.0.1"), "other", folder_.path()).namespace_name, "other");
}

TEST_F(InClusterTest, PutsBracketsAroundAnIpv6Address) {
  write("token", "t");
  EXPECT_EQ(load_in_cluster(pod("fd00::1"), "", folder_.path()).server, "https://[fd00::1]:6443");
}

TEST_F(InClusterTest, APodWithoutATokenIsToldHowToGetOne) {
  const auto error = test::error_of([&] { return load_in_cluster(pod("10.96.0.1"), "", folder_.path()); });
  EXPECT_TRUE(test::says(error.hint(), "automountServiceAccountToken"));
}

}  // namespace
}  // namespace baton::kube
