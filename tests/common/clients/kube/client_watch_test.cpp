// Watches that outlive disconnects, restarts and expired histories.
#include <atomic>

#include "common/clients/kube/client.h"
#include "tests/common/clients/kube/scene.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

std::string event(const std::string& type, const std::string& name, const std::string& version) {
  return R"({"type":")" + type + R"(","object":{"metadata":{"name":")" + name + R"(","uid":"uid-)" + name +
         R"(","resourceVersion":")" + version + "\"}}}\n";
}

/// More is announced than comes.
Answer cut_after(const std::string& body) {
  return {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body, .is_last = true};
}

std::string gone_event() {
  return R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}})"
         "\n";
}

bool is_watch(const Received& asked) { return asked.target.find("watch=true") != std::string::npos; }

class WatchTest : public KubeTest {
 protected:
  /// Runs a watch until `enough` events came; what it saw, as "TYPE name".
  std::vector<std::string> watch(const HttpServer& script, std::size_t enough, Duration patience = 10s) {
    std::vector<std::string> seen;
    Client kube = client(script);
    kube.watch(kPods, {.labels = "app=web"},
               [&](const WatchEvent& each) {
                 seen.push_back(each.type + " " + each.object["metadata"]["name"].string_or(""));
                 return seen.size() < enough;
               },
               patience, {});
    return seen;
  }
  std::atomic<int> watches_ = 0;
};

TEST_F(WatchTest, ListsThenFollows) {
  HttpServer script([](const Received& asked) {
    return is_watch(asked) ? Answer{.body = event("MODIFIED", "a", "8") + event("DELETED", "a", "9")} : list_of({"a"});
  });
  EXPECT_EQ(watch(script, 4), (std::vector<std::string>{"ADDED a", "SYNCED ", "MODIFIED a", "DELETED a"}));
  EXPECT_NE(script.received().at(1).target.find("resourceVersion=7"), std::string::npos);
  EXPECT_NE(script.received().at(1).target.find("labelSelector=app%3Dweb"), std::string::npos);
}

TEST_F(WatchTest, OneConnectionTakesHalfOfThePatienceAtMost) {
  const auto window_of = [&](Duration patience) {
    HttpServer script(
        [](const Received& asked) { return is_watch(asked) ? Answer{.body = event("ADDED", "a", "8")} : list_of({}); });
    watch(script, 2, patience);
    const std::string target = script.received().at(1).target;
    return target.substr(target.find("timeoutSeconds="), 17);
  };
  EXPECT_EQ(window_of(20s), "timeoutSeconds=10");
  EXPECT_EQ(window_of(10min), "timeoutSeconds=30");
}

TEST_F(WatchTest, GoesOnWhereADisconnectLeftIt) {
  HttpServer script([&](const Received& asked) {
    if (!is_watch(asked)) return list_of({"a"});
    if (++watches_ == 1) return cut_after(event("BOOKMARK", "", "20") + R"({"type":"ADDED","obj)");
    return Answer{.body = event("ADDED", "b", "21")};
  });
  EXPECT_EQ(watch(script, 3), (std::vector<std::string>{"ADDED a", "SYNCED ", "ADDED b"}));
  EXPECT_NE(script.received().at(2).target.find("resourceVersion=20"), std::string::npos) << "not from the bookmark";
}

TEST_F(WatchTest, ListsAnewWhenTheHistoryIsGone) {
  for (const bool by_status : {true, false}) {
    watches_ = 0;
    std::atomic<int> lists = 0;
    HttpServer script([&](const Received& asked) {
      if (!is_watch(asked)) return ++lists == 1 ? list_of({"a", "b"}) : list_of({"b", "c"}, "30");
      if (++watches_ == 1) return by_status ? status(410, "Expired", "too old") : Answer{.body = gone_event()};
      return Answer{.body = event("ADDED", "d", "31")};
    });
    EXPECT_EQ(watch(script, 8), (std::vector<std::string>{"ADDED a", "ADDED b", "SYNCED ", "DELETED a", "ADDED b",
                                                          "ADDED c", "SYNCED ", "ADDED d"}));
  }
}

TEST_F(WatchTest, AnObjectMadeAnewUnderTheSameNameIsAnother) {
  std::atomic<int> lists = 0;
  HttpServer script([&](const Received& asked) {
    if (is_watch(asked)) return Answer{.body = gone_event()};
    Answer reply = list_of({"a"});
    if (++lists == 2) reply.body.replace(reply.body.find("uid-a"), 5, "uid-z");
    return reply;
  });
  EXPECT_EQ(watch(script, 5), (std::vector<std::string>{"ADDED a", "SYNCED ", "DELETED a", "ADDED a", "SYNCED "}));
}

TEST_F(WatchTest, AServerThatStaysAwayEndsItsPatience) {
  HttpServer script([&](const Received&) { return status(500, "InternalError", "etcd is away"); });
  const Duration begin = clock_.monotonic();
  EXPECT_EQ(refusal_of([&] { watch(script, 1, 10s); }).status(), 500);
  EXPECT_GE(clock_.monotonic() - begin, 10s);
  EXPECT_LT(clock_.monotonic() - begin, 14s);
}

TEST_F(WatchTest, AMissingRightEndsItAtOnce) {
  HttpServer script(
      [&](const Received& asked) { return is_watch(asked) ? status(403, "Forbidden", "no") : list_of({}); });
  const ApiError error = refusal_of([&] { watch(script, 9); });
  EXPECT_NE(error.hint().find("'watch' on 'pods'"), std::string::npos);
  EXPECT_EQ(script.received().size(), 2U);
}

TEST_F(WatchTest, AGarbledEventIsADisconnect) {
  HttpServer script([&](const Received& asked) {
    if (!is_watch(asked)) return list_of({});
    return ++watches_ == 1 ? Answer{.body = "<html>\n"} : Answer{.body = event("ADDED", "a", "8")};
  });
  EXPECT_EQ(watch(script, 2), (std::vector<std::string>{"SYNCED ", "ADDED a"}));
}

TEST_F(WatchTest, AnExceptionOfTheListenerReachesTheCaller) {
  HttpServer script(
      [&](const Received& asked) { return is_watch(asked) ? Answer{.body = event("ADDED", "a", "8")} : list_of({}); });
  Client kube = client(script);
  const auto listen = [](const WatchEvent& each) {
    if (each.type == "ADDED") throw Error(ExitCode::unknown, "the pod is broken");
    return true;
  };
  EXPECT_STREQ(test::error_of([&] { kube.watch(kPods, {}, listen, 10s, {}); }).what(), "the pod is broken");
}

TEST_F(WatchTest, AStopEndsItWithoutAnError) {
  HttpServer script(
      [&](const Received& asked) { return is_watch(asked) ? Answer{.body = event("ADDED", "a", "8")} : list_of({}); });
  std::stop_source source;
  int seen = 0;
  client(script).watch(
      kPods, {}, [&](const WatchEvent&) { return ++seen < 2 || source.request_stop(); }, 10s, source.get_token());
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace baton::kube
