// Why no answer came: within the client it has no URL yet that an Error could name.
#pragma once

#include <Poco/Exception.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "common/core/error.h"
#include "common/io/http/watchdog.h"

namespace baton {

struct NoAnswer {
  std::string reason;
  std::string hint = {};
  bool is_lasting = false;  ///< another attempt would end the same way
  std::string url = {};     ///< where, when it is not the request's own: after a redirect
  ExitCode code = ExitCode::unknown;
};

/// Thrown inside the client only.
class Unanswered final : public std::exception {
 public:
  explicit Unanswered(NoAnswer why) : why_(std::move(why)) {}
  const NoAnswer& why() const { return why_; }
  const char* what() const noexcept override { return why_.reason.c_str(); }

 private:
  NoAnswer why_;
};

NoAnswer no_answer(const Poco::Exception& error);
/// What the watchdog bit for, if it did: what a call on its socket says then is only the echo.
std::optional<NoAnswer> bitten(const Watchdog& watchdog);
/// "cannot reach 'http://h/' (metrics.prometheus, baton.yaml:3:24): connection refused", with secrets left out; no
/// brackets without an `origin`.
Error to_error(const NoAnswer& failure, const std::string& url, const std::string& origin);

/// Runs `work`; whatever goes wrong on the wire leaves it as Unanswered at `url`.
template <typename Work>
auto on_the_wire(const std::string& url, const Watchdog& watchdog, Work work) {
  const auto located = [&](const NoAnswer& seen) {
    NoAnswer failure = bitten(watchdog).value_or(seen);
    failure.url = url;
    return Unanswered(failure);
  };
  try {
    return work();
  } catch (const Poco::Exception& error) {
    throw located(no_answer(error));
  } catch (const Unanswered& unanswered) {
    throw located(unanswered.why());
  }
}

}  // namespace baton
