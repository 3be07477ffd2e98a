// Header names and values.
#include "common/io/http/headers.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace

void check_head(const HttpRequest& request) {
  constexpr std::string_view kForbidden("\r\n\0", 3);
  if (!is_token(request.method)) {
    throw Error(ExitCode::usage, "'" + printable(request.method, 60) + "' is no HTTP method",
                "Write one like GET or POST.");
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) {
      throw Error(ExitCode::usage, "'" + printable(name, 60) + "' is no name of a header",
                  "Use letters, digits and '-' only.");
    }
    if (value.find_first_of(kForbidden) != std::string::npos) {
      throw Error(ExitCode::usage, "header '" + name + "' holds a line end or a zero byte",
                  "Remove it from the configured value.");
    }
  }
}

bool is_same_header(std::string_view one, std::string_view other) {
  return one.size() == other.size() && starts_with_icase(one, other);
}

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return is_same_header(header.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

std::string HttpResponse::header(std::string_view name) const {
  const std::string* value = find_header(headers, name);
  return value == nullptr ? std::string{} : *value;
}

}  // namespace baton
