// Reasons in our words.
#include "common/io/http/no_answer.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>

#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton {
namespace {

constexpr std::size_t kLongestReason = 200;

template <typename Wanted>
bool is(const Poco::Exception& error) {
  return dynamic_cast<const Wanted*>(&error) != nullptr;
}

/// OpenSSL writes "error:0A00045C:SSL routines::tlsv13 alert certificate required".
std::string tls_reason(const std::string& message) {
  const auto routine = message.rfind("::");
  return "TLS failed: " +
         printable(routine == std::string::npos ? message : message.substr(routine + 2), kLongestReason);
}

}  // namespace

NoAnswer no_answer(const Poco::Exception& error) {
  if (is<Poco::Net::NoMessageException>(error)) {
    return {.reason = "the connection was closed without an answer",
            .hint = "Look into the server's log; perhaps it expects https."};
  }
  if (is<Poco::Net::ConnectionResetException>(error) || is<Poco::Net::ConnectionAbortedException>(error))
    return {.reason = "the connection was reset", .hint = "Look into the server's log."};
  if (is<Poco::Net::SSLException>(error)) {
    return {.reason = tls_reason(error.message().empty() ? error.displayText() : error.message()),
            .hint = "Check that the port speaks TLS 1.2 or newer, and whether it wants a client certificate."};
  }
  if (is<Poco::Net::MessageException>(error) || is<Poco::SyntaxException>(error)) {
    return {.reason = "the answer is no HTTP: " + to_lower(printable(error.message(), kLongestReason)),
            .hint = "Check that the port speaks HTTP, and whether it expects https.",
            .is_lasting = true};
  }
  return {.reason = to_lower(printable(error.displayText(), kLongestReason)),
          .hint = "Check the network between here and there."};
}

std::optional<NoAnswer> bitten(const Watchdog& watchdog) {
  switch (watchdog.bite()) {
    case Watchdog::Bite::none:
      return std::nullopt;
    case Watchdog::Bite::stopped:
      return NoAnswer{.reason = "stopped", .code = ExitCode::interrupted};
    case Watchdog::Bite::deadline:
      return NoAnswer{.reason = "no complete answer within " + to_words(watchdog.limit()),
                      .hint = "Check whether the server is overloaded, or the network slow."};
    case Watchdog::Bite::silence:
      return NoAnswer{.reason = "nothing came for " + to_words(watchdog.silence()),
                      .hint = "Check whether the server hangs, or the network drops its packets."};
  }
  return std::nullopt;
}

Error to_error(const NoAnswer& failure, const std::string& url, const std::string& origin) {
  return {failure.code,
          "cannot reach '" + redact(failure.url.empty() ? url : failure.url) + "'" + in_brackets(origin) + ": " +
              failure.reason,
          failure.hint};
}

}  // namespace baton
