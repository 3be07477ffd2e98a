// Reports of real tools, held against what the tools themselves said: tests/precheck/reports/README.md.
#include <gtest/gtest.h>

#include <fstream>

#include "common/core/text.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

fs::path folder() { return test::source_folder() / "tests/precheck/reports"; }

/// By the format that recognises it, which must be one.
Reading read_of(const std::string& name, std::string_view format) {
  const auto text = read_file(folder() / name);
  const auto head = std::string_view(text).substr(0, kHeadBytes);
  for (const auto* other : formats())
    EXPECT_EQ(other->recognises(head), other->id == format) << name << " " << other->id;
  return read_text(format_named(format), text, name);
}

std::string test_name(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

struct Suite {
  const char* file;
  const char* format;
  int passed;
  int failed;
  int skipped;
  int flaky = 0;
};

class RealSuite : public testing::TestWithParam<Suite> {};

TEST_P(RealSuite, CountsAsItsProducerDid) {
  const auto& said = GetParam();
  const auto results = std::get<TestResults>(read_of(said.file, said.format));
  EXPECT_EQ(results.passed(), said.passed);
  EXPECT_EQ(results.failed, said.failed);
  EXPECT_EQ(results.skipped, said.skipped);
  EXPECT_EQ(results.flaky, said.flaky);
  EXPECT_TRUE(results.doubts.empty()) << join(results.doubts, ", ");
}

INSTANTIATE_TEST_SUITE_P(
    All, RealSuite,
    testing::Values(Suite{"pytest-9.2.0.xml", "junit", 5, 1, 1, 1}, Suite{"jest-junit-17.0.0.xml", "junit", 2, 1, 1},
                    Suite{"vitest-2.1.9.xml", "junit", 1, 1, 2}, Suite{"gotestsum-1.13.0.xml", "junit", 4, 0, 1, 1},
                    Suite{"go-junit-report-2.1.0.xml", "junit", 1, 3, 1}, Suite{"node-20.20.2.xml", "junit", 3, 1, 2},
                    Suite{"node-20.20.2.tap", "tap", 3, 1, 2}, Suite{"test-more-1.302190.tap", "tap", 3, 1, 2},
                    Suite{"bats-1.8.2.tap", "tap", 1, 1, 1}, Suite{"tape-5.10.2.tap", "tap", 2, 1, 0},
                    Suite{"go-1.26.8.json", "go-test-json", 1, 3, 1},
                    Suite{"go-build-fails-1.26.8.json", "go-test-json", 0, 2, 0}),
    [](const auto& suite) { return test_name(suite.param.file); });

struct Coverage {
  const char* file;
  const char* format;
  double covered;
  double valid;
  int doubts = 0;
};

class RealCoverage : public testing::TestWithParam<Coverage> {};

TEST_P(RealCoverage, CountsAsItsProducerDid) {
  const auto& said = GetParam();
  const auto coverage = std::get<LineCoverage>(read_of(said.file, said.format));
  EXPECT_EQ(coverage.count().covered, said.covered);
  EXPECT_EQ(coverage.count().valid, said.valid);
  EXPECT_EQ(static_cast<int>(coverage.doubts.size()), said.doubts) << join(coverage.doubts, ", ");
}

INSTANTIATE_TEST_SUITE_P(
    All, RealCoverage,
    testing::Values(Coverage{"coverage-py-7.17.5.xml", "cobertura", 5, 7},
                    Coverage{"coverage-py-7.17.5.info", "lcov", 5, 7},
                    // Lines of a template once, where gcovr counts each of its instances.
                    Coverage{"gcovr-8.8.xml", "cobertura", 9, 12}, Coverage{"gcovr-8.8.info", "lcov", 9, 12, 1},
                    Coverage{"gcovr-clover-8.8.xml", "clover", 9, 12},
                    Coverage{"gcovr-jacoco-8.8.xml", "jacoco", 11, 14}, Coverage{"geninfo-1.16.info", "lcov", 9, 12},
                    Coverage{"nyc-18.0.0.xml", "cobertura", 9, 11}, Coverage{"nyc-18.0.0.info", "lcov", 9, 11},
                    Coverage{"nyc-clover-18.0.0.xml", "clover", 9, 11}, Coverage{"c8-12.0.0.xml", "cobertura", 11, 16},
                    Coverage{"c8-12.0.0.info", "lcov", 11, 16}, Coverage{"c8-clover-12.0.0.xml", "clover", 11, 16},
                    Coverage{"gocover-cobertura-1.5.0.xml", "cobertura", 7, 13},
                    Coverage{"go-1.26.8.coverprofile", "go-coverprofile", 5, 8}),
    [](const auto& coverage) { return test_name(coverage.param.file); });

struct Load {
  const char* file;
  const char* format;
  double p95;  ///< 0: none is told
  P95::Basis basis;
  long long requests;
  double failed;
};

class RealLoad : public testing::TestWithParam<Load> {};

TEST_P(RealLoad, CountsAsItsProducerDid) {
  const auto& said = GetParam();
  const auto results = std::get<LoadResults>(read_of(said.file, said.format));
  EXPECT_EQ(results.requests, said.requests);
  ASSERT_TRUE(results.failed_share);
  EXPECT_NEAR(*results.failed_share * static_cast<double>(said.requests), said.failed, 1e-6);
  EXPECT_EQ(results.p95.has_value(), said.p95 > 0);
  if (!results.p95) return;
  EXPECT_NEAR(results.p95->ms, said.p95, 0.001);
  EXPECT_EQ(results.p95->basis, said.basis);
}

INSTANTIATE_TEST_SUITE_P(All, RealLoad,
                         testing::Values(Load{"vegeta-12.13.0.json", "vegeta", 144.166, P95::Basis::declared, 60, 0},
                                         Load{"locust-2.47.0.csv", "locust", 160, P95::Basis::declared, 232, 15},
                                         Load{"wrk-4.1.0.txt", "wrk", 83.19, P95::Basis::bound, 195, 0},
                                         Load{"wrk-bare-4.1.0.txt", "wrk", 0, P95::Basis::bound, 98, 31}),
                         [](const auto& load) { return test_name(load.param.file); });

TEST(RealReports, AreAllRead) {
  const auto listed = read_file(folder() / "README.md");
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder())) {
    const auto name = entry.path().filename().string();
    if (name == "README.md" || entry.is_directory()) continue;
    ++files;
    EXPECT_LT(entry.file_size(), 4096U) << name;
    EXPECT_NE(listed.find(entry.path().stem().string()), std::string::npos) << name << " is not in README.md";
  }
  EXPECT_GE(files, 30);
}

}  // namespace
}  // namespace baton::precheck
