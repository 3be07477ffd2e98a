// Which URLs go through which proxy.
#include "common/io/http/proxy.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

std::string proxy_of(const std::string& url, std::map<std::string, std::string, std::less<>> environment) {
  const auto proxy = proxy_for(parse_url(url), Environment(std::move(environment)));
  return proxy ? proxy->authority() : "";
}

bool is_direct(const std::string& url, const std::string& no_proxy) {
  return proxy_of(url, {{"http_proxy", "p:1"}, {"no_proxy", no_proxy}}).empty();
}

TEST(ProxyTest, TakesTheVariableOfTheScheme) {
  EXPECT_EQ(proxy_of("http://h/", {{"http_proxy", "http://p:3128"}}), "p:3128");
  EXPECT_EQ(proxy_of("http://h/", {{"HTTP_PROXY", "p"}}), "p:80");
  EXPECT_EQ(proxy_of("http://h/", {{"https_proxy", "p"}}), "");
  EXPECT_EQ(proxy_of("https://h/", {{"HTTPS_PROXY", "p:8"}}), "p:8");
  EXPECT_EQ(proxy_of("https://h/", {{"https_proxy", "a:1"}, {"HTTPS_PROXY", "b:1"}}), "a:1");
  EXPECT_EQ(proxy_of("http://h/", {{"http_proxy", ""}}), "");
}

TEST(ProxyTest, NoProxyNamesHostsAndWhatIsBelowThem) {
  for (const std::string entry : {"example.com", ".example.com", "*.example.com", "x,EXAMPLE.com , y", "*"}) {
    EXPECT_TRUE(is_direct("http://example.com/", entry)) << entry;
    EXPECT_TRUE(is_direct("http://a.Example.com/", entry)) << entry;
  }
  for (const std::string entry : {"ample.com", "com.example", "a.example.com", "", ",", ".", "*."})
    EXPECT_FALSE(is_direct("http://example.com/", entry)) << entry;
}

TEST(ProxyTest, NoProxyNamesPorts) {
  EXPECT_TRUE(is_direct("http://h:81/", "h:81"));
  EXPECT_FALSE(is_direct("http://h:82/", "h:81"));
  EXPECT_TRUE(is_direct("http://[2001:db8::1]:81/", "[2001:db8::1]:81"));
  EXPECT_FALSE(is_direct("http://[2001:db8::1]:82/", "[2001:db8::1]:81"));
}

TEST(ProxyTest, NoProxyNamesAddressesAndNetworks) {
  EXPECT_TRUE(is_direct("http://10.96.0.1/", "10.0.0.0/8"));
  EXPECT_FALSE(is_direct("http://11.0.0.1/", "10.0.0.0/8"));
  EXPECT_TRUE(is_direct("http://192.0.2.7/", "192.0.2.7"));
  EXPECT_TRUE(is_direct("http://[2001:db8::1]/", "2001:DB8:0::1"));
  EXPECT_TRUE(is_direct("http://[fd00::5]/", "fd00::/8"));
}

TEST(ProxyTest, LoopbackNeverGoesThroughOne) {
  for (const std::string host : {"localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
    EXPECT_EQ(proxy_of("http://" + host + "/", {{"http_proxy", "p:1"}}), "") << host;
  EXPECT_EQ(proxy_of("http://127.example.com/", {{"http_proxy", "p:1"}}), "p:1");
}

}  // namespace
}  // namespace baton
