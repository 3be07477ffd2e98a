// Builds the table of keys: one line a key, bound to the field it fills.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/config/codec.h"
#include "common/config/keys.h"
#include "common/config/placeholders.h"
#include "common/config/words.h"
#include "common/core/redact.h"

namespace baton::config {

/// A range: what must hold, how it is called in messages, what it adds to the schema.
template <typename T>
struct Check {
  std::function<bool(const T&)> holds = {};
  std::string expected = {};
  Json schema = Json::object();
};

/// Adds keys whose fields lie in one struct; `at` gives that struct of a Config, const or not.
template <typename At>
class Section {
 public:
  /// `readers` are the steps that use these keys; none: all.
  Section(std::vector<Key>& all, std::string prefix, At at, Readers readers = {})
      : all_(all), prefix_(std::move(prefix)), at_(at), readers_(std::move(readers)) {}

  template <typename S, typename T>
  Key& key(std::string_view name, std::string_view help, T S::*field, const Check<T>& check = {}) const {
    const auto read = [at = at_, field, check](Config& config, const Source& source, const YamlNode& node) {
      T value = Codec<T>::read(source, node);
      if (check.holds && !check.holds(value)) source.expected(node, check.expected);
      at(config).*field = std::move(value);
    };
    Json schema = Codec<T>::schema();
    for (const auto& [keyword, value] : check.schema.members()) schema[keyword] = value;
    return add(name, help, std::move(schema), read,
               [at = at_, field](const Config& config) { return Codec<T>::show(at(config).*field); });
  }

  /// Printed without its password; {{…}} is not filled.
  template <typename S>
  void url(std::string_view name, std::string_view help, std::string S::*field) const {
    Key& made = key(name, help, field);
    made.show = [show = made.show](const Config& config) { return Json(redact(show(config).string())); };
    fills(made, {});
  }

  /// Printed as ***.
  template <typename S>
  void secret(std::string_view name, std::string_view help, std::string S::*field) const {
    key(name, help, field).show = [at = at_, field](const Config& config) {
      return Json((at(config).*field).empty() ? "" : "***");
    };
  }

  template <typename S>
  void word(std::string_view name, std::string_view help, std::string S::*field, const Words& words) const {
    const auto read = [at = at_, field, words](Config& config, const Source& source, const YamlNode& node) {
      at(config).*field = words.read(source, node);
    };
    add(name, help, words.schema(), read, [at = at_, field](const Config& config) { return Json(at(config).*field); });
  }

  /// A truth that the file spells as one of two words.
  template <typename S>
  void either(std::string_view name, std::string_view help, bool S::*field, const std::string& yes,
              const std::string& no) const {
    const Words words{{yes, no}};
    const auto read = [at = at_, field, words, yes](Config& config, const Source& source, const YamlNode& node) {
      at(config).*field = words.read(source, node) == yes;
    };
    add(name, help, words.schema(), read,
        [at = at_, field, yes, no](const Config& config) { return Json(at(config).*field ? yes : no); });
  }

  /// A choice of which this version has one.
  void only(std::string_view name, std::string_view help, const std::string& value,
            std::function<bool(std::string_view)> is_later) const {
    const Words words{{value}, std::move(is_later)};
    const auto read = [words](Config&, const Source& source, const YamlNode& node) { words.read(source, node); };
    add(name, help, words.schema(), read, [value](const Config&) { return Json(value); });
  }

  /// Lets the key hold these placeholders and no others.
  static void fills(Key& key, std::span<const std::string_view> names) {
    forbid_placeholders(key.schema, names);
    key.read = [read = key.read, names](Config& config, const Source& source, const YamlNode& node) {
      check_placeholders(source, node, names);
      read(config, source, node);
    };
  }

 private:
  Key& add(std::string_view name, std::string_view help, Json schema, decltype(Key::read) read,
           decltype(Key::show) show) const {
    all_.push_back({.path = prefix_ + std::string(name),
                    .help = std::string(help),
                    .readers = readers_,
                    .schema = std::move(schema),
                    .read = std::move(read),
                    .show = std::move(show)});
    return all_.back();
  }

  std::vector<Key>& all_;
  std::string prefix_;
  At at_;
  Readers readers_;
};

}  // namespace baton::config
