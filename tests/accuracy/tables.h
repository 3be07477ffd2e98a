// Tables of shares: a row a world, a column a question to each of its windows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/judge/proportions.h"
#include "tests/accuracy/judged.h"

namespace baton::accuracy {

struct Column {
  std::string name;
  std::function<bool(const Judged&)> test;
  double ceiling = 100;  ///< percent of quiet windows
};
/// Of windows in which nothing changed: false rollbacks and warnings.
const std::vector<Column>& quiet_columns();
/// Of windows with a fault: what was rolled back within a time of its begin, and not before.
std::vector<Column> found_columns(const Fault& fault);
/// The first of them: how soon.
std::vector<Column> times_found(const Fault& fault);
/// As if the rule were the only one.
std::vector<Judged> found_by(const std::string& rule, std::vector<Judged> judged);

judge::Share share_in(const std::vector<Judged>& judged, const Column& column);
std::string text_of(const std::vector<Judged>& judged, const Column& column);
std::string head(const std::string& first, const std::vector<Column>& columns);
std::string row(const std::string& name, const std::vector<Judged>& judged, const std::vector<Column>& columns);

}  // namespace baton::accuracy
