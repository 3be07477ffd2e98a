// The home of Poco's SAX parser.
#include "tools/precheck/reports/xml.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <exception>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::precheck {
namespace {

constexpr int kMaxDepth = 200;

/// Expat is C and calls us: what is thrown waits until it has come back, and nothing more is told meanwhile.
class Handler final : public Poco::XML::DefaultHandler {
 public:
  explicit Handler(const XmlEvents& events) : events_(events) {}

  void startElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&, const Poco::XML::XMLString& name,
                    const Poco::XML::Attributes& given) override {
    tell([&] {
      if (++depth_ > kMaxDepth) throw Poco::XML::SAXException("nested deeper than 200");
      XmlAttributes attributes;
      for (int i = 0; i < given.getLength(); ++i) attributes[given.getQName(i)] = given.getValue(i);
      events_.start(name, attributes, depth_);
    });
  }
  void endElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&, const Poco::XML::XMLString& name) override {
    tell([&] { events_.end(name, depth_--); });
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  template <typename Event>
  void tell(Event event) {
    if (failure_) return;
    try {
      event();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  const XmlEvents& events_;
  int depth_ = 0;
  std::exception_ptr failure_ = {};
};

}  // namespace

void parse_xml(std::string_view text, std::string_view name, const XmlEvents& events) {
  Handler handler(events);
  Poco::XML::SAXParser parser;
  parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
  parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
  parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
  parser.setContentHandler(&handler);
  try {
    parser.parseMemoryNP(text.data(), text.size());
    handler.rethrow();
  } catch (const Poco::Exception& error) {
    throw Error(ExitCode::unknown, std::string(name) + ": not XML: " + printable(error.displayText(), 200),
                "Build the report again.");
  }
}

}  // namespace baton::precheck
