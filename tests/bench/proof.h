// The data plane's proof, over plain HTTP and over TLS, and the address that it asks.
#pragma once

#include <string>

namespace baton {

/// What stands before a fleet whose release arrived: says its version on every connection. Prints its URL, and for each
/// line of the standard input how it was asked; until that ends. Whom "https" is signed by stands in
/// `folder`/front.pem. An answer comes after as many round trips of 50 ms as it takes: two, over TLS three.
void keep_front(const std::string& scheme, const std::string& folder);
/// As switch proves that 500 pods arrived and 500 left; prints seconds and answers. Throws where it is not proved.
void prove(const std::string& url);

}  // namespace baton
