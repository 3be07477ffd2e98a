// In the place of how the C++ library makes its classic locale: 400 kB of facets for money, time, messages and wide
// characters, in two ABIs. Ours has what narrow streams and files ask for; whoever asks for another facet is told
// std::bad_cast. The class is declared in libstdc++'s own headers and as old as its ABI; GCC 12 gives it all members
// used here.
#include <locale>
#include <new>

namespace {

constexpr std::size_t kRoom = 64;  // facets that get a number later have one above those made here
const std::locale::facet* facets[kRoom];
const std::locale::facet* caches[kRoom];
char name[] = "C";
char* names[12] = {name};

/// In memory that is never given back: streams are written to until the very end.
template <typename T, typename... Given>
T* made(Given... given) {
  alignas(T) static unsigned char place[sizeof(T)];
  return new (place) T(given...);
}

}  // namespace

std::locale::_Impl::_Impl(std::size_t references) throw()
    : _M_refcount(static_cast<_Atomic_word>(references)),
      _M_facets(facets),
      _M_facets_size(kRoom),
      _M_caches(caches),
      _M_names(names) {
  const std::size_t kept = 1;
  _M_init_facet_unchecked(made<std::ctype<char>>(static_cast<const std::ctype_base::mask*>(nullptr), false, kept));
  _M_init_facet_unchecked(made<std::codecvt<char, char, std::mbstate_t>>(kept));
  auto* punctuation = made<std::__numpunct_cache<char>>(std::size_t{2});
  _M_init_facet_unchecked(made<std::numpunct<char>>(punctuation, kept));
  _M_init_facet_unchecked(made<std::num_get<char>>(kept));
  _M_init_facet_unchecked(made<std::num_put<char>>(kept));
  _M_caches[std::numpunct<char>::id._M_id()] = punctuation;
  _M_init_extra(nullptr);
}
