// Files that are whole or not there, locks, patterns.
#include "common/io/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "common/core/error.h"
#include "common/io/glob.h"
#include "common/io/process.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

std::string message_of(const std::function<void()>& act) { return test::error_of(act).what(); }

class FilesTest : public testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_.path() / name; }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_.path())) all.push_back(entry.path().filename());
    return all;
  }
  std::vector<std::string> found(const std::string& pattern) const {
    std::vector<std::string> all;
    for (const auto& path : find_files(folder_.path(), pattern)) all.push_back(fs::relative(path, folder_.path()));
    return all;
  }
  void make(const std::vector<std::string>& files) const {
    for (const auto& name : files) write_file(at(name), "");
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    return status.st_mode & 07777U;
  }

  TempFolder folder_;
};

using Names = std::vector<std::string>;

TEST_F(FilesTest, WritesAndReadsWholeFiles) {
  const std::string bytes("a\0b\n\xFF", 5);
  write_file(at("new/deep/x"), bytes);
  EXPECT_EQ(read_file(at("new/deep/x")), bytes);
  write_file(at("new/deep/x"), "");
  EXPECT_EQ(read_file(at("new/deep/x")), "");
}

TEST_F(FilesTest, LeavesNothingElseBehind) {
  write_file(at("x"), "1");
  write_file(at("x"), "2");
  EXPECT_EQ(names(), Names{"x"});
  fs::create_directories(at("folder/full"));
  EXPECT_TRUE(message_of([&] { write_file(at("folder"), "3"); }).starts_with("cannot write '"));
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(FilesTest, TakesUpTheHalfThatAKilledWriterLeft) {
  write_file(at(".x.tmp"), "half of something longer", 0600);
  write_file(at("x"), "whole");
  EXPECT_EQ(read_file(at("x")), "whole");
  EXPECT_EQ(mode_of(at("x")), 0644U);
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FilesTest, FollowsNoLinkThatStandsWhereTheHalfGoes) {
  write_file(at("victim"), "safe");
  fs::create_symlink(at("victim"), at(".x.tmp"));
  write_file(at("x"), "1");
  EXPECT_EQ(read_file(at("x")), "1");
  EXPECT_EQ(read_file(at("victim")), "safe");
}

TEST_F(FilesTest, TakesUpNoHalfThatOthersCanReachInto) {
  write_file(at(".x.tmp"), "", 0666);
  const Descriptor kept(::open(at(".x.tmp").c_str(), O_RDWR | O_CLOEXEC));
  write_file(at("x"), "ours", 0600);
  EXPECT_EQ(::pwrite(kept.number(), "theirs", 6, 0), 6);
  EXPECT_EQ(read_file(at("x")), "ours");
  EXPECT_EQ(names().size(), 2U) << "what is not ours stays";
}

TEST_F(FilesTest, TakesUpTheHalfThatAKillLeftJustBeforeItsRenaming) {
  for (const unsigned mode : {0600U, 0644U}) {
    write_file(at(".x.tmp"), "half", mode);
    write_file(at("x"), "whole", 0644);
    EXPECT_EQ(read_file(at("x")), "whole");
    EXPECT_EQ(names().size(), 1U) << "a half of mode " << mode << " piles up";
  }
}

TEST_F(FilesTest, TakesUpNoHalfOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  write_file(at(".x.tmp"), "", 0600);
  ASSERT_EQ(::chown(at(".x.tmp").c_str(), 65534, 65534), 0);
  write_file(at("x"), "ours");
  struct stat status {};
  ASSERT_EQ(::stat(at("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(FilesTest, APipeWhereTheHalfGoesHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo(at(".x.tmp").c_str(), 0600), 0);
  write_file(at("x"), "1");
  EXPECT_EQ(read_file(at("x")), "1");
}

TEST_F(FilesTest, WhatIsNoRegularFileIsRefusedAndNotWaitedFor) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  const std::string said = "'" + at("pipe").string() + "': it is no regular file";
  EXPECT_EQ(message_of([&] { read_file(at("pipe")); }), "cannot read " + said);
  EXPECT_EQ(message_of([&] { read_file_if_exists(at("pipe")); }), "cannot read " + said);
  EXPECT_EQ(message_of([&] { read_file(Inside{folder_.path(), "pipe"}); }), "cannot read " + said);
  EXPECT_EQ(message_of([&] { read_file_if_exists(Inside{folder_.path(), "pipe"}); }), "cannot read " + said);
  EXPECT_EQ(message_of([&] { read_in_pieces(at("pipe"), [](std::string_view) {}); }), "cannot read " + said);
  EXPECT_EQ(message_of([&] { append_file(at("pipe"), "x"); }), "cannot write " + said);
  EXPECT_EQ(message_of([&] { FileLock::try_lock(Inside{folder_.path(), "pipe"}); }), "cannot lock " + said);
  EXPECT_FALSE(is_file(Inside{folder_.path(), "pipe"}));
  EXPECT_EQ(message_of([] { read_file("/dev/zero"); }), "cannot read '/dev/zero': it is no regular file");
}

TEST_F(FilesTest, BelowAFolderNoLinkIsFollowed) {
  make({"below/x"});
  write_file(at("secret/victim"), "safe");
  fs::create_symlink(at("secret/victim"), at("below/link"));
  fs::create_directory_symlink(at("secret"), at("below/way"));
  for (const char* name : {"link", "way/victim"}) {
    const Inside file{at("below"), name};
    EXPECT_THROW(read_file(file), Error) << name;
    EXPECT_THROW(read_file_if_exists(file), Error) << name;
    EXPECT_THROW(append_file(file, "bad"), Error) << name;
    EXPECT_THROW(FileLock::try_lock(file), Error) << name;
    EXPECT_FALSE(is_file(file)) << name;
  }
  EXPECT_THROW(write_file(Inside{at("below"), "way/victim"}, "bad"), Error);
  EXPECT_THROW(move_file(Inside{at("below"), "way/victim"}, Inside{at("below"), "got"}), Error);
  EXPECT_THROW(move_file(Inside{at("below"), "x"}, Inside{at("below"), "way/x"}), Error);
  write_file(Inside{at("below"), "link"}, "ours");
  EXPECT_EQ(read_file(Inside{at("below"), "link"}), "ours") << "the link was replaced";
  EXPECT_EQ(read_file(at("secret/victim")), "safe");
  EXPECT_FALSE(fs::exists(at("secret/x")));
}

TEST_F(FilesTest, NamesThatLeaveTheFolderAreRefused) {
  make({"victim", "below/x"});
  for (const std::string& name : {std::string("../victim"), std::string("new/../../victim"), at("victim").string(),
                                  std::string("/"), std::string(".."), std::string(), std::string("x\0y", 3)}) {
    EXPECT_FALSE(stays_inside(name)) << name;
    EXPECT_THROW(read_file_if_exists(Inside{at("below"), name}), Error) << name;
    EXPECT_THROW(write_file(Inside{at("below"), name}, ""), Error) << name;
  }
  for (const char* name : {"x", "deep/x", "..x", "x.."}) EXPECT_TRUE(stays_inside(name)) << name;
}

TEST_F(FilesTest, WorksBelowAFolder) {
  const Inside file{at("below"), "new/deep/x"};
  EXPECT_EQ(read_file_if_exists(file), std::nullopt);
  write_file(file, "1", 0600);
  append_file(file, "2");
  EXPECT_EQ(read_file(file), "12");
  EXPECT_EQ(mode_of(file.path()), 0600U);
  EXPECT_TRUE(is_file(file));
  EXPECT_FALSE(is_file(Inside{at("below"), "new"}));
  move_file(file, Inside{at("below"), "old/x"});
  EXPECT_EQ(read_file(at("below/old/x")), "12");
  move_file(file, Inside{at("below"), "old/y"});
  EXPECT_EQ(read_file_if_exists(file), std::nullopt) << "a name that is not there is moved nowhere";
}

TEST_F(FilesTest, TheFolderItselfMayBeALink) {
  make({"real/x"});
  fs::create_directory_symlink(at("real"), at("chosen"));
  EXPECT_EQ(read_file(Inside{at("chosen"), "x"}), "");
}

TEST_F(FilesTest, WritersWaitForEachOther) {
  const auto write_often = [&](char letter) {
    for (int i = 0; i < 50; ++i) write_file(at("x"), std::string(10'000U + static_cast<unsigned>(letter), letter));
  };
  std::jthread one(write_often, 'a');
  std::jthread two(write_often, 'b');
  one.join();
  two.join();
  const std::string seen = read_file(at("x"));
  EXPECT_EQ(seen, std::string(10'000U + static_cast<unsigned>(seen.front()), seen.front()));
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FilesTest, AFullDiskLeavesTheOldFile) {
  write_file(at("x"), "old");
  // A limit on the size of files stands in for the full disk: the write fails half-way.
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tiny{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tiny);
  const std::string message = message_of([&] { write_file(at("x"), std::string(5000, 'n')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(message.starts_with("cannot write '" + at("x").string() + "': ")) << message;
  EXPECT_EQ(read_file(at("x")), "old");
  EXPECT_EQ(names(), Names{"x"});
}

TEST_F(FilesTest, AReaderSeesOldOrNewNeverHalf) {
  const std::string a(200'000, 'a');
  const std::string b(200'000, 'b');
  write_file(at("x"), a);
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) write_file(at("x"), i % 2 == 0 ? b : a);
  });
  for (int i = 0; i < 100; ++i) {
    const std::string seen = read_file(at("x"));
    ASSERT_TRUE(seen == a || seen == b);
  }
}

TEST_F(FilesTest, TheModeIsWhatWasAskedFor) {
  const mode_t before = ::umask(077);
  write_file(at("shared"), "");
  write_file(at("secret"), "", 0600);
  ::umask(before);
  EXPECT_EQ(mode_of(at("shared")), 0644U);
  EXPECT_EQ(mode_of(at("secret")), 0600U);
}

TEST_F(FilesTest, CapsWhatItReads) {
  write_file(at("x"), std::string(1001, 'x'));
  EXPECT_EQ(read_file(at("x"), 1001).size(), 1001U);
  EXPECT_EQ(message_of([&] { read_file(at("x"), 1000); }),
            "cannot read '" + at("x").string() + "': larger than the cap of 1000 bytes");
}

TEST_F(FilesTest, SaysWhatIsWrong) {
  EXPECT_EQ(message_of([&] { read_file(at("x")); }), "cannot read '" + at("x").string() + "': no such file");
  EXPECT_EQ(message_of([&] { read_file(folder_.path()); }),
            "cannot read '" + folder_.path().string() + "': it is a folder");
  EXPECT_EQ(read_file_if_exists(at("x")), std::nullopt);
  EXPECT_EQ(read_file_if_exists(at("x/y")), std::nullopt);
  write_file(at("x"), "1");
  EXPECT_EQ(read_file_if_exists(at("x")), "1");
  EXPECT_THROW(read_file_if_exists(folder_.path()), Error);
  EXPECT_TRUE(message_of([&] { write_file(at("x/y"), ""); }).starts_with("cannot make the folder '"));
}

TEST_F(FilesTest, ReadsLargeFilesInPieces) {
  std::string bytes(2'500'000, 'x');
  bytes[1'048'576] = 'y';
  write_file(at("x"), bytes);
  std::string got;
  std::size_t largest = 0;
  read_in_pieces(at("x"), [&](std::string_view piece) {
    got += piece;
    largest = std::max(largest, piece.size());
  });
  EXPECT_EQ(got, bytes);
  EXPECT_LE(largest, 1U << 20U);
}

TEST_F(FilesTest, Appends) {
  append_file(at("logs/x"), "a\n");
  append_file(at("logs/x"), "b\n");
  EXPECT_EQ(read_file(at("logs/x")), "a\nb\n");
}

TEST_F(FilesTest, KnowsWhenAFileWasChanged) {
  write_file(at("x"), "");
  const timespec times[2] = {{.tv_sec = 5, .tv_nsec = 0}, {.tv_sec = 1'000'000'000, .tv_nsec = 250'000'000}};
  ::utimensat(AT_FDCWD, at("x").c_str(), times, 0);
  EXPECT_EQ(modified_at(at("x")), Time(std::chrono::milliseconds(1'000'000'000'250)));
  EXPECT_THROW(modified_at(at("y")), Error);
}

TEST_F(FilesTest, ATempFolderIsOurOwnAndGoes) {
  fs::path path;
  {
    const TempFolder folder;
    path = folder.path();
    EXPECT_EQ(mode_of(path), 0700U);
    write_file(path / "deep/x", "");
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(FilesTest, ALockHoldsOthersOffUntilItGoes) {
  {
    const auto lock = FileLock::try_lock(Inside{folder_.path(), "lock"});
    ASSERT_TRUE(lock);
    EXPECT_FALSE(FileLock::try_lock(Inside{folder_.path(), "lock"}));
    EXPECT_NE(run_process({.argv = {"flock", "-n", at("lock"), "true"}}).exit_code, 0) << "another process";
  }
  EXPECT_TRUE(FileLock::try_lock(Inside{folder_.path(), "lock"}));
  EXPECT_EQ(run_process({.argv = {"flock", "-n", at("lock"), "true"}}).exit_code, 0);
}

TEST_F(FilesTest, ALockSaysWhoHoldsItInPlace) {
  const Inside file{folder_.path(), "lock"};
  write_file(file, "something longer");
  const auto lock = FileLock::try_lock(file);
  ASSERT_TRUE(lock);
  lock->note("pid 1\n");
  EXPECT_EQ(read_file(file), "pid 1\n");
  EXPECT_FALSE(FileLock::try_lock(file));
}

TEST_F(FilesTest, ALockMoves) {
  auto one = FileLock::try_lock(Inside{folder_.path(), "lock"});
  FileLock other = std::move(*one);
  one.reset();
  EXPECT_FALSE(FileLock::try_lock(Inside{folder_.path(), "lock"}));
  other = *FileLock::try_lock(Inside{folder_.path(), "elsewhere"});
  EXPECT_TRUE(FileLock::try_lock(Inside{folder_.path(), "lock"}));
}

TEST_F(FilesTest, FindsByPattern) {
  make({"a.xml", "b.xml", "b.txt", "sub/c.xml", "sub/deep/d.xml", "sub/deep/e.json", "sub-x/f.xml"});
  EXPECT_EQ(found("*.xml"), (Names{"a.xml", "b.xml"}));
  EXPECT_EQ(found("?.txt"), (Names{"b.txt"}));
  EXPECT_EQ(found("*/*.xml"), (Names{"sub-x/f.xml", "sub/c.xml"})) << "bytewise";
  EXPECT_EQ(found("**/*.xml"), (Names{"a.xml", "b.xml", "sub-x/f.xml", "sub/c.xml", "sub/deep/d.xml"}));
  EXPECT_EQ(found("**/**/d.*"), (Names{"sub/deep/d.xml"}));
  EXPECT_EQ(found("sub/**"), (Names{"sub/c.xml", "sub/deep/d.xml", "sub/deep/e.json"}));
  EXPECT_EQ(found("./sub//deep/*"), (Names{"sub/deep/d.xml", "sub/deep/e.json"}));
  EXPECT_EQ(found("sub/../*.txt").size(), 1U);
  EXPECT_EQ(find_files("/", at("*.txt").string()).size(), 1U);
}

TEST_F(FilesTest, FindsWhatIsNamed) {
  make({"a.xml", "sub/c.xml"});
  EXPECT_EQ(found("a.xml"), (Names{"a.xml"}));
  EXPECT_EQ(find_files(folder_.path(), at("a.xml").string()).size(), 1U);
  EXPECT_EQ(found("none.xml"), Names{});
  EXPECT_EQ(found("none/*.xml"), Names{});
  EXPECT_EQ(found("sub"), Names{}) << "a folder is no file";
  EXPECT_EQ(found(""), Names{});
}

TEST_F(FilesTest, DoesNotWalkInCircles) {
  make({"sub/c.xml"});
  fs::create_directory_symlink(folder_.path(), at("sub/circle"));
  EXPECT_EQ(found("**/*.xml"), (Names{"sub/c.xml"}));
}

TEST_F(FilesTest, NoPatternTakesLong) {
  make({std::string(200, 'a')});
  std::string stars;
  for (int i = 0; i < 30; ++i) stars += "a*";
  EXPECT_EQ(found(stars + "b"), Names{});
  EXPECT_EQ(found(stars).size(), 1U);
}

}  // namespace
}  // namespace baton
