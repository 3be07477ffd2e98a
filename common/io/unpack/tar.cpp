// Blocks put together, names amended, contents handed on.
#include "common/io/unpack/tar.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/io/unpack/tar_header.h"

namespace baton {
namespace {

constexpr std::int64_t kMaxExtra = 1 << 20;  // of pax records and long names
constexpr std::size_t kMaxName = 64U << 10U;

bool is_extra(char type) { return type == 'x' || type == 'g' || type == 'L' || type == 'K'; }

}  // namespace

struct TarReader::State {
  enum class At { header, sparse_map, extra, content, padding, end };

  std::string name;
  TarVisitor visitor;
  TarLimits limits;
  At at = At::header;
  std::string block = {};  ///< of a header or a sparse map, as far as it came
  TarHeader header = {};
  std::string extra = {};
  PaxRecords global = {};  ///< for all that follows
  PaxRecords next = {};    ///< for the next entry
  std::int64_t left = 0;   ///< of content or padding
  std::int64_t padding = 0;
  std::int64_t entries = 0;
  bool was_zero = false;
  bool is_begun = false;

  void feed(std::string_view bytes);
  void take_block(std::string_view& bytes);
  void take_header();
  void begin_content();
  void take_content(std::string_view& bytes);
  void end_content();
  void take_padding(std::string_view& bytes);
  void keep_extra();
  void amend();
};

void TarReader::State::feed(std::string_view bytes) {
  while (!bytes.empty() && at != At::end) {
    is_begun = true;
    switch (at) {
      case At::header:
      case At::sparse_map:
        take_block(bytes);
        break;
      case At::extra:
      case At::content:
        take_content(bytes);
        break;
      case At::padding:
        take_padding(bytes);
        break;
      case At::end:
        break;
    }
  }
}

void TarReader::State::take_block(std::string_view& bytes) {
  const auto part = bytes.substr(0, kTarBlock - block.size());
  block += part;
  bytes = bytes.substr(part.size());
  if (block.size() < kTarBlock) return;
  if (at == At::header) {
    take_header();
  } else if (!sparse_map_goes_on(block)) {
    begin_content();
  }
  block.clear();
}

void TarReader::State::take_header() {
  if (is_zero_block(block)) {
    if (was_zero) at = At::end;
    was_zero = true;
    return;
  }
  if (was_zero) throw DamagedTar("it goes on behind an empty block");
  header = parse_tar_header(block);
  if (++entries > limits.max_entries)
    throw DamagedTar("it holds more than " + std::to_string(limits.max_entries) + " entries");
  if (is_extra(header.type)) {
    if (header.entry.size > kMaxExtra) throw DamagedTar("a name or record in it is longer than 1 MB");
    extra.clear();
  } else {
    amend();
    visitor.begin(header.entry);
  }
  if (header.has_sparse_map) {
    at = At::sparse_map;
  } else {
    begin_content();
  }
}

/// What records before it say of an entry.
void TarReader::State::amend() {
  auto& entry = header.entry;
  const auto said = [](auto& one, auto& other) { return one ? one : other; };
  if (auto path = said(next.path, global.path)) entry.name = std::move(*path);
  if (auto link = said(next.link, global.link)) entry.link = std::move(*link);
  const bool may_have_content = entry.kind == TarEntry::Kind::file || entry.kind == TarEntry::Kind::other;
  if (const auto size = said(next.size, global.size); size && may_have_content) entry.size = *size;
  if (std::max(entry.name.size(), entry.link.size()) > kMaxName) throw DamagedTar("a name in it is longer than 64 kB");
  next = {};
}

void TarReader::State::begin_content() {
  left = header.entry.size;
  const auto over = left % static_cast<std::int64_t>(kTarBlock);
  padding = over == 0 ? 0 : static_cast<std::int64_t>(kTarBlock) - over;
  at = is_extra(header.type) ? At::extra : At::content;
  if (left == 0) end_content();
}

void TarReader::State::take_content(std::string_view& bytes) {
  const auto part = bytes.substr(0, static_cast<std::size_t>(std::min<std::int64_t>(left, 1 << 30)));
  if (at == At::extra) {
    extra += part;
  } else {
    visitor.content(part);
  }
  bytes = bytes.substr(part.size());
  left -= static_cast<std::int64_t>(part.size());
  if (left == 0) end_content();
}

void TarReader::State::end_content() {
  if (at == At::extra) {
    keep_extra();
  } else {
    visitor.end();
  }
  left = padding;
  at = left == 0 ? At::header : At::padding;
}

void TarReader::State::keep_extra() {
  const auto long_name = [&] { return extra.substr(0, extra.find('\0')); };
  if (header.type == 'x') read_pax(extra, next);
  if (header.type == 'g') read_pax(extra, global);
  if (header.type == 'L') next.path = long_name();
  if (header.type == 'K') next.link = long_name();
  extra.clear();
}

void TarReader::State::take_padding(std::string_view& bytes) {
  const auto part = bytes.substr(0, static_cast<std::size_t>(left));
  bytes = bytes.substr(part.size());
  left -= static_cast<std::int64_t>(part.size());
  if (left == 0) at = At::header;
}

TarReader::TarReader(std::string name, TarVisitor visitor, TarLimits limits)
    : state_(std::make_unique<State>(State{.name = std::move(name), .visitor = std::move(visitor), .limits = limits})) {
}
TarReader::~TarReader() = default;

void TarReader::feed(std::string_view bytes) {
  try {
    state_->feed(bytes);
  } catch (const DamagedTar& damage) {
    throw Error(ExitCode::unknown, state_->name + ": " + damage.what());
  }
}

void TarReader::finish() {
  if (!state_->is_begun) throw Error(ExitCode::unknown, state_->name + ": it is empty");
  // An archive that ends without its two empty blocks is read by every tool.
  const bool is_whole = state_->at == State::At::end || (state_->at == State::At::header && state_->block.empty());
  if (!is_whole) throw Error(ExitCode::unknown, state_->name + ": the tar archive ends too early");
}

std::int64_t TarReader::entries() const { return state_->entries; }

}  // namespace baton
