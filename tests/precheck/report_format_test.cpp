// Rules that every format of reports obeys.
#include "tools/precheck/report_format.h"

#include <gtest/gtest.h>

#include <set>

#include "common/core/text.h"
#include "tests/precheck/formats.h"
#include "tests/precheck/scene.h"
#include "tools/precheck/report_bytes.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

std::string check_of(ReportKind kind) {
  switch (kind) {
    case ReportKind::tests:
      return "unit-tests";
    case ReportKind::coverage:
      return "coverage";
    case ReportKind::performance:
      return "performance";
    case ReportKind::vulnerabilities:
      return "vulnerabilities";
  }
  return "";
}

/// What the check of this kind finds in a file with these bytes. Beside VEX, which is no scan, there must be one.
Finding look_at_report(ReportKind kind, const WrittenFile& file) {
  const WrittenFile scan("scan", R"([{"Target": "a", "Vulnerabilities": null}])");
  const auto files = "['" + file.path() + "']";
  EnvScene scene("precheck: {quality: {coverage: {min: 0, reports: " + files + "}, tests: {unit: " + files +
                 "}, performance: {max_p95: 1h, reports: " + files + "}, vulnerabilities: {reports: ['" + scan.path() +
                 "', '" + file.path() + "']}}}");
  file.age_in(scene);
  return look_at(scene, check_of(kind));
}

Finding look_at_text(ReportKind kind, const std::string& text) {
  return look_at_report(kind, WrittenFile("report", text));
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Of a run that ended early and of a file that was cut the same is left.
bool says_no(const Reading& reading) {
  if (const auto* load = std::get_if<LoadResults>(&reading)) return load->requests == 0;
  const auto* results = std::get_if<TestResults>(&reading);
  return results != nullptr && (results->failed > 0 || !results->doubts.empty());
}

/// What the text's own kind of nesting looks like, far too deep.
std::string nested(const std::string& sample) {
  const auto root = xml_root(sample);
  const std::string open = !root.empty() ? "<" + root + ">" : "[";
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += open;
  return text;
}

class EveryFormat : public testing::TestWithParam<const Format*> {
 protected:
  const Format& format = *GetParam();
  std::string sample = sample_of(format);
};

TEST_P(EveryFormat, PassesWithItsSample) {
  const auto finding = look_at_text(format.kind, sample);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(read_text(format, sample, "x").index(), static_cast<std::size_t>(format.kind));
}

TEST_P(EveryFormat, IsRecognisedByNoOther) {
  for (const auto* other : formats()) EXPECT_EQ(other->recognises(sample), other == &format) << other->id;
}

TEST_P(EveryFormat, IsUnknownWhereverItIsCut) {
  const auto end = sample.find_last_not_of(" \n");
  ASSERT_NE(end, std::string::npos);
  for (std::size_t length = 0; length <= end; ++length) {
    try {
      const auto reading = read_text(format, sample.substr(0, length), "cut");
      EXPECT_TRUE(says_no(reading)) << "taken after " << length << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown) << length;
      EXPECT_TRUE(std::string(error.what()).starts_with("cut: ")) << error.what();
    }
  }
  const auto half = look_at_text(format.kind, sample.substr(0, end / 2)).outcome;
  EXPECT_TRUE(half == Outcome::unknown || half == Outcome::fail);
}

TEST_P(EveryFormat, IsUnknownWhenTheFileIsEmpty) {
  const auto finding = look_at_text(format.kind, "");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_TRUE(says(finding.message, ": it is empty")) << finding.message;
}

TEST_P(EveryFormat, SaysWhichFormatsAreKnownWhereItIsAnother) {
  auto texts = std::vector<std::string>{"hello", "<html/>", "{\"tests\": 1}", std::string(100'000, ' ')};
  for (const auto* other : formats()) {
    if (other->kind != format.kind) texts.push_back(sample_of(*other));
  }
  ASSERT_GT(texts.size(), 4U);
  for (const auto& text : texts) {
    const auto finding = look_at_text(format.kind, text);
    EXPECT_EQ(finding.outcome, Outcome::unknown) << text;
    ASSERT_EQ(finding.recovery.size(), 1U) << finding.message;
    EXPECT_TRUE(says(finding.recovery.front(), "'" + std::string(format.id) + "'"));
  }
}

TEST_P(EveryFormat, IsNotReadWhenItIsTooLarge) {
  const WrittenFile file("huge", sample);
  fs::resize_file(file.path(), kMaxReportBytes + 1);  // a hole: it takes no room
  const auto finding = look_at_report(format.kind, file);
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_TRUE(says(finding.message, "has 536.9 MB; at most 536.9 MB are read")) << finding.message;
}

TEST_P(EveryFormat, IsUnknownWithControlCharacters) {
  for (const std::string_view control :
       {std::string_view("\x01"), std::string_view("\0", 1), std::string_view("\x1b[2J")}) {
    auto text = sample;
    text.insert(text.size() / 2, control);
    const auto finding = look_at_text(format.kind, text);
    EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
    EXPECT_EQ(finding.message.find(control.front()), std::string::npos) << finding.message;
    EXPECT_EQ(look_at_text(format.kind, std::string(control) + sample).outcome, Outcome::unknown);
  }
}

TEST_P(EveryFormat, IsUnknownWhenNestedTooDeep) {
  const auto text = nested(sample);
  EXPECT_THROW(read_text(format, text, "deep"), Error);
  EXPECT_EQ(look_at_text(format.kind, text).outcome, Outcome::unknown);
}

INSTANTIATE_TEST_SUITE_P(All, EveryFormat, testing::ValuesIn(formats().begin(), formats().end()),
                         [](const auto& format) { return replace_all(format.param->id, "-", "_"); });

TEST(FormatTable, IdsAreUniqueKebabCase) {
  std::set<std::string_view> ids;
  ASSERT_FALSE(formats().empty());
  for (const auto* format : formats()) {
    EXPECT_TRUE(ids.insert(format->id).second) << format->id;
    EXPECT_EQ(format->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos)
        << format->id;
  }
}

TEST(FormatTable, LooksIntoTheFileNotAtItsName) {
  const WrittenFile report("coverage.xml",
                           "\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <coverage/> -->\n<!DOCTYPE testsuite>\n"
                           "<testsuite><testcase name='a'/></testsuite>");
  const auto finding = look_at_report(ReportKind::tests, report);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
}

TEST(ReportBytesTest, ThePiecesAreTheFileAndSoIsTheirDigest) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i);  // several pieces
  const WrittenFile file("bytes", text);
  ReportBytes bytes(file.path(), "bytes");
  EXPECT_EQ(bytes.head(4), "0123");
  std::istream stream(&bytes);
  std::string first(100'000, '\0');
  stream.read(first.data(), 100'000);
  EXPECT_EQ(first, text.substr(0, 100'000));
  EXPECT_EQ(bytes.finish_sha256(), sha256_hex(text));
}

TEST(ReportBytesTest, AFolderIsNoReport) {
  const TempFolder folder;
  EXPECT_THROW(ReportBytes(folder.path(), "folder"), Error);
}

}  // namespace
}  // namespace baton::precheck
