// A name is looked up in every pack, then among the loose ones.
#include "tools/precheck/secrets/git/objects.h"

#include <algorithm>
#include <charconv>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/gzip_stream.h"
#include "tools/precheck/secrets/git/delta.h"

namespace baton::precheck::secrets {
namespace {

constexpr int kDeepest = 4096;  ///< differences of differences; git makes 50, at most 4095
constexpr std::size_t kRecent = 8U << 20U;

[[noreturn]] void damaged() { throw Error(ExitCode::unknown, "an object of the repository is damaged"); }

struct LooseHead {
  ObjectType type = ObjectType::blob;
  std::uint64_t size = 0;
};

/// "blob 123", what stands before NUL.
LooseHead parse_head(std::string_view text) {
  LooseHead head;
  const auto blank = text.find(' ');
  const auto type = text.substr(0, blank);
  if (blank == std::string_view::npos) damaged();
  if (type == "commit") {
    head.type = ObjectType::commit;
  } else if (type == "tree") {
    head.type = ObjectType::tree;
  } else if (type == "tag") {
    head.type = ObjectType::tag;
  } else if (type != "blob") {
    damaged();
  }
  const auto number = text.substr(blank + 1);
  if (std::from_chars(number.data(), number.data() + number.size(), head.size).ec != std::errc{}) damaged();
  return head;
}

}  // namespace

Objects::Objects(const git::Repository& repository, std::size_t name_size)
    : folder_(repository.shared / "objects"), name_size_(name_size) {
  std::error_code trouble;
  for (fs::directory_iterator entry(folder_ / "pack", trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    if (entry->path().extension() == ".idx") packs_.push_back(std::make_unique<Pack>(entry->path(), name_size));
    if (entry->path().extension() == ".promisor") elsewhere_ = "the clone is partial";
  }
  if (fs::exists(folder_ / "info" / "alternates", trouble)) elsewhere_ = "objects are kept in another repository";
}

std::optional<Objects::Packed> Objects::find(std::string_view name) const {
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    if (const auto offset = packs_[i]->find(name)) return Packed{i, *offset};
  }
  return std::nullopt;
}

void Objects::keep(Packed at, const Object& object) {
  if (object.bytes.size() > kRecent / 4) return;
  recent_.emplace_front(at, object);
  recent_bytes_ += object.bytes.size();
  while (recent_bytes_ > kRecent) {
    recent_bytes_ -= recent_.back().second.bytes.size();
    recent_.pop_back();
  }
  constexpr std::size_t kMostKept = 128;
  if (recent_.size() > kMostKept) {
    recent_bytes_ -= recent_.back().second.bytes.size();
    recent_.pop_back();
  }
}

const Object* Objects::kept(Packed at) {
  const auto found = std::ranges::find(recent_, at, [](const auto& one) { return one.first; });
  if (found == recent_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found);
  return &recent_.front().second;
}

Object Objects::read_packed(Packed at) {
  // From the object to its base, then back: a chain may be long.
  std::vector<std::string> deltas;
  std::vector<Packed> places;
  Object object;
  std::uint64_t held = 0;
  while (true) {
    if (const auto* known = kept(at)) {
      object = *known;
      break;
    }
    const auto& pack = *packs_[at.pack];
    const auto head = pack.head_at(at.offset);
    held += head.size;
    if (held > 2 * kMaxObject || deltas.size() > static_cast<std::size_t>(kDeepest))
      throw Error(ExitCode::unknown, "an object is larger than " + std::to_string(kMaxObject >> 20U) + " MiB");
    std::string bytes;
    pack.read(head, [&](std::string_view piece) {
      bytes += piece;
      return true;
    });
    if (head.type != ObjectType::offset_delta && head.type != ObjectType::name_delta) {
      object = {head.type, std::move(bytes)};
      keep(at, object);
      break;
    }
    deltas.push_back(std::move(bytes));
    places.push_back(at);
    if (head.type == ObjectType::offset_delta) {
      at.offset = head.base;
      continue;
    }
    const auto base = find(head.base_name);
    if (!base) damaged();
    at = *base;
  }
  for (auto i = deltas.size(); i-- > 0;) {
    object.bytes = apply_delta(object.bytes, deltas[i], kMaxObject);
    deltas[i].clear();
    keep(places[i], object);
  }
  return object;
}

std::optional<Object> Objects::read_loose(std::string_view name,
                                          const std::function<void(std::string_view)>* take) const {
  const auto hex = to_hex(name);
  const auto path = folder_ / hex.substr(0, 2) / hex.substr(2);
  std::error_code trouble;
  if (!fs::is_regular_file(fs::symlink_status(path, trouble))) return std::nullopt;
  Inflater stream(Inflater::Frame::zlib);
  std::string start;
  std::optional<LooseHead> head;
  Object object;
  std::uint64_t made = 0;
  const auto give = [&](std::string_view piece) {
    if (!head) {
      start += piece;
      const auto end = start.find('\0');
      if (end == std::string::npos && start.size() > 64) damaged();
      if (end == std::string::npos) return true;
      head = parse_head(std::string_view(start).substr(0, end));
      if (take == nullptr && head->size > kMaxObject)
        throw Error(ExitCode::unknown, "an object is larger than " + std::to_string(kMaxObject >> 20U) + " MiB");
      start.erase(0, end + 1);
      piece = start;
    }
    made += piece.size();
    if (made > head->size) damaged();
    if (take != nullptr) {
      (*take)(piece);
    } else {
      object.bytes += piece;
    }
    return true;
  };
  read_in_pieces(path, [&](std::string_view packed) { stream.take(packed, give); });
  if (!head || !stream.is_at_end() || made != head->size) damaged();
  object.type = head->type;
  return object;
}

std::optional<Object> Objects::read(std::string_view name) {
  if (const auto at = find(name)) return read_packed(*at);
  return read_loose(name, nullptr);
}

bool Objects::stream(std::string_view name, const std::function<void(std::string_view)>& take) {
  const auto at = find(name);
  if (!at) return read_loose(name, &take).has_value();
  const auto& pack = *packs_[at->pack];
  const auto head = pack.head_at(at->offset);
  if (head.type == ObjectType::blob && head.size > kMaxObject) {
    pack.read(head, [&](std::string_view piece) {
      take(piece);
      return true;
    });
  } else {
    take(read_packed(*at).bytes);
  }
  return true;
}

}  // namespace baton::precheck::secrets
