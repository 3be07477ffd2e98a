// The alphabets that secrets are made of, by the names that rules.txt gives them.
#pragma once

#include <bitset>
#include <string>
#include <string_view>

namespace baton::precheck::secrets {

/// Which bytes belong to it.
using CharClass = std::bitset<256>;

inline bool has(const CharClass& set, char byte) { return set[static_cast<unsigned char>(byte)]; }

/// "hex", "alnum", "b64url" …; "setAQgw": the letters after "set". Throws Error{error} on another name.
CharClass char_class(std::string_view name);
/// As a regular expression writes it: "[\x30-\x39]".
std::string class_pattern(const CharClass& set);

}  // namespace baton::precheck::secrets
