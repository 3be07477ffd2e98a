// A container's log as it comes in: line by line, each with its time.
#include <fmt/format.h>

#include <algorithm>

#include "common/clients/kube/call.h"
#include "common/clients/kube/client_state.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxLine = 64U << 10U;
constexpr Duration kIdle = 15s;

class Lines {
 public:
  Lines(std::string_view pod, const LogLine& take) : pod_(pod), take_(take) {}

  void add(std::string_view piece) {
    bytes_ += piece.size();
    for (std::size_t end = 0; (end = piece.find('\n')) != std::string_view::npos; piece.remove_prefix(end + 1)) {
      keep(piece.substr(0, end));
      hand_over();
    }
    keep(piece);
  }
  void finish() {
    if (!line_.empty()) hand_over();
  }
  std::size_t bytes() const { return bytes_; }

 private:
  void keep(std::string_view piece) { line_ += piece.substr(0, kMaxLine - std::min(kMaxLine, line_.size())); }

  /// "2026-03-01T12:00:00.123456789Z text"
  void hand_over() {
    const std::string_view line = line_;
    const auto blank = std::min(line.find(' '), line.size());
    const auto time = parse_rfc3339(line.substr(0, blank));
    if (!time) {
      throw Error(ExitCode::unknown, fmt::format("what the API server gives for the log of pod '{}' is none: '{}'",
                                                 pod_, printable(line, 200)));
    }
    const auto text = line.substr(std::min(blank + 1, line.size()));
    take_(*time, text.ends_with('\r') ? text.substr(0, text.size() - 1) : text);
    line_.clear();
  }

  std::string pod_;
  const LogLine& take_;
  std::string line_ = {};
  std::size_t bytes_ = 0;
};

}  // namespace

bool Client::visit_log(std::string_view pod, std::string_view container, const LogPart& part, const LogLine& take,
                       std::stop_token stop) {
  ApiServer& server = state_->server;
  // One byte more tells a log that ends there from one that goes on.
  const Call call{
      .verb = "get",
      .resource = kPods,
      .name = std::string(pod),
      .subresource = "log",
      .query = fmt::format("container={}&timestamps=true&limitBytes={}&previous={}{}", percent_encode(container),
                           part.max_bytes + 1, part.run == ContainerRun::previous,
                           part.last_lines > 0 ? fmt::format("&tailLines={}", part.last_lines) : "")};
  Lines lines(pod, take);
  const auto answer = server.stream(
      {.url = path_of(call, server.cluster())},
      [&](std::string_view piece) {
        lines.add(piece);
        return lines.bytes() <= part.max_bytes;
      },
      kIdle, stop);
  if (!answer.is_success()) throw refusal(answer, call, server.cluster());
  const bool is_whole = lines.bytes() <= part.max_bytes;
  if (is_whole) lines.finish();  // else it may end within a time
  return is_whole;
}

}  // namespace baton::kube
