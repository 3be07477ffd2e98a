// The home of Poco's SAX parser.
#include "tools/precheck/reports/xml.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

constexpr int kMaxDepth = 200;

class Handler final : public Poco::XML::DefaultHandler {
 public:
  explicit Handler(const XmlEvents& events) : events_(events) {}

  void startElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&, const Poco::XML::XMLString& name,
                    const Poco::XML::Attributes& given) override {
    if (++depth_ > kMaxDepth) throw Poco::XML::SAXException("nested deeper than 200");
    XmlAttributes attributes;
    for (int i = 0; i < given.getLength(); ++i) attributes[given.getQName(i)] = given.getValue(i);
    events_.start(name, attributes, depth_);
  }
  void endElement(const Poco::XML::XMLString&, const Poco::XML::XMLString&, const Poco::XML::XMLString& name) override {
    events_.end(name, depth_--);
  }

 private:
  const XmlEvents& events_;
  int depth_ = 0;
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
  } catch (const Poco::Exception& error) {
    throw Error(ExitCode::unknown, std::string(name) + ": not XML: " + printable(error.displayText(), 200),
                "Build the report again.");
  }
}

}  // namespace baton::precheck
