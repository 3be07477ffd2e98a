// The API server: turns HTTP requests into reads and writes of the store.
#pragma once

#include <mutex>
#include <string>

#include "tests/sandbox/call.h"
#include "tests/sandbox/kubelet.h"
#include "tests/sandbox/network.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

class Api {
 public:
  Api(Store& store, Network& network, const Kubelet& kubelet, const Clock& clock, std::string token)
      : store_(store), network_(network), kubelet_(kubelet), clock_(clock), token_(std::move(token)) {}

  const std::string& token() const { return token_; }
  /// Never throws: a refusal is a Status object.
  Answer answer(const Question& question) const;
  /// The one right that nobody has from now on: "PATCH services"; empty: everybody may do everything.
  void forbid(const std::string& right);

 private:
  Answer serve(const Question& question) const;
  Answer dispatch(const Call& call) const;
  void authorize(const Call& call) const;

  Answer read(const Call& call) const;
  Answer list(const Call& call) const;
  Answer watch(const Call& call) const;
  Answer create(const Call& call) const;
  Answer replace(const Call& call) const;
  Answer patch(const Call& call) const;
  Answer apply(const Call& call) const;
  Answer remove(const Call& call) const;
  Answer remove_all(const Call& call) const;
  Answer scale(const Call& call) const;
  Answer evict(const Call& call) const;
  Answer log(const Call& call) const;
  Answer proxy(const Call& call) const;
  Answer review(const Call& call) const;
  Answer metrics(const Call& call) const;

  Json remove_one(const Key& key, const Json& options, Mode mode) const;
  /// Stores what `change` makes of the object, after the checks of every write.
  Json rewrite(const Call& call, const std::function<Json(const Json& before)>& change) const;

  Store& store_;
  Network& network_;
  const Kubelet& kubelet_;
  const Clock& clock_;
  std::string token_;
  mutable std::mutex mutex_;
  std::string forbidden_ = {};
};

}  // namespace baton::sandbox
