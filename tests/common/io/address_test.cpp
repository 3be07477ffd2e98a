// Addresses and networks.
#include "common/io/address.h"

#include <gtest/gtest.h>

#include <string>

namespace baton {
namespace {

TEST(AddressTest, TellsAddressesFromNames) {
  for (const std::string text : {"127.0.0.1", "::1", "2001:db8::1", "::ffff:1.2.3.4"}) EXPECT_TRUE(is_ip_address(text));
  for (const std::string text : {"", "localhost", "1.2.3", "1.2.3.4.5", "[::1]", "1.2.3.256", "12"})
    EXPECT_FALSE(is_ip_address(text)) << text;
}

TEST(AddressTest, LoopbackIsNoMatterOfSpelling) {
  for (const std::string host : {"localhost", "LocalHost", "x.localhost", "127.0.0.1", "127.255.0.1", "::1", "0::1"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const std::string host : {"127.0.0.1.example.com", "127.example", "localhost.example", "10.0.0.1", "::2", ""})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(AddressTest, NetworksEndAtTheirBit) {
  EXPECT_TRUE(is_in_network("10.127.255.255", "10.0.0.0/9"));
  EXPECT_FALSE(is_in_network("10.128.0.0", "10.0.0.0/9"));
  EXPECT_TRUE(is_in_network("192.0.2.1", "192.0.2.1/32"));
  EXPECT_FALSE(is_in_network("192.0.2.2", "192.0.2.1/32"));
  EXPECT_TRUE(is_in_network("8.8.8.8", "0.0.0.0/0"));
  EXPECT_FALSE(is_in_network("2001:db8::1", "0.0.0.0/0"));
  EXPECT_TRUE(is_in_network("2001:db8:ffff::", "2001:db8::/32"));
  EXPECT_FALSE(is_in_network("2001:db9::", "2001:db8::/32"));
  EXPECT_TRUE(is_in_network("::ffff:10.1.1.1", "10.0.0.0/8")) << "an IPv4 address in IPv6 clothes";
}

TEST(AddressTest, NonsenseHoldsNothing) {
  for (const std::string network : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "a/8"})
    EXPECT_FALSE(is_in_network("10.0.0.1", network)) << network;
  EXPECT_FALSE(is_in_network("ten", "0.0.0.0/0"));
}

}  // namespace
}  // namespace baton
