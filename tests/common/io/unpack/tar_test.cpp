// Archives by hand and by the system's tar, whole and damaged.
#include "common/io/unpack/tar.h"

#include <gtest/gtest.h>

#include "common/io/files.h"
#include "common/io/process.h"
#include "tests/support/archive.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using test::Member;
using test::pax_record;
using test::tar_end;
using test::tar_member;

struct Read {
  TarEntry entry;
  std::string content = {};
  bool has_ended = false;
};

std::vector<Read> read(const std::string& bytes, std::size_t piece = 1U << 20U, TarLimits limits = {}) {
  std::vector<Read> all;
  TarReader reader("layer x",
                   {.begin = [&](const TarEntry& entry) { all.push_back({.entry = entry}); },
                    .content = [&](std::string_view part) { all.back().content += part; },
                    .end = [&] { all.back().has_ended = true; }},
                   limits);
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(std::string_view(bytes).substr(at, piece));
  reader.finish();
  return all;
}

std::string reason(const std::string& bytes, TarLimits limits = {}) {
  return test::refusal_and_hint(ExitCode::unknown, [&] { read(bytes, 1000, limits); });
}

class TarTest : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Pieces, TarTest, testing::Values(1U, 7U, 512U, 1U << 20U));

TEST_P(TarTest, HandsOnEntriesAndTheirContents) {
  const auto all = read(tar_member({.name = "app/", .type = '5', .mode = 0755}) +
                            tar_member({.name = "app/main", .content = std::string(1000, 'm'), .mode = 04755}) +
                            tar_member({.name = "app/empty"}) +
                            tar_member({.name = "app/link", .type = '2', .link = "main", .size = 99}) +
                            tar_member({.name = "app/hard", .type = '1', .link = "app/main"}) +
                            tar_member({.name = "dev/null", .type = '3'}) + tar_end() + "whatever follows",
                        GetParam());
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].entry.kind, TarEntry::Kind::folder);
  EXPECT_EQ(all[1].entry.name, "app/main");
  EXPECT_EQ(all[1].entry.kind, TarEntry::Kind::file);
  EXPECT_EQ(all[1].entry.mode, 04755U);
  EXPECT_EQ(all[1].content, std::string(1000, 'm'));
  EXPECT_EQ(all[2].content, "");
  EXPECT_EQ(all[3].entry.kind, TarEntry::Kind::symbolic_link);
  EXPECT_EQ(all[3].entry.link, "main");
  EXPECT_EQ(all[3].entry.size, 0) << "a link has no content, whatever its header says";
  EXPECT_EQ(all[4].entry.kind, TarEntry::Kind::hard_link);
  EXPECT_EQ(all[5].entry.kind, TarEntry::Kind::other);
  for (const auto& one : all) EXPECT_TRUE(one.has_ended) << one.entry.name;
}

TEST_P(TarTest, ReadsLongNames) {
  const std::string name = "app/" + std::string(300, 'n');
  const std::string link = "to/" + std::string(200, 'l');
  const auto gnu = tar_member({.name = "././@LongLink", .content = name + '\0', .type = 'L', .magic = "ustar  "}) +
                   tar_member({.name = "././@LongLink", .content = link + '\0', .type = 'K', .magic = "ustar  "}) +
                   tar_member({.name = name, .type = '2', .link = link, .magic = "ustar  "});
  const auto pax =
      tar_member(
          {.name = "PaxHeaders/x", .content = pax_record("path", name) + pax_record("linkpath", link), .type = 'x'}) +
      tar_member({.name = "short", .type = '2', .link = "short"});
  for (const auto& bytes : {gnu, pax}) {
    const auto all = read(bytes + tar_member({.name = "next"}) + tar_end(), GetParam());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].entry.name, name);
    EXPECT_EQ(all[0].entry.link, link);
    EXPECT_EQ(all[1].entry.name, "next") << "records are for one entry";
  }
  EXPECT_EQ(read(tar_member({.name = "name", .prefix = "folder"}) + tar_end()).at(0).entry.name, "folder/name");
}

TEST_P(TarTest, ReadsSizesThatPaxOrGnuWrite) {
  const std::string content(600, 'c');
  const auto by_pax = tar_member({.name = "x", .content = pax_record("size", "600"), .type = 'x'}) +
                      tar_member({.name = "big", .content = content, .size = 0});
  auto by_gnu = tar_member({.name = "big", .content = content});
  by_gnu.replace(124, 12, std::string("\x80\0\0\0\0\0\0\0\0\0\x02\x58", 12));
  std::string head = by_gnu.substr(0, 512);
  test::sign_tar_header(head);
  by_gnu.replace(0, 512, head);
  for (const auto& bytes : {by_pax, by_gnu}) {
    const auto all = read(bytes + tar_member({.name = "next"}) + tar_end(), GetParam());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].content, content);
  }
}

TEST(TarTest, ReadsAGlobalRecordUntilAnotherComes) {
  const auto all = read(tar_member({.name = "g", .content = pax_record("comment", "c"), .type = 'g'}) +
                        tar_member({.name = "a"}) + tar_end());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].entry.name, "a");
}

TEST(TarTest, ReadsOldGnuSparseFiles) {
  auto head = tar_member({.name = "sparse", .type = 'S', .magic = "ustar  ", .size = 5});
  head[482] = 1;
  test::sign_tar_header(head);
  std::string map(512, '\0');
  map[504] = 1;
  const std::string last(512, '\0');
  const auto all =
      read(head + map + last + "12345" + std::string(507, '\0') + tar_member({.name = "next"}) + tar_end());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].content, "12345");
}

TEST(TarTest, AnArchiveMayEndWithoutItsEmptyBlocks) {
  EXPECT_EQ(read(tar_member({.name = "a", .content = "x"})).size(), 1U);
  EXPECT_EQ(read(tar_member({.name = "a"}) + std::string(512, '\0')).size(), 1U);
  EXPECT_TRUE(read(tar_end()).empty());
}

TEST(TarTest, RefusesWhatIsNotWhole) {
  const auto bytes = tar_member({.name = "a", .content = std::string(600, 'x')});
  for (const std::size_t size : {100U, 512U, 600U, 1100U, 1200U, 1535U})
    EXPECT_NE(reason(bytes.substr(0, size)).find("layer x: the tar archive ends too early"), std::string::npos) << size;
  EXPECT_NE(reason("").find("layer x: it is empty"), std::string::npos);
}

TEST(TarTest, RefusesWhatIsNoArchive) {
  EXPECT_NE(reason(std::string(2000, 'x')).find("it is no tar archive, or damaged"), std::string::npos);
  auto flipped = tar_member({.name = "a"});
  flipped[0] ^= 1;
  EXPECT_NE(reason(flipped).find("checksum is wrong"), std::string::npos);
  EXPECT_NE(reason(std::string(512, '\0') + tar_member({.name = "a"})).find("behind an empty block"),
            std::string::npos);
  for (const std::string size : {"0000000009x", "-0000000001", "99999999999"}) {
    auto bad = tar_member({.name = "a"});
    bad.replace(124, size.size(), size);
    test::sign_tar_header(bad);
    EXPECT_NE(reason(bad).find("a number in it is none"), std::string::npos) << size;
  }
}

TEST(TarTest, RefusesNumbersBeyondAnyFile) {
  for (const std::string& size : {std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12),
                                  std::string("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12)}) {
    auto bad = tar_member({.name = "a"});
    bad.replace(124, 12, size);
    test::sign_tar_header(bad);
    EXPECT_NE(reason(bad).find("a number in it is "), std::string::npos);
  }
}

TEST(TarTest, RefusesMalformedRecords) {
  for (const std::string record :
       {"x", "99 path=a\n", "0 path=a\n", "9 path=ab", "7 patha\n", "9999999999999999999999 a=b\n"}) {
    const auto bytes = tar_member({.name = "x", .content = record, .type = 'x'}) + tar_member({.name = "a"});
    EXPECT_NE(reason(bytes).find("a pax record in it is malformed"), std::string::npos) << record;
  }
  for (const auto* size : {"-1", "x", "", "99999999999999999999"}) {
    const auto bytes =
        tar_member({.name = "x", .content = pax_record("size", size), .type = 'x'}) + tar_member({.name = "a"});
    EXPECT_NE(reason(bytes).find("has a size that is none"), std::string::npos) << size;
  }
}

TEST(TarTest, HoldsNoNameOfAnyLengthAndNoNumberOfEntries) {
  const auto longest = std::string(1U << 20U, 'n');
  EXPECT_NE(reason(tar_member({.name = "L", .content = longest + "n", .type = 'L'})).find("longer than 1 MB"),
            std::string::npos);
  EXPECT_NE(reason(tar_member({.name = "L", .content = longest, .type = 'L'}) + tar_member({.name = "a"}))
                .find("longer than 64 kB"),
            std::string::npos);
  const auto two = tar_member({.name = "a"}) + tar_member({.name = "b"});
  EXPECT_EQ(read(two, 512, {.max_entries = 2}).size(), 2U);
  EXPECT_NE(reason(two, {.max_entries = 1}).find("more than 1 entries"), std::string::npos);
}

TEST(TarTest, ReadsWhatTheSystemsTarWrites) {
  const TempFolder folder;
  const std::string deep = std::string(90, 'd') + "/" + std::string(150, 'e') + "/" + std::string(120, 'f');
  fs::create_directories(folder.path() / "in" / fs::path(deep).parent_path());
  write_file(folder.path() / "in" / deep, std::string(3000, 'x'));
  fs::create_symlink(deep, folder.path() / "in" / "link");
  for (const std::string format : {"gnu", "pax", "posix"}) {
    const auto archive = (folder.path() / (format + ".tar")).string();
    const auto ran = run_process(
        {.argv = {"tar", "--format=" + format, "-cf", archive, "-C", (folder.path() / "in").string(), "."}});
    ASSERT_EQ(ran.exit_code, 0) << ran.error;
    bool was_found = false;
    for (const auto& one : read(read_file(archive), 999)) {
      if (one.entry.name == "./" + deep) was_found = one.content == std::string(3000, 'x');
      if (one.entry.name == "./link") {
        EXPECT_EQ(one.entry.link, deep);
      }
    }
    EXPECT_TRUE(was_found) << format;
  }
}

}  // namespace
}  // namespace baton
