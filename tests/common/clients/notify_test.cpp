// Messages arrive as their receivers want them, and failures keep the address secret.
#include "common/clients/notify.h"

#include <gtest/gtest.h>

#include <atomic>

#include "common/core/error.h"
#include "tests/support/background.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::notify {
namespace {

using test::Answer;
using test::HttpServer;
using test::Received;

class NotifyTest : public testing::Test {
 protected:
  std::optional<std::string> send_to(const std::string& kind, const std::string& url) {
    return send(http_, {.kind = kind, .url = url}, message_);
  }
  Json body_of(const HttpServer& script) { return parse_json(script.received().at(0).body, "body"); }

  Message message_{.subject = "myapp v1.7.0 <rolled back>",
                   .text = "errors & more",
                   .event = "switch-rolled-back",
                   .facts = Json::object({{"colour", "blue"}}),
                   .key = "id-1/switch"};
  ManualClock clock_{Time{}};
  HttpClient http_{{}, Environment{}, clock_};
};

TEST_F(NotifyTest, SlackGetsItsOwnEscaping) {
  HttpServer script([](const Received&) { return Answer{.body = "ok"}; });
  EXPECT_EQ(send_to("slack", script.url() + "/services/T0/B0/secret"), std::nullopt);
  EXPECT_EQ(script.received().at(0).method, "POST");
  EXPECT_EQ(script.received().at(0).target, "/services/T0/B0/secret");
  EXPECT_EQ(body_of(script)["text"], Json("*myapp v1.7.0 &lt;rolled back&gt;*\nerrors &amp; more"));
}

TEST_F(NotifyTest, AWebhookGetsAllFactsAndTheKey) {
  HttpServer script([](const Received&) { return Answer{.status = 204}; });
  EXPECT_EQ(send_to("webhook", script.url()), std::nullopt);
  EXPECT_EQ(script.received().at(0).header("Idempotency-Key"), "id-1/switch");
  EXPECT_EQ(script.received().at(0).header("Content-Type"), "application/json");
  const Json body = body_of(script);
  EXPECT_EQ(body["event"], Json("switch-rolled-back"));
  EXPECT_EQ(body["subject"], Json(message_.subject));
  EXPECT_EQ(body["facts"]["colour"], Json("blue"));
}

TEST_F(NotifyTest, ACutConnectionIsTriedAgainWithTheSameKey) {
  std::atomic<int> calls = 0;
  HttpServer script([&](const Received&) { return ++calls == 1 ? Answer{.cut_after = 0} : Answer{}; });
  EXPECT_EQ(send_to("webhook", script.url()), std::nullopt);
  EXPECT_EQ(script.received().at(0).header("Idempotency-Key"), script.received().at(1).header("Idempotency-Key"));
}

TEST_F(NotifyTest, ARefusalIsTheReasonWithoutTheSecretPath) {
  HttpServer script(
      [](const Received& asked) { return Answer{.status = 404, .body = "no_service at " + asked.target}; });
  const auto reason = send_to("slack", script.url() + "/services/T0/B0/secret");
  ASSERT_TRUE(reason);
  EXPECT_NE(reason->find("slack answered 404"), std::string::npos) << *reason;
  EXPECT_EQ(reason->find("secret"), std::string::npos) << *reason;
}

TEST_F(NotifyTest, WhoEchoesAPartOfThePathShowsNone) {
  HttpServer script([](const Received&) { return Answer{.status = 404, .body = "hook T0PSECRET/2 with k=t0ken-9"}; });
  const auto reason = send_to("webhook", script.url() + "/hooks/T0PSECRET%2F2?k=t0ken-9");
  EXPECT_EQ(reason, "webhook answered 404: 'hook *** with k=***'");
}

TEST_F(NotifyTest, NobodyThereIsTheReasonWithoutTheSecretPath) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::free_port()) + "/hook/secret?token=secret";
  const auto reason = send_to("webhook", url);
  ASSERT_TRUE(reason);
  EXPECT_NE(reason->find("cannot reach"), std::string::npos) << *reason;
  EXPECT_EQ(reason->find("secret"), std::string::npos) << *reason;
}

TEST_F(NotifyTest, AnAddressThatIsNoneIsNotRepeated) {
  const auto reason = send_to("webhook", "htps://host/secret");
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->find("secret"), std::string::npos) << *reason;
}

TEST_F(NotifyTest, AnUnknownKindIsSaid) { EXPECT_TRUE(send_to("pigeon", "http://h/")); }

TEST_F(NotifyTest, AStopIsNoReasonButTheEnd) {
  HttpServer script([](const Received&) { return Answer{}; });
  std::stop_source source;
  source.request_stop();
  const auto send_stopped = [&] {
    return send(http_, {.kind = "webhook", .url = script.url()}, message_, source.get_token());
  };
  EXPECT_EQ(test::error_of(send_stopped).code(), ExitCode::interrupted);
}

}  // namespace
}  // namespace baton::notify
