// Words of people, bound to a deployment.
#include "common/step/attestations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/yaml.h"

namespace baton {
namespace {

constexpr std::size_t kMaxFile = 1U << 20U;
constexpr std::size_t kLongestText = 500;

[[noreturn]] void broken(std::string_view name, int line, int column, const std::string& what) {
  throw Error(ExitCode::usage, fmt::format("{}:{}:{}: {}", name, line, column, what),
              "Write it like: attestations: [{box: runbook, says: no change needed, by: jo, at: "
              "2026-03-01T12:00:00Z}].");
}

void refuse_others(const YamlNode& node, std::span<const std::string_view> known, std::string_view name) {
  for (const auto& member : node.members) {
    if (std::ranges::find(known, member.key) == known.end())
      broken(name, member.line, member.column, "unknown key '" + printable(member.key, 60) + "'");
  }
}

std::string text_of(const YamlNode& node, std::string_view key, std::string_view name) {
  const auto* found = node.find(key);
  if (found == nullptr) broken(name, node.line, node.column, fmt::format("'{}' is missing", key));
  const bool is_text = found->kind == YamlNode::Kind::scalar && !trim(std::string_view(found->text)).empty();
  if (!is_text) broken(name, found->line, found->column, fmt::format("'{}' is no text", key));
  return printable(trim(std::string_view(found->text)), kLongestText);
}

Attestation attestation_from(const YamlNode& node, std::string_view name) {
  constexpr std::array<std::string_view, 4> kKeys = {"box", "says", "by", "at"};
  if (node.kind != YamlNode::Kind::mapping) broken(name, node.line, node.column, "an attestation is no mapping");
  refuse_others(node, kKeys, name);
  const auto at = text_of(node, "at", name);
  const auto time = parse_rfc3339(at);
  if (!time) broken(name, node.find("at")->line, node.find("at")->column, fmt::format("'{}' is no RFC 3339 time", at));
  return {.box = text_of(node, "box", name),
          .says = text_of(node, "says", name),
          .by = text_of(node, "by", name),
          .at = *time};
}

}  // namespace

Attestations parse_attestations(std::string_view text, std::string_view name) {
  constexpr std::array<std::string_view, 2> kKeys = {"id", "attestations"};
  const auto file = parse_yaml(text, name);
  if (file.kind != YamlNode::Kind::mapping) broken(name, 1, 1, "there is no mapping in it");
  refuse_others(file, kKeys, name);
  Attestations read{.id = text_of(file, "id", name)};
  const auto* list = file.find("attestations");
  if (list == nullptr || list->kind != YamlNode::Kind::sequence)
    broken(name, file.line, file.column, "'attestations' is no list");
  for (const auto& item : list->items) {
    auto attestation = attestation_from(item, name);
    if (std::ranges::find(read.all, attestation.box, &Attestation::box) != read.all.end())
      broken(name, item.line, item.column, fmt::format("'{}' is attested twice", attestation.box));
    read.all.push_back(std::move(attestation));
  }
  return read;
}

Attested read_attestations(const View& env) {
  constexpr std::string_view kName = "attestations.yaml";
  const auto bytes = read_file_if_exists(Inside{env.dir, kName}, kMaxFile);
  if (!bytes) return {};
  auto read = parse_attestations(*bytes, kName);
  if (read.id != env.release.id)
    return {.why_not = fmt::format("attestations.yaml is not used: it is about deployment '{}', this is '{}'",
                                   printable(read.id, 100), env.release.id)};
  Attested attested{
      .evidence = {
          {.name = std::string(kName), .kind = "attestations", .sha256 = sha256_hex(*bytes), .about = read.id}}};
  std::erase_if(read.all, [&](const Attestation& one) { return one.at > env.clock.now(); });
  attested.all = std::move(read.all);
  return attested;
}

}  // namespace baton
