// The API server: turns HTTP requests into reads and writes of the store.
#pragma once

#include <string>

#include "tests/sandbox/access.h"
#include "tests/sandbox/call.h"
#include "tests/sandbox/kubelet.h"
#include "tests/sandbox/network.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

class Api {
 public:
  /// `page_size`: that a page of a list holds at most, whatever more is asked for; 0: as many as are asked for.
  Api(Store& store, Network& network, const Kubelet& kubelet, const Clock& clock, std::string token,
      std::size_t page_size)
      : store_(store),
        network_(network),
        kubelet_(kubelet),
        clock_(clock),
        token_(std::move(token)),
        page_size_(page_size) {}

  const std::string& token() const { return token_; }
  Access& access() { return access_; }
  /// Never throws: a refusal is a Status object.
  Answer answer(const Question& question) const;

 private:
  Answer serve(const Question& question) const;
  Answer dispatch(const Call& call) const;

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
  Answer summary(const Call& call) const;
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
  std::size_t page_size_;
  Access access_ = {};
};

}  // namespace baton::sandbox
