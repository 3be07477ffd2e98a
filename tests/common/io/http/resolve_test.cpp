// Names, also in a world whose /etc is ours.
#include "common/io/http/resolve.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "common/io/descriptor.h"
#include "common/io/files.h"
#include "common/io/http/no_answer.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

/// What resolve() says of `host`, or why it does not.
std::string resolved(const std::string& host, Duration limit = 20s) {
  const Watchdog watchdog(limit, limit, {});
  try {
    std::string all;
    for (const auto& address : resolve({.scheme = "http", .host = host, .port = 81}, watchdog))
      all += address.toString() + " ";
    return all;
  } catch (const Unanswered& failure) {
    return failure.why().reason;
  }
}

TEST(HttpResolveTest, ReadsAddresses) {
  EXPECT_EQ(resolved("192.0.2.1"), "192.0.2.1:81 ");
  EXPECT_EQ(resolved("2001:db8::1"), "[2001:db8::1]:81 ");
}

TEST(HttpResolveTest, KnowsLocalhost) {
  EXPECT_EQ(resolved("localhost"), "127.0.0.1:81 [::1]:81 ");
  EXPECT_EQ(resolved("a.localhost"), "127.0.0.1:81 [::1]:81 ");
}

/// Runs checks on a thread that sees files of ours in place of the machine's; nobody else does.
class OwnEtcTest : public testing::Test {
 protected:
  void run_inside(const std::string& resolv_conf, const std::function<void()>& check) {
    write_file(folder_.path() / "hosts", "192.0.2.7 many.example\n192.0.2.8 many.example\n2001:db8::9 many.example\n");
    write_file(folder_.path() / "resolv.conf", resolv_conf);
    write_file(folder_.path() / "nsswitch.conf", "hosts: files dns\n");
    bool is_inside = false;
    std::thread([&] {
      is_inside = enter();
      if (is_inside) check();
    }).join();
    if (!is_inside) GTEST_SKIP() << "mounts are not allowed here";
  }

 private:
  bool enter() const {
    bool is_done = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    for (const std::string file : {"hosts", "resolv.conf", "nsswitch.conf"}) {
      const fs::path own = folder_.path() / file;
      is_done = is_done && ::mount(own.c_str(), ("/etc/" + file).c_str(), nullptr, MS_BIND, nullptr) == 0;
    }
    return is_done;
  }

  TempFolder folder_;
};

TEST_F(OwnEtcTest, ReturnsAllAddressesOfAName) {
  run_inside("nameserver 127.0.0.76\n", [] {
    const std::string all = resolved("many.example");
    for (const std::string address : {"192.0.2.7:81", "192.0.2.8:81", "[2001:db8::9]:81"})
      EXPECT_NE(all.find(address), std::string::npos) << all;
  });
}

TEST_F(OwnEtcTest, KnowsLocalhostWithoutAHostsFile) {
  run_inside("nameserver 127.0.0.76\n", [] {
    EXPECT_EQ(resolved("localhost"), "127.0.0.1:81 [::1]:81 ");
    EXPECT_EQ(resolved("elsewhere.example"), "its name could not be resolved") << "nobody listens there";
  });
}

/// A name server that hears every question and answers none.
struct SilentNameServer {
  Descriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  bool is_there = false;
  SilentNameServer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(53);
    address.sin_addr.s_addr = htonl(0x7F00004D);  // 127.0.0.77
    is_there = ::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
};

TEST_F(OwnEtcTest, GivesUpInTimeWhenTheNameServerIsSilent) {
  const SilentNameServer server;
  if (!server.is_there) GTEST_SKIP() << "port 53 of 127.0.0.77 is not to be had";
  run_inside("nameserver 127.0.0.77\noptions timeout:2 attempts:1\n", [] {
    SystemClock clock;
    const Duration begin = clock.monotonic();
    EXPECT_EQ(resolved("shop.example", 200ms), "its name was not resolved in time");
    EXPECT_LT(clock.monotonic() - begin, 1500ms);
  });
}

}  // namespace
}  // namespace baton
