// libs: baton_secrets baton_clients baton_io baton_core
// Any bytes as a pack with an index of one object, as a loose object, as a commit, a tree and a difference.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/io/files.h"
#include "tests/fuzz/only_errors.h"
#include "tools/precheck/secrets/git/delta.h"
#include "tools/precheck/secrets/git/objects.h"
#include "tools/precheck/secrets/git/tree_entries.h"

namespace {

using namespace baton::precheck::secrets;

std::string number(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  return text;
}

/// Of one object, whose name is twenty zeros, at the offset 12.
std::string index() {
  std::string text = "\xFFtOc" + number(2);
  for (int i = 0; i < 256; ++i) text += number(1);
  return text + std::string(20, '\0') + number(0) + number(12);
}

void read_repository(std::string_view bytes) {
  static const baton::TempFolder folder;
  const auto objects = folder.path() / "objects";
  baton::write_file(objects / "pack/pack-1.idx", index());
  baton::write_file(objects / "pack/pack-1.pack", std::string("PACK") + number(2) + number(1) + std::string(bytes));
  baton::write_file(objects / "01" / std::string(38, '0'), bytes);
  Objects of({.own = folder.path(), .shared = folder.path()}, 20);
  baton::expect_only_errors([&] { of.read(std::string(20, '\0')); });
  baton::expect_only_errors([&] { of.read("\x01" + std::string(19, '\0')); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_repository(bytes);
  baton::expect_only_errors([&] { parse_commit(bytes); });
  baton::expect_only_errors([&] { parse_tree(bytes, 20); });
  baton::expect_only_errors([&] { apply_delta(bytes.substr(0, size / 2), bytes.substr(size / 2), 1 << 20); });
  return 0;
}
