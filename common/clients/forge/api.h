// The HTTP that forges have in common: JSON in pages, tokens, limits. Only forges use it.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/core/json.h"
#include "common/io/http/client.h"

namespace baton::forge {

class Api {
 public:
  /// `title` is what the forge is called in errors, `base` what every path is added to.
  Api(HttpClient http, std::string title, std::string base, Headers headers, std::string hint);

  /// Throws Error{unknown} on any status but 2xx and on what is no JSON.
  Json ask(const std::string& path, std::stop_token stop);
  /// Nothing where the forge does not show it to us: 401, 403 without a limit, 404.
  std::optional<Json> ask_if_shown(const std::string& path, std::stop_token stop);
  /// Every item of a list that comes in pages of 100; `list` finds it in a page. Throws Error{unknown} on more than 20.
  void visit(const std::string& path, const std::function<const Json&(const Json& page)>& list,
             const std::function<void(const Json& item)>& take, std::stop_token stop);

 private:
  HttpResponse send(const std::string& path, std::stop_token stop);
  Json parsed(const HttpResponse& answer, const std::string& path) const;

  HttpClient http_;
  std::string title_;
  std::string base_;
  Headers headers_;
  std::string hint_;  ///< what to do about a refusal
};

/// The list itself is the page.
const Json& whole_page(const Json& page);

}  // namespace baton::forge
