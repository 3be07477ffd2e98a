// What a file's name says of its content: where names and values are no evidence.
#pragma once

#include <string_view>

namespace baton::precheck::secrets {

struct FileKind {
  bool is_lock = false;    ///< of a package manager: full of digests
  bool is_sample = false;  ///< ".env.example": values stand for others
  bool is_test = false;    ///< a folder of tests, fixtures or examples: what is in it is seldom live
  bool is_plain = false;   ///< values need no quotes there: YAML, .env, INI, shell
};

/// Of a path, also one in an archive.
FileKind kind_of(std::string_view path);

}  // namespace baton::precheck::secrets
