// JSON text that every reader takes: shortest exact numbers, valid UTF-8 only.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"

namespace baton {
namespace {

bool is_plain(char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

void write_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\r':
      out += "\\r";
      break;
    default:
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
  }
}

void write_string(std::string& out, std::string_view text) {
  if (!is_utf8(text)) throw Error(ExitCode::error, "text is not valid UTF-8 and cannot be written as JSON");
  out += '"';
  while (true) {
    const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, end);
    if (end == text.size()) break;
    write_escape(out, text[end]);
    text.remove_prefix(end + 1);
  }
  out += '"';
}

void write_number(std::string& out, const Json& value) {
  char text[64];
  if (value.is_integer()) {
    out.append(text, std::to_chars(text, text + sizeof text, value.integer()).ptr);
    return;
  }
  if (!std::isfinite(value.number()))
    throw Error(ExitCode::error, "a number that is not finite cannot be written as JSON");
  std::string digits(text, std::to_chars(text, text + sizeof text, value.number()).ptr);
  // What was a floating point number stays one when it is read again.
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  out += digits;
}

class Writer {
 public:
  explicit Writer(bool pretty) : pretty_(pretty) {}

  void write(const Json& value, int depth = 0) {
    if (value.is_object()) return object(value, depth);
    if (value.is_array()) return array(value, depth);
    if (value.is_string()) return write_string(out_, value.string());
    if (value.is_number()) return write_number(out_, value);
    if (value.is_bool()) {
      out_ += value.boolean() ? "true" : "false";
      return;
    }
    out_ += "null";
  }
  std::string take() { return std::move(out_); }

 private:
  void line(int depth) {
    if (pretty_) out_.append("\n").append(static_cast<std::size_t>(depth) * 2, ' ');
  }
  void object(const Json& value, int depth) {
    out_ += '{';
    const char* separator = "";
    for (const auto& [key, member] : value.members()) {
      out_ += separator;
      separator = ",";
      line(depth + 1);
      write_string(out_, key);
      out_ += pretty_ ? ": " : ":";
      write(member, depth + 1);
    }
    if (value.size() > 0) line(depth);
    out_ += '}';
  }
  void array(const Json& value, int depth) {
    out_ += '[';
    const char* separator = "";
    for (const auto& item : value.items()) {
      out_ += separator;
      separator = ",";
      line(depth + 1);
      write(item, depth + 1);
    }
    if (value.size() > 0) line(depth);
    out_ += ']';
  }

  bool pretty_;
  std::string out_;
};

}  // namespace

Json json_list(const std::vector<std::string>& texts) {
  return json_list(texts, [](const std::string& text) { return Json(text); });
}

std::string to_text(const Json& value) {
  Writer writer(/*pretty=*/false);
  writer.write(value);
  return writer.take();
}

std::string to_pretty_text(const Json& value) {
  Writer writer(/*pretty=*/true);
  writer.write(value);
  return writer.take() + "\n";
}

}  // namespace baton
