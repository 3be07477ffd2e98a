// libs: baton_io — URLs, the places redirects name, and NO_PROXY.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/core/error.h"
#include "common/io/http/proxy.h"
#include "common/io/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::string first = text.substr(0, text.find('\n'));
  const std::string rest = text.substr(std::min(first.size() + 1, text.size()));
  try {
    const baton::Url url = baton::parse_url(first);
    // What was taken apart can be put together and is the same again.
    const baton::Url again = baton::parse_url(url.scheme + "://" + url.authority() + url.path_and_query);
    if (!again.is_same_origin(url) || again.path_and_query != url.path_and_query) __builtin_trap();
    baton::percent_decode(url.user_info);
    const baton::Environment environment({{"http_proxy", rest}, {"https_proxy", "p:1"}, {"no_proxy", rest}});
    baton::proxy_for(url, environment);
    baton::parse_url(baton::resolve_location(url, rest));
  } catch (const baton::Error&) {
    // every bad URL is refused this way
  }
  return 0;
}
