// YAML with the position of every node, so that messages can say file:line:column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"

namespace baton {

struct YamlMember;

struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  std::string text;             ///< of a scalar, as written, without quotes
  bool quoted = false;          ///< a quoted scalar is a string, whatever it looks like
  std::vector<YamlNode> items;  ///< of a sequence
  std::vector<YamlMember> members;
  int line = 0;    ///< from 1; 0: made by a program
  int column = 0;  ///< from 1

  const YamlNode* find(std::string_view key) const;
};

struct YamlMember {
  std::string key;
  YamlNode value;
  int line = 0;  ///< of the key
  int column = 0;
};

/// Exactly one document; an empty one is a null node. Throws Error{usage} "NAME:LINE:COLUMN: …" on bad YAML, duplicate
/// keys, keys that are no scalars, aliases that expand beyond 100,000 nodes, depth over 100, or more than 16 MiB.
YamlNode parse_yaml(std::string_view text, std::string_view name);
/// Every document of a stream; empty ones left out.
std::vector<YamlNode> parse_yaml_documents(std::string_view text, std::string_view name);

/// The YAML 1.2 core schema: unquoted null, booleans and numbers become those, all else strings.
Json to_json(const YamlNode& node);
/// The value in YAML's flow form, on one line: JSON, but that a plain word needs no quotes.
std::string to_flow_yaml(const Json& value);

}  // namespace baton
