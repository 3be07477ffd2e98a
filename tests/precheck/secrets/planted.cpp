// Written from PKWARE's APPNOTE 6.3.10: local head, content, central list.
#include "tests/precheck/secrets/planted.h"

#include "common/core/gzip.h"

namespace baton::test {
namespace {

std::string little(std::size_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, number >>= 8U) text.push_back(static_cast<char>(number & 0xFFU));
  return text;
}

}  // namespace

std::string zip_of(const std::string& name, const std::string& content, bool is_deflated) {
  // gzip's own head has ten bytes and its end eight; between them lies what zip wants.
  const auto packed = is_deflated ? gzip(content).substr(10) : content;
  const auto body = is_deflated ? packed.substr(0, packed.size() - 8) : packed;
  // The sum is not checked by what reads here.
  const auto fields = little(20, 2) + little(0, 2) + little(is_deflated ? 8 : 0, 2) + little(0, 4) + little(0, 4) +
                      little(body.size(), 4) + little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
  const auto local = "PK\x03\x04" + fields + name + body;
  const auto list = std::string("PK\x01\x02") + little(20, 2) + fields + little(0, 14) + name;
  return local + list + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) + little(list.size(), 4) +
         little(local.size(), 4) + little(0, 2);
}

}  // namespace baton::test
