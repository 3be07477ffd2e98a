// What the build left, and what is not known of it.
#include "common/step/build_record.h"

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace baton {
namespace {

std::vector<std::string> lines_of(std::string_view json) {
  return build_lines(build_record_from(parse_json(json, "build.json")));
}

TEST(BuildRecordTest, TellsTheSopsLines) {
  EXPECT_EQ(lines_of(R"({"digest": "sha256:ab", "size": 250000000, "start": "2025-11-04T14:00:00Z",
                         "end": "2025-11-04T14:02:00Z", "push": "2025-11-04T14:04:00Z"})"),
            (std::vector<std::string>{"Image build completed: 2025-11-04T14:02:00Z (duration: 2m, image size: 250 MB)",
                                      "Image pushed to registry: 2025-11-04T14:04:00Z, sha256:ab"}));
}

TEST(BuildRecordTest, SaysWhatItWasNotTold) {
  const std::vector<std::string> nothing = {
      "Image build completed: not known (duration: not known, image size: not known)",
      "Image pushed to registry: not known, "};
  EXPECT_EQ(lines_of("{}"), nothing);
  EXPECT_EQ(lines_of(R"({"digest": 7, "size": -1, "start": "yesterday", "end": null, "push": []})"), nothing);
  EXPECT_EQ(lines_of(R"({"start": "2025-11-04T14:03:00Z", "end": "2025-11-04T14:02:00Z"})").front(),
            "Image build completed: 2025-11-04T14:02:00Z (duration: not known, image size: not known)");
}

TEST(BuildRecordTest, ADigestCannotBreakALine) {
  EXPECT_EQ(lines_of(R"({"digest": "x\n::error::y"})").back(), "Image pushed to registry: not known, x\\x0a::error::y");
}

TEST(BuildRecordTest, IsAbsentOrAnObject) {
  const TempFolder folder;
  EXPECT_TRUE(read_build_record(folder.path()).is_null());
  for (const auto* text : {"[]", "{", "null"}) {
    write_file(folder.path() / "build.json", text);
    EXPECT_THROW(read_build_record(folder.path()), Error) << text;
  }
}

}  // namespace
}  // namespace baton
