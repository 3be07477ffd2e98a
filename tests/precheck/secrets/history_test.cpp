// Repositories that git itself wrote: loose, packed with differences, shallow, damaged.
#include "tools/precheck/secrets/git/history.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/process.h"
#include "tests/precheck/secrets/planted.h"
#include "tools/precheck/secrets/git/delta.h"

namespace baton::precheck::secrets {
namespace {

using test::planted_token;

class HistoryTest : public testing::Test {
 protected:
  std::string git(std::vector<std::string> arguments) {
    ProcessRequest request{
        .argv = {"git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", folder_.path().string()}};
    request.argv.insert(request.argv.end(), arguments.begin(), arguments.end());
    const auto result = run_process(request);
    EXPECT_EQ(result.exit_code, 0) << result.error;
    return std::string(trim(result.output));
  }
  void SetUp() override { git({"init", "-q", "-b", "main"}); }
  std::string commit(const std::string& name, const std::string& content, const std::string& message = "work") {
    write_file(folder_.path() / name, content);
    git({"add", "-A"});
    git({"commit", "-q", "-m", message});
    return git({"rev-parse", "HEAD"});
  }
  std::size_t look(const std::string& since = "", std::uint64_t most = 1ULL << 30U) {
    const auto repository = git::find_repository(folder_.path());
    scan_ = std::make_unique<Scan>(found_);
    return scan_history(*scan_, *repository,
                        {.head = *git::head_commit(*repository), .since = since, .most_bytes = most});
  }
  bool finds(const std::string& seed) const {
    const auto all = found_.all();
    return std::ranges::find(all, secret_hash("shop", planted_token(seed)), &Secret::hash) != all.end();
  }
  std::string unread() const { return scan_->coverage.unread_text(); }

  TempFolder folder_;
  Secrets found_{"shop"};
  std::unique_ptr<Scan> scan_;
};

TEST_F(HistoryTest, FindsWhatALaterCommitTookOut) {
  const auto first = commit("a/b/.env", planted_token());
  commit("a/b/.env", "none\n");
  EXPECT_EQ(look(), 2U);
  ASSERT_TRUE(finds("a"));
  EXPECT_EQ(found_.all().front().place, "commit " + first.substr(0, 12) + ":a/b/.env:1");
  EXPECT_EQ(unread(), "");
}

TEST_F(HistoryTest, ReadsOnlyWhatIsNewSinceTheLiveCommit) {
  commit("a", planted_token("old"));
  const auto live = commit("a", "none\n");
  commit("b", planted_token("new"));
  commit("c", "more\n", "a message with " + planted_token("told"));
  EXPECT_EQ(look(live), 2U);
  EXPECT_TRUE(finds("new"));
  EXPECT_TRUE(finds("told"));
  EXPECT_FALSE(finds("old"));
  EXPECT_EQ(unread(), "");
}

TEST_F(HistoryTest, ALiveCommitThatIsNotHereIsSaid) {
  commit("a", planted_token());
  EXPECT_EQ(look(std::string(40, '1')), 1U);
  EXPECT_TRUE(finds("a"));
  EXPECT_NE(unread().find("not in this clone"), std::string::npos) << unread();
}

TEST_F(HistoryTest, ReadsPacksWithDifferences) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  commit("big", text);
  commit("big", text + planted_token("end") + "\n");
  commit("big", planted_token("begin") + "\n" + text);
  for (int i = 0; i < 20; ++i) commit("big", text + std::to_string(i));
  git({"repack", "-adfq", "--depth=50"});
  ASSERT_TRUE(fs::is_empty(folder_.path() / ".git/objects/info") || true);
  EXPECT_EQ(look(), 23U);
  EXPECT_TRUE(finds("end"));
  EXPECT_TRUE(finds("begin"));
  EXPECT_EQ(unread(), "");
}

TEST_F(HistoryTest, ReadsBothSidesOfAMergeAndWhatOnlyTheMergeBrought) {
  commit("a", "1\n");
  git({"checkout", "-q", "-b", "side"});
  commit("b", planted_token("side"));
  git({"checkout", "-q", "main"});
  commit("c", planted_token("main"));
  git({"merge", "-q", "--no-commit", "side"});
  commit("d", planted_token("merge"));
  EXPECT_EQ(look(), 4U);
  EXPECT_TRUE(finds("side") && finds("main") && finds("merge"));
}

TEST_F(HistoryTest, AShallowCloneSaysWhatItHasNot) {
  commit("a", planted_token("old"));
  commit("a", "none\n");
  const TempFolder clone;
  const auto to = clone.path() / "c";
  git({"clone", "-q", "--depth=1", "file://" + folder_.path().string(), to.string()});
  const auto repository = git::find_repository(to);
  Scan scan(found_);
  scan_history(scan, *repository, {.head = *git::head_commit(*repository), .since = {}});
  EXPECT_FALSE(scan.coverage.is_whole());
  EXPECT_NE(scan.coverage.unread_text().find("shallow"), std::string::npos) << scan.coverage.unread_text();
}

TEST_F(HistoryTest, ADamagedObjectIsCounted) {
  commit("a", planted_token());
  const auto name = git({"rev-parse", "HEAD:a"});
  const auto path = folder_.path() / ".git/objects" / name.substr(0, 2) / name.substr(2);
  write_file(path, read_file(path).substr(0, 12));
  look();
  EXPECT_FALSE(scan_->coverage.is_whole());
  fs::remove(path);
  look();
  EXPECT_NE(unread().find("not in this clone"), std::string::npos) << unread();
}

TEST_F(HistoryTest, ADamagedPackIsCountedAndEndsNothing) {
  commit("a", planted_token() + std::string(5000, 'x'));
  git({"repack", "-adq"});
  for (const auto& entry : fs::directory_iterator(folder_.path() / ".git/objects/pack")) {
    if (entry.path().extension() != ".pack") continue;
    auto bytes = read_file(entry.path());
    for (std::size_t i = 40; i < bytes.size(); i += 7) bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
    write_file(entry.path(), bytes);
  }
  look();
  EXPECT_FALSE(scan_->coverage.is_whole());
}

TEST_F(HistoryTest, AHistoryOverTheBudgetIsSaid) {
  for (int i = 0; i < 5; ++i) commit("a", std::string(100'000, static_cast<char>('a' + i)));
  look("", 150'000);
  EXPECT_NE(unread().find("larger than"), std::string::npos) << unread();
}

TEST(Delta, CopiesAndAdds) {
  const std::string copy{
      "\x0A\x06\x91\x02\x04\x02"
      "xy",
      8};  // of ten bytes six: four from the second on, two of its own
  EXPECT_EQ(apply_delta("0123456789", copy, 100), "2345xy");
  for (const auto* wrong : {"\x09\x06\x91\x02\x04\x02xy", "\x0A\x07\x91\x02\x04\x02xy", "\x0A\x06\x91\x09\x04\x02xy",
                            "\x0A\x06\x91\x02\x04\x03xy", "\x0A\x06\x91", "\x0A"})
    EXPECT_THROW(apply_delta("0123456789", wrong, 100), Error) << wrong;
  EXPECT_THROW(apply_delta("0123456789", copy, 5), Error);
}

}  // namespace
}  // namespace baton::precheck::secrets
