// Queries of a real Prometheus, and answers that must not be believed.
#include "common/clients/prometheus/client.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tests/support/background.h"
#include "tests/support/http_server.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"

namespace baton::prometheus {
namespace {

using namespace std::chrono_literals;

constexpr Time kBegin{std::chrono::seconds(1'762'264'800)};  // 2025-11-04T14:00:00Z

/// Four hours of one counter that grows by 1 a second, seen every 15 s.
std::string four_hours() {
  std::string text = "# TYPE requests counter\n";
  for (int second = 0; second <= 4 * 3600; second += 15) {
    text += "requests_total{pod=\"a\"} " + std::to_string(second) + " " +
            to_unix_seconds(kBegin + std::chrono::seconds(second)) + "\n";
  }
  return text;
}

std::string reason_of(const std::function<void()>& act) { return test::refusal(ExitCode::unknown, act); }

class PrometheusTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<test::PrometheusServer>(four_hours()); }
  static void TearDownTestSuite() { server_.reset(); }
  Client client(const std::string& url) {
    return Client({.url = url}, HttpClient({.attempts = 1}, Environment{}, clock_));
  }
  Client client() { return client(server_->url() + "/"); }
  static std::unique_ptr<test::PrometheusServer> server_;
  SystemClock clock_;
};
std::unique_ptr<test::PrometheusServer> PrometheusTest::server_;

TEST_F(PrometheusTest, AnInstantQueryGivesLabelsTimeAndValue) {
  const Answer answer = client().query("requests_total", kBegin + 60s);
  ASSERT_EQ(answer.series.size(), 1U);
  EXPECT_EQ(answer.series[0].labels.at("pod"), "a");
  ASSERT_EQ(answer.series[0].samples.size(), 1U);
  EXPECT_EQ(answer.series[0].samples[0].time, kBegin + 60s);
  EXPECT_EQ(answer.series[0].samples[0].value, 60);
  EXPECT_TRUE(answer.warnings.empty());
}

TEST_F(PrometheusTest, ARangeHoldsBothItsEnds) {
  const Answer answer = client().query_range("requests_total", kBegin, kBegin + 60s, 15s);
  ASSERT_EQ(answer.series.size(), 1U);
  ASSERT_EQ(answer.series[0].samples.size(), 5U);
  EXPECT_EQ(answer.series[0].samples.front().time, kBegin);
  EXPECT_EQ(answer.series[0].samples.back().time, kBegin + 60s);
}

TEST_F(PrometheusTest, ARangeOfOneMomentIsOneSample) {
  EXPECT_EQ(client().query_range("requests_total", kBegin, kBegin, 15s).series.at(0).samples.size(), 1U);
}

class PrometheusPiecesTest : public PrometheusTest, public testing::WithParamInterface<int> {};
TEST_P(PrometheusPiecesTest, LongRangesComeWholeAndInOrder) {
  const int points = GetParam();
  const Answer answer = client().query_range("requests_total", kBegin, kBegin + std::chrono::seconds(points - 1), 1s);
  ASSERT_EQ(answer.series.size(), 1U);
  const std::vector<Sample>& samples = answer.series[0].samples;
  ASSERT_EQ(samples.size(), static_cast<std::size_t>(points));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(samples[i].time, kBegin + std::chrono::seconds(i));
  }
}
INSTANTIATE_TEST_SUITE_P(AroundElevenThousand, PrometheusPiecesTest,
                         testing::Values(10'999, 11'000, 11'001, 11'002, 14'401));

TEST_F(PrometheusTest, ALongQueryIsNoProblem) {
  std::string expression = "requests_total";
  for (int i = 0; i < 2000; ++i) expression += " + 0";
  EXPECT_EQ(client().query(expression, kBegin).series.size(), 1U);
}

TEST_F(PrometheusTest, NothingFoundIsAnEmptyAnswer) {
  EXPECT_TRUE(client().query("absent_metric", kBegin).series.empty());
}

TEST_F(PrometheusTest, NotANumberAndInfinityArriveAsSuch) {
  EXPECT_TRUE(std::isnan(client().query("0 / 0", kBegin).series.at(0).samples.at(0).value));
  EXPECT_EQ(client().query("vector(1) / 0", kBegin).series.at(0).samples.at(0).value,
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(client().query("vector(-1) / 0", kBegin).series.at(0).samples.at(0).value,
            -std::numeric_limits<double>::infinity());
}

TEST_F(PrometheusTest, ABadQueryIsRefusedInPrometheusOwnWords) {
  const std::string reason = reason_of([&] { client().query("sum(", kBegin); });
  EXPECT_NE(reason.find("bad_data"), std::string::npos) << reason;
  EXPECT_NE(reason.find("parse error"), std::string::npos) << reason;
}

TEST_F(PrometheusTest, RulesAndAlertsAreHandedOn) {
  EXPECT_TRUE(client().rules()["groups"].is_array());
  EXPECT_TRUE(client().alerts()["alerts"].is_array());
}

TEST_F(PrometheusTest, NobodyThereIsUnknown) {
  const std::string url = "http://127.0.0.1:" + std::to_string(test::free_port());
  EXPECT_NE(reason_of([&] { client(url).query("up", kBegin); }).find("cannot reach"), std::string::npos);
}

class PrometheusProxyTest : public PrometheusTest {
 protected:
  static test::Answer found() {
    return {.headers = {{"Content-Type", "application/json"}},
            .body = R"({"status":"success","data":{"resultType":"vector","result":[]}})"};
  }
};

TEST_F(PrometheusProxyTest, AGatewayThatForbidsPostIsAskedByGet) {
  for (const int code : {405, 501}) {
    test::HttpServer script(
        [&](const test::Received& asked) { return asked.method == "POST" ? test::Answer{.status = code} : found(); });
    client(script.url() + "/prefix").query("up == 1", kBegin);
    EXPECT_EQ(script.received().at(1).target, "/prefix/api/v1/query?query=up%20%3D%3D%201&time=1762264800.000");
  }
}

TEST_F(PrometheusProxyTest, TokenAndHeadersAreSent) {
  test::HttpServer script([](const test::Received&) { return found(); });
  Client store({.url = script.url(), .token = "t", .headers = {{"X-Scope-OrgID", "shop"}}},
               HttpClient({}, Environment{}, clock_));
  store.query("up", kBegin);
  EXPECT_EQ(script.received().at(0).header("Authorization"), "Bearer t");
  EXPECT_EQ(script.received().at(0).header("X-Scope-OrgID"), "shop");
  EXPECT_EQ(script.received().at(0).body, "query=up&time=1762264800.000");
}

TEST_F(PrometheusProxyTest, AnAnswerOfSomethingElseIsShownWithItsStatus) {
  test::HttpServer script(
      [](const test::Received&) { return test::Answer{.status = 502, .body = "<html>bad gateway\n"}; });
  EXPECT_NE(reason_of([&] { client(script.url()).query("up", kBegin); }).find("answered 502: '<html>bad gateway'"),
            std::string::npos);
  EXPECT_NE(reason_of([&] { client(script.url()).rules(); }).find("answered 502"), std::string::npos);
}

TEST_F(PrometheusProxyTest, APasswordInTheUrlIsNotShown) {
  const std::string url = "http://jo:secret@127.0.0.1:" + std::to_string(test::free_port());
  EXPECT_EQ(reason_of([&] { client(url).query("up", kBegin); }).find("secret"), std::string::npos);
}

struct Malformed {
  std::string name;
  std::string body;
  std::string says;
};
class PrometheusAnswerTest : public testing::TestWithParam<Malformed> {};
TEST_P(PrometheusAnswerTest, IsRefused) {
  const std::string reason = reason_of([&] { parse_answer(GetParam().body, "Prometheus 'x'"); });
  EXPECT_NE(reason.find(GetParam().says), std::string::npos) << reason;
  EXPECT_NE(reason.find("Prometheus 'x'"), std::string::npos) << reason;
}

std::string success(const std::string& data) { return R"({"status":"success","data":)" + data + "}"; }
std::string vector_of(const std::string& value) {
  return success(R"({"resultType":"vector","result":[{"metric":{},"value":)" + value + "}]}");
}
std::string matrix_of(const std::string& values) {
  return success(R"({"resultType":"matrix","result":[{"metric":{},"values":)" + values + "}]}");
}

INSTANTIATE_TEST_SUITE_P(
    Malformed, PrometheusAnswerTest,
    testing::Values(
        Malformed{"Empty", "", ""}, Malformed{"Html", "<html>", ""}, Malformed{"Truncated", R"({"status":"succ)", ""},
        Malformed{"NoStatus", "{}", "not of the Prometheus API"}, Malformed{"Array", "[]", "not of the Prometheus API"},
        Malformed{"ErrorAnswer", R"({"status":"error","errorType":"timeout","error":"too slow"})", "timeout: too slow"},
        Malformed{"NoData", R"({"status":"success"})", "cannot read"},
        Malformed{"Text", success(R"({"resultType":"string","result":[1,"x"]})"), "'string'"},
        Malformed{"Histogram",
                  success(R"({"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1"}]}]})"),
                  "native histogram"},
        Malformed{"NoValue", success(R"({"resultType":"vector","result":[{"metric":{}}]})"), "cannot read"},
        Malformed{"NumberAsValue", vector_of("[1,2]"), "cannot read"},
        Malformed{"Word", vector_of(R"([1,"many"])"), "'many' is no number"},
        Malformed{"EmptyValue", vector_of(R"([1,""])"), "'' is no number"},
        Malformed{"Trailing", vector_of(R"([1,"1x"])"), "'1x' is no number"},
        Malformed{"OtherInfinity", vector_of(R"([1,"inf"])"), "'inf' is no number"},
        Malformed{"TooBig", vector_of(R"([1,"1e999"])"), "is no number"},
        Malformed{"Triple", vector_of(R"([1,"1","2"])"), "not a pair"},
        Malformed{"FarFuture", vector_of(R"([1e300,"1"])"), "out of range"},
        Malformed{"Backwards", matrix_of(R"([[2,"1"],[1,"1"]])"), "not in order"},
        Malformed{"Twice", matrix_of(R"([[2,"1"],[2,"1"]])"), "not in order"},
        Malformed{"LabelNumber", success(R"({"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"1"]}]})"),
                  "cannot read"},
        Malformed{"TwoResults", success(R"({"resultType":"vector","result":[],"result":[]})"), "two results"},
        Malformed{"NoLabels", success(R"({"resultType":"vector","result":[{"value":[1,"1"]}]})"), "no labels"},
        Malformed{"LabelTwice",
                  success(R"({"resultType":"vector","result":[{"metric":{"a":"1","a":"2"},"value":[1,"1"]}]})"),
                  "twice"},
        Malformed{"WordAmongSeries", success(R"({"resultType":"vector","result":["x"]})"), "not a pair"},
        Malformed{"TruthAmongSeries", success(R"({"resultType":"vector","result":[true]})"), "cannot read"},
        Malformed{"WarningsAsText", R"({"status":"success","warnings":"one store is away","data":{}})", "cannot read"},
        Malformed{"NotUtf8", vector_of("[1,\"\xff\"]"), "not UTF-8"},
        Malformed{"Deep", "{\"x\":" + std::string(200, '[') + std::string(200, ']') + "}", "levels deep"},
        Malformed{"Behind", vector_of(R"([1,"1"])") + std::string("\0garbage", 8), "behind it"}),
    [](const auto& each) { return each.param.name; });

TEST(PrometheusAnswer, WarningsAreKept) {
  const Answer answer = parse_answer(
      R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":["one store is away"]})", "x");
  EXPECT_EQ(answer.warnings, std::vector<std::string>{"one store is away"});
}

/// Of an empty answer with these further members.
Answer answer_with(const std::string& members) {
  return parse_answer(R"({"status":"success","data":{"resultType":"vector","result":[]},)" + members + "}", "x");
}

TEST(AnswerTest, OnlyAWholeAnswerIsJudged) {
  EXPECT_NO_THROW(require_whole(answer_with(R"("infos":["PromQL info: metric might not be a counter"])")));
  EXPECT_NO_THROW(require_whole(
      answer_with(R"("warnings":["PromQL info: input to histogram_quantile needed to be fixed"],"isPartial":false)")));
  for (const auto* members : {R"("warnings":["one store is away"])", R"("isPartial":true)",
                              R"("warnings":["PromQL info: x","PromQL warning: bucket label le is missing"])"}) {
    EXPECT_THROW(require_whole(answer_with(members)), Error) << members;
  }
}

TEST(PrometheusAnswer, WhatIsNullOrUnknownIsNoMatter) {
  const auto answer =
      parse_answer(R"({"warnings":null,"data":{"stats":{"a":[{}]},"result":[{"values":[[1,"2"]],"metric":{"le":"1"}}],)"
                   R"("resultType":"matrix"},"x":[[1]],"status":"success"})",
                   "x");
  ASSERT_EQ(answer.series.size(), 1U);
  EXPECT_EQ(answer.series[0].labels.at("le"), "1");
  EXPECT_EQ(answer.series[0].samples[0].value, 2);
}

TEST(PrometheusAnswer, MillisecondsSurvive) {
  EXPECT_EQ(parse_answer(vector_of(R"([1762264800.123,"1.5e-7"])"), "x").series[0].samples[0].time, kBegin + 123ms);
}

}  // namespace
}  // namespace baton::prometheus
