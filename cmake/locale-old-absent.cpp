// What locale-absent.cpp leaves to the ABI of before GCC 5, by which the library's own num_get and num_put were
// compiled.
#define _GLIBCXX_USE_CXX11_ABI 0  // NOLINT(bugprone-reserved-identifier): the library's own switch
#include <locale>
#include <new>

namespace {

template <typename T, typename... Given>
T* made(Given... given) {
  alignas(T) static unsigned char place[sizeof(T)];
  return new (place) T(given...);
}

}  // namespace

void std::locale::_Impl::_M_init_extra(facet** /*of the whole library*/) {
  auto* punctuation = made<std::__numpunct_cache<char>>(std::size_t{2});
  _M_init_facet_unchecked(made<std::numpunct<char>>(punctuation, std::size_t{1}));
  _M_caches[std::numpunct<char>::id._M_id()] = punctuation;
}
