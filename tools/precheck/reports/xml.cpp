// The home of Poco's SAX parser.
#include "tools/precheck/reports/xml.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DeclHandler.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/InputSource.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <exception>
#include <streambuf>
#include <unordered_set>
#include <vector>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::precheck {
namespace {

// Reports are flat and know some thirty names. The parser keeps each open element, attribute and name in memory.
constexpr int kMaxDepth = 200;
constexpr int kMaxAttributes = 200;
constexpr std::size_t kMaxNames = 1000;
constexpr std::size_t kMaxNameBytes = 1000;
constexpr std::size_t kMaxToken = 1U << 20U;

[[noreturn]] void refuse(const std::string& why) { throw Poco::XML::SAXException(why); }

/// Expat is C and calls us: what is thrown waits until it has come back, and nothing more is told meanwhile.
class Handler final : public Poco::XML::DefaultHandler, public Poco::XML::DeclHandler {
 public:
  using String = Poco::XML::XMLString;
  explicit Handler(const XmlEvents& events) : events_(events) {}

  void startElement(const String&, const String&, const String& name, const Poco::XML::Attributes& given) override {
    tell([&] {
      if (++depth_ > kMaxDepth) refuse("nested deeper than 200");
      if (given.getLength() > kMaxAttributes) refuse("a tag has more than 200 attributes");
      learn(name);
      attributes_.clear();
      for (int i = 0; i < given.getLength(); ++i) {
        learn(given.getQName(i));
        attributes_.push_back({given.getQName(i), given.getValue(i)});
      }
      events_.start(name, XmlAttributes(attributes_), depth_);
    });
  }
  void endElement(const String&, const String&, const String& name) override {
    tell([&] { events_.end(name, depth_--); });
  }
  void characters(const Poco::XML::XMLChar* text, int start, int length) override {
    tell([&] { events_.text({text + start, static_cast<std::size_t>(length)}); });
  }
  void processingInstruction(const String&, const String&) override { unheard_ = 0; }

  // No producer of reports declares entities; a short one can stand for gigabytes of an attribute.
  void internalEntityDecl(const String&, const String&) override { refuse_entity(); }
  void externalEntityDecl(const String&, const String*, const String&) override { refuse_entity(); }
  void attributeDecl(const String&, const String&, const String*, const String*) override {}
  void elementDecl(const String&, const String&) override {}

  /// Expat reads an unfinished tag, comment or declaration anew with each piece: one without end would take hours.
  void expect_bytes(std::size_t count) {
    unheard_ += count;
    if (unheard_ > kMaxToken) refuse("a tag, comment or declaration is longer than 1 MiB");
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  template <typename Event>
  void tell(Event event) {
    unheard_ = 0;
    if (failure_) return;
    try {
      event();
    } catch (const std::exception&) {
      failure_ = std::current_exception();
    }
  }
  void refuse_entity() {
    tell([] { refuse("it declares an entity"); });
  }
  void learn(const String& name) {
    if (names_.contains(name)) return;
    if (name.size() > kMaxNameBytes) refuse("a name is longer than 1000 bytes");
    if (names_.size() == kMaxNames) refuse("more than 1000 different names of tags and attributes");
    names_.insert(name);
  }

  const XmlEvents& events_;
  std::vector<XmlAttributes::Attribute> attributes_ = {};
  std::unordered_set<String> names_ = {};
  int depth_ = 0;
  std::size_t unheard_ = 0;  ///< bytes that were pulled since something was told
  std::exception_ptr failure_ = {};
};

/// The bytes on their way into the parser.
class Feed final : public std::streambuf {
 public:
  Feed(std::istream& bytes, Handler& handler) : bytes_(bytes), handler_(handler) {}

 protected:
  int_type underflow() override {
    handler_.rethrow();  // here no C stands between: the parser gets nothing more to keep in memory
    bytes_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    const auto length = static_cast<std::size_t>(bytes_.gcount());
    handler_.expect_bytes(length);
    setg(piece_.data(), piece_.data(), piece_.data() + length);
    return length == 0 ? traits_type::eof() : traits_type::to_int_type(piece_.front());
  }

 private:
  std::istream& bytes_;
  Handler& handler_;
  std::array<char, 16U << 10U> piece_ = {};
};

void prepare(Poco::XML::SAXParser& parser, Handler& handler) {
  parser.setContentHandler(&handler);
  parser.setProperty(Poco::XML::XMLReader::PROPERTY_DECLARATION_HANDLER,
                     static_cast<Poco::XML::DeclHandler*>(&handler));
  parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
  parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
  parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
}

/// What a handler refused came before what the parser then stumbles over.
void parse(Poco::XML::SAXParser& parser, std::istream& bytes, const Handler& handler) {
  Poco::XML::InputSource source(bytes);
  try {
    parser.parse(&source);
  } catch (const Poco::Exception&) {
    handler.rethrow();
    throw;
  }
  handler.rethrow();
}

}  // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const {
  const auto found = std::ranges::find(attributes_, name, &Attribute::name);
  if (found == attributes_.end()) return std::nullopt;
  return found->value;
}

std::optional<double> XmlAttributes::number(std::string_view name) const {
  const auto text = find(name);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  const bool is_number = error == std::errc{} && end == text->data() + text->size();
  return is_number && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

std::vector<std::string> XmlAttributes::names() const {
  std::vector<std::string> all;
  for (const auto& attribute : attributes_) all.emplace_back(attribute.name);
  return all;
}

void parse_xml(std::istream& bytes, std::string_view name, const XmlEvents& events) {
  Handler handler(events);
  Poco::XML::SAXParser parser;
  prepare(parser, handler);
  Feed feed(bytes, handler);
  std::istream fed(&feed);
  fed.exceptions(std::ios::badbit);  // what is thrown on the way comes through
  try {
    parse(parser, fed, handler);
  } catch (const Poco::Exception& error) {
    throw Error(ExitCode::unknown, std::string(name) + ": not XML: " + printable(error.displayText(), 200),
                "Build the report again.");
  }
}

bool XmlRoot::has(std::string_view attribute) const {
  return std::ranges::find(attributes, attribute) != attributes.end();
}

XmlRoot xml_beginning(std::string_view head) {
  XmlRoot root;
  const XmlEvents events{.start = [&](const std::string& name, const XmlAttributes& attributes, int) {
    if (!root.name.empty()) return;
    root = {.name = name, .attributes = attributes.names()};
  }};
  Handler handler(events);
  Poco::XML::SAXParser parser;
  prepare(parser, handler);
  try {
    parser.parseMemoryNP(head.data(), head.size());
  } catch (const Poco::Exception&) {
    return root;  // a beginning is never whole: what matters is whether the root was told before it ended
  }
  return root;
}

std::string xml_root(std::string_view head) { return xml_beginning(head).name; }

}  // namespace baton::precheck
