// One repository of one registry, asked until it has told what it knows. Only the client uses it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/clients/registry/image.h"
#include "common/clients/registry/reference.h"
#include "common/core/error.h"
#include "common/io/env.h"
#include "common/io/http/client.h"
#include "common/io/unpack/decoder.h"

namespace baton::registry {

/// What repositories were last given as Authorization. Safe from several threads.
class Logins {
 public:
  std::string find(const Reference& reference) const;
  void keep(const Reference& reference, std::string authorization);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> by_repository_ = {};
};

struct Fetched {
  std::string digest;  ///< of the bytes
  std::string media_type;
  Json body;
};

class Repository {
 public:
  /// All but the token are used until it goes.
  Repository(HttpClient& http, const Environment& environment, const Reference& reference, Logins& logins,
             bool is_plain, std::stop_token stop);

  /// A manifest, its digest checked; nothing where the registry says that it has none of that name.
  std::optional<Fetched> fetch(std::string_view tag_or_digest);
  /// Hands on the bytes of a blob as they come; only when this returns are they known to be those of the digest.
  void blob(const Descriptor& part, const TakeBytes& take);
  /// "registry.example.com/shop"
  std::string name() const;

 private:
  HttpRequest request_for(std::string_view kind, std::string_view name) const;
  std::string authorize_after(const HttpResponse& refused);
  HttpResponse send(HttpRequest request);
  HttpResponse stream(const HttpRequest& request, const TakeBytes& take);
  Error refusal(const HttpResponse& answer, std::string_view name) const;

  HttpClient& http_;
  const Environment& environment_;
  const Reference& reference_;
  Logins& logins_;
  bool is_plain_;
  std::stop_token stop_;
};

}  // namespace baton::registry
