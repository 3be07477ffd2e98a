// What a text says of itself: random, a word, or a stand-in for a secret.
#pragma once

#include <string_view>

namespace baton::precheck::secrets {

/// Shannon's, bits a byte.
double entropy(std::string_view text);
/// Bits a step under a model of the identifiers that people write (values_bigrams.cpp): words have about 3.5, random
/// text of letters and digits above 5. Says nothing of hexadecimal digits.
double strangeness(std::string_view text);
/// Above it 0.6 % of identifiers lie, and 98 % of random texts of 20 letters and digits.
constexpr double kStrange = 4.9;

/// EXAMPLE, ${NAME}, <password>, xxxx, 123456, a sample of some documentation: it stands where a secret would.
bool is_placeholder(std::string_view value);
/// A name of where the secret is: $NAME, {{ value }}, vault:…, process.env.NAME.
bool is_reference(std::string_view value);

}  // namespace baton::precheck::secrets
