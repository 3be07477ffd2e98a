// Reports of load tests: which number is their P95, and what proves nothing.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

using Names = std::vector<std::string>;

LoadResults parse(std::string_view format, const std::string& text) {
  return std::get<LoadResults>(read_text(format_named(format), text, "load"));
}

void expect_p95(const LoadResults& results, double ms, P95::Basis basis) {
  ASSERT_TRUE(results.p95);
  EXPECT_DOUBLE_EQ(results.p95->ms, ms);
  EXPECT_EQ(results.p95->basis, basis);
  EXPECT_EQ(results.doubts, Names{});
}

void expect_unknown(std::string_view format, const std::string& text, std::string_view why) {
  try {
    parse(format, text);
    FAIL() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown) << text;
    EXPECT_TRUE(std::string(error.what()).starts_with("load: ")) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

std::string seed(const std::string& name) {
  return read_file(test::source_folder() / "tests/fuzz/corpus/report" / name);
}

TEST(K6Test, AllThreeDialectsSayTheSame) {
  for (const char* name : {"k6", "k6-summary", "k6-machine"}) {
    EXPECT_TRUE(format_named("k6").recognises(seed(name))) << name;
    const auto results = parse("k6", seed(name));
    expect_p95(results, 125.5, P95::Basis::declared);
    EXPECT_EQ(results.requests, 4000) << name;
    EXPECT_DOUBLE_EQ(results.failed_share.value_or(-1), 0.002) << name;
    EXPECT_EQ(results.crossed, Names{}) << name;
  }
}

std::string exported(const std::string& duration, const std::string& more = R"k("http_reqs":{"count":10})k") {
  return R"k({"metrics":{"http_req_duration":{)k" + duration + "}," + more + "}}";
}

// grafana/k6#1498: there true means that the threshold was crossed.
TEST(K6Test, AnExportedThresholdIsCrossedWhereItSaysTrueAndAnyOtherWhereItIsNotOk) {
  EXPECT_EQ(parse("k6", exported(R"k("p(95)":1,"thresholds":{"p(95)<200":true,"max<9":false})k")).crossed,
            Names{"http_req_duration p(95)<200"});
  EXPECT_EQ(
      parse("k6", exported(R"k("values":{"p(95)":1},"thresholds":{"p(95)<200":{"ok":false},"max<9":{"ok":true}})k",
                           R"k("http_reqs":{"values":{"count":10}})k"))
          .crossed,
      Names{"http_req_duration p(95)<200"});
}

TEST(K6Test, WithoutAP95TheP99IsItsBoundAndWithoutBothThereIsNone) {
  expect_p95(parse("k6", exported(R"k("p(99)":310)k")), 310, P95::Basis::bound);
  EXPECT_EQ(parse("k6", exported(R"k("p(90)":10)k")).doubts, Names{"load: it tells neither P95 nor P99"});
  EXPECT_EQ(parse("k6", exported(R"k("p(95)":"10")k")).doubts.size(), 1U);
}

TEST(K6Test, OnlyTheMetricOfAllRequestsCounts) {
  const auto results =
      parse("k6", exported(R"k("p(95)":300)k",
                           R"k("http_req_duration{expected_response:true}":{"p(95)":9},"http_reqs":{"count":10})k"));
  expect_p95(results, 300, P95::Basis::declared);
  EXPECT_EQ(results.silent, "load");
}

TEST(K6Test, WithoutARequestNothingIsProved) {
  EXPECT_EQ(parse("k6", exported(R"k("p(95)":0)k", R"k("http_reqs":{"count":0})k")).doubts,
            Names{"load: it counts no request"});
  EXPECT_EQ(parse("k6", exported(R"k("p(95)":1)k", R"k("vus":{"value":1})k")).doubts,
            Names{"load: it counts no request"});
}

std::string jmeter(const std::string& rows,
                   const std::string& header = "timeStamp,elapsed,label,responseMessage,success\n") {
  return header + rows;
}
std::string jmeter_rows(int count, int failed = 0) {
  std::string rows;
  for (int i = 1; i <= count; ++i)
    rows += "1767225600000," + std::to_string(i) + ",list,OK," + (i <= failed ? "false" : "true") + "\n";
  return rows;
}

TEST(JmeterCsvTest, TheP95IsThatOfTheNearestRank) {
  expect_p95(parse("jmeter-csv", jmeter(jmeter_rows(100))), 95, P95::Basis::computed);
  expect_p95(parse("jmeter-csv", jmeter(jmeter_rows(101))), 96, P95::Basis::computed);
  expect_p95(parse("jmeter-csv", jmeter(jmeter_rows(1))), 1, P95::Basis::computed);
  const auto results = parse("jmeter-csv", jmeter(jmeter_rows(200, 3)));
  EXPECT_EQ(results.requests, 200);
  EXPECT_DOUBLE_EQ(results.failed_share.value_or(-1), 0.015);
}

TEST(JmeterCsvTest, ColumnsStandWhereTheHeaderSaysAndElseWhereTheyAlwaysDo) {
  expect_p95(parse("jmeter-csv", "label;success;elapsed\nlist;true;70\n"), 70, P95::Basis::computed);
  expect_p95(parse("jmeter-csv", "success\telapsed\tlabel\ntrue\t70\tlist\n"), 70, P95::Basis::computed);
  expect_p95(parse("jmeter-csv", "2026/01/01 00:00:00.000,70,list,200,OK,u 1-1,text,true,12,3\n"), 70,
             P95::Basis::computed);
  const auto bare = parse("jmeter-csv", seed("jmeter-csv-bare"));
  expect_p95(bare, 340, P95::Basis::computed);
  EXPECT_DOUBLE_EQ(bare.failed_share.value_or(-1), 0.5);
  EXPECT_EQ(parse("jmeter-csv", "timeStamp,elapsed\n1,70\n").silent, "load");
}

TEST(JmeterCsvTest, ATransactionIsNoRequestWhereItsRequestsAreThere) {
  const std::string transaction =
      "1767225600000,900,checkout,\"Number of samples in transaction : 1, number of failing samples : 0\",true\n";
  expect_p95(parse("jmeter-csv", jmeter(jmeter_rows(1) + transaction)), 1, P95::Basis::computed);
  EXPECT_EQ(parse("jmeter-csv", jmeter(jmeter_rows(1) + transaction)).requests, 1);
  expect_p95(parse("jmeter-csv", jmeter(transaction)), 900, P95::Basis::computed);
}

TEST(JmeterCsvTest, WasWrittenWhenItsLastSampleWas) {
  EXPECT_EQ(read_report_text(format_named("jmeter-csv"), jmeter(jmeter_rows(2)), "load").written,
            parse_rfc3339("2026-01-01T00:00:00Z"));
}

TEST(JmeterCsvTest, WhatCannotBeCountedIsUnknown) {
  EXPECT_EQ(parse("jmeter-csv", jmeter("")).doubts, Names{"load: it counts no request"});
  expect_unknown("jmeter-csv", "", "is empty");
  expect_unknown("jmeter-csv", "a,b\n1,2\n", "no sample log of JMeter");
  expect_unknown("jmeter-csv", jmeter("1,x,list,OK,true\n"), "line 2 does not tell how long");
  expect_unknown("jmeter-csv", jmeter("1,-5,list,OK,true\n"), "line 2 does not tell how long");
  expect_unknown("jmeter-csv", jmeter("1,5,list,OK,maybe\n"), "whether the request succeeded");
  expect_unknown("jmeter-csv", jmeter("1,5,list,OK\n"), "more or fewer fields");
  expect_unknown("jmeter-csv", jmeter("1,5,list,OK,true"), "ends within line 2");
  expect_unknown("jmeter-csv", jmeter("1,5,\"list,OK,true\n"), "ends within a quoted field");
}

TEST(JmeterCsvTest, TimesOfOverAnHourAreNoP95) {
  EXPECT_EQ(parse("jmeter-csv", jmeter("1,3600001,list,OK,true\n")).doubts,
            Names{"load: it tells neither P95 nor P99"});
  expect_p95(parse("jmeter-csv", jmeter("1,3600000,list,OK,true\n")), 3'600'000, P95::Basis::computed);
}

std::string samples(const std::string& content) { return "<testResults version='1.2'>" + content + "</testResults>"; }
std::string http_sample(int ms, const std::string& inner = "", const std::string& message = "OK", bool is_good = true) {
  return "<httpSample t='" + std::to_string(ms) + "' ts='1767225600000' s='" + (is_good ? "true" : "false") + "' rm='" +
         message + "'>" + inner + "</httpSample>";
}
const std::string kTransaction = "Number of samples in transaction : 2, number of failing samples : 0";

TEST(JmeterXmlTest, WhatAPageLoadsIsNoRequestOfItsOwn) {
  const auto results =
      parse("jmeter-xml", samples(http_sample(50, http_sample(20)) + http_sample(70, "", "No", false)));
  EXPECT_EQ(results.requests, 2);
  EXPECT_DOUBLE_EQ(results.failed_share.value_or(-1), 0.5);
  expect_p95(results, 70, P95::Basis::computed);
}

TEST(JmeterXmlTest, ATransactionCountsByItsRequests) {
  const auto nested = http_sample(300, http_sample(100, http_sample(60)) + http_sample(200), kTransaction);
  EXPECT_EQ(parse("jmeter-xml", samples(nested)).requests, 2);
  expect_p95(parse("jmeter-xml", samples(nested)), 200, P95::Basis::computed);
  expect_p95(parse("jmeter-xml", samples(http_sample(300, "", kTransaction))), 300, P95::Basis::computed);
}

TEST(JmeterXmlTest, WhatCannotBeCountedIsUnknown) {
  EXPECT_EQ(parse("jmeter-xml", samples("")).doubts, Names{"load: it counts no request"});
  expect_unknown("jmeter-xml", "<testsuite/>", "its root is 'testsuite'");
  expect_unknown("jmeter-xml", samples("<httpSample s='true'/>"), "how long it took");
  expect_unknown("jmeter-xml", samples("<sample t='5' s='yes'/>"), "whether it succeeded");
  expect_unknown("jmeter-xml", "<testResults><sample t='5' s='true'/>", "not XML");
}

const std::string kLocust = "Type,Name,Request Count,Failure Count,Median Response Time,95%,99%\n";

TEST(LocustTest, TheRowOfAllRequestsCounts) {
  const auto results = parse("locust", kLocust + "GET,/,50,1,5,900,999\n,Aggregated,200,2,5,110,130\n");
  expect_p95(results, 110, P95::Basis::declared);
  EXPECT_EQ(results.requests, 200);
  EXPECT_DOUBLE_EQ(results.failed_share.value_or(-1), 0.01);
}

TEST(LocustTest, WhatCannotBeCountedIsUnknown) {
  EXPECT_EQ(parse("locust", kLocust + ",Aggregated,inf,0,0,1,1\n").doubts, Names{"load: it counts no request"});
  EXPECT_EQ(parse("locust", kLocust + ",Aggregated,1e16,0,0,1,1\n").doubts, Names{"load: it counts no request"});
  EXPECT_EQ(parse("locust", kLocust + ",Aggregated,9,0,0,nan,inf\n").doubts.size(), 1U);
  EXPECT_EQ(parse("locust", kLocust + ",Aggregated,0,0,0,N/A,N/A\n").doubts, Names{"load: it counts no request"});
  EXPECT_EQ(parse("locust", kLocust + ",Aggregated,9,0,0,N/A,N/A\n").doubts,
            Names{"load: it tells neither P95 nor P99"});
  expect_unknown("locust", kLocust, "no row 'Aggregated'");
  expect_unknown("locust", kLocust + "GET,/,50,1,5,900,999\n", "no row 'Aggregated'");
  expect_unknown("locust", kLocust + ",Aggregated,9\n", "more or fewer fields");
  expect_unknown("locust", kLocust + ",Aggregated,9,0,0,1,1\n,Aggregated,9,0,0,1,1\n", "second row of all");
  expect_unknown("locust", kLocust + ",Aggregated,9,10,0,1,1\n", "more requests failed than were made");
  expect_unknown("locust", "Timestamp,User Count,Type,Name\n1,2,,Aggregated\n", "no header of Locust's");
}

std::string vegeta(const std::string& latencies, const std::string& more = R"k("requests":100,"success":0.97)k") {
  return R"k({"latencies":{)k" + latencies + "}," + more + "}";
}

TEST(VegetaTest, TimesAreNanoseconds) {
  const auto results = parse("vegeta", vegeta(R"k("95th":15500000,"99th":20000000)k"));
  expect_p95(results, 15.5, P95::Basis::declared);
  EXPECT_NEAR(results.failed_share.value_or(-1), 0.03, 1e-9);
  expect_p95(parse("vegeta", vegeta(R"k("99th":20000000)k")), 20, P95::Basis::bound);
}

TEST(VegetaTest, WhatCannotBeCountedIsUnknown) {
  EXPECT_EQ(parse("vegeta", vegeta(R"k("95th":1)k", R"k("requests":0,"success":0)k")).doubts,
            Names{"load: it counts no request"});
  EXPECT_EQ(parse("vegeta", vegeta(R"k("95th":-5)k")).doubts, Names{"load: it tells neither P95 nor P99"});
  EXPECT_EQ(parse("vegeta", vegeta(R"k("95th":1)k", R"k("requests":5)k")).silent, "load");
  expect_unknown("vegeta", vegeta(R"k("95th":1)k") + "{}", "something follows");
  expect_unknown("vegeta", vegeta(R"k("95th":1)k", R"k("requests":5,"success":-1)k"), "more requests failed");
  expect_unknown("vegeta", "", "not JSON");
}

std::string wrk(const std::string& lines) {
  return "Running 3s test @ http://127.0.0.1/\n" + lines + "Requests/sec: 1.00\nTransfer/sec: 1.00KB\n";
}
const std::string kDistribution = "  Latency Distribution\n     50%  9.00ms\n     90%   10.00ms\n     99%    1.50s \n";

TEST(WrkTest, ItsP99IsABoundInAnyUnit) {
  expect_p95(parse("wrk", wrk(kDistribution + "  100 requests in 3.00s, 1MB read\n")), 1500, P95::Basis::bound);
  for (const auto& [text, ms] : std::initializer_list<std::pair<const char*, double>>{
           {"250.00us", 0.25}, {"7.00ms", 7}, {"2.00s", 2000}, {"1.00m", 60'000}, {"1.00h", 3'600'000}}) {
    const auto lines = std::string("  Latency Distribution (HdrHistogram - Recorded Latency)\n 99.000%    ") + text;
    expect_p95(parse("wrk", wrk(lines + "\n  5 requests in 3.00s, 1MB read\n")), ms, P95::Basis::bound);
  }
}

TEST(WrkTest, ErrorsAndTimeoutsAreFailedRequests) {
  const auto results =
      parse("wrk", wrk(kDistribution + "  90 requests in 3.00s, 1MB read\n" +
                       "  Socket errors: connect 1, read 2, write 3, timeout 4\n" + "  Non-2xx or 3xx responses: 5\n"));
  EXPECT_EQ(results.requests, 100);
  EXPECT_DOUBLE_EQ(results.failed_share.value_or(-1), 0.15);
}

TEST(WrkTest, WhatCannotBeCountedIsUnknown) {
  EXPECT_EQ(parse("wrk", wrk("  90 requests in 3.00s, 1MB read\n")).doubts,
            Names{"load: it tells neither P95 nor P99"});
  EXPECT_EQ(parse("wrk", wrk(kDistribution)).doubts, Names{"load: it counts no request"});
  EXPECT_EQ(parse("wrk", wrk(kDistribution + "  0 requests in 3.00s, 0B read\n")).doubts,
            Names{"load: it counts no request"});
  expect_unknown("wrk", "Running 3s test @ http://127.0.0.1/\n" + kDistribution, "ends before 'Transfer/sec'");
  expect_unknown("wrk", "", "is empty");
}

}  // namespace
}  // namespace baton::precheck
