// Lists in pages, as large clusters need it.
#include "common/clients/kube/list.h"

#include <fmt/format.h>

#include <set>

#include "common/clients/kube/call.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

constexpr int kPageSize = 250;        // of pods two megabytes, which are ten once they are read
constexpr int kSparedPageSize = 500;  // of which little is read
constexpr int kGone = 410;
constexpr std::size_t kMostPages = 2000;  // a million objects: no cluster holds as many of a kind

/// Nothing when the continue token in `call` expired. The answer's text is gone before its objects are looked at.
std::optional<Json> ask_page(ApiServer& server, const Call& call, bool is_first, const ListVisitor& visitor,
                             std::stop_token stop) {
  const HttpResponse answer = send_call(server, call, stop);
  if (answer.status == kGone && !is_first) return std::nullopt;
  return object_in(answer, call, server.cluster(), {.without = visitor.without});
}

/// To be moved out of; none when the list says null, as it may of nothing.
Json::Array items_of(Json& page) {
  Json& items = page["items"];
  return items.is_null() ? Json::Array{} : std::move(items.items());
}

/// One walk through the pages. Nothing when the continue token expired on the way.
std::optional<Json> walk(ApiServer& server, Call call, std::string_view base_query, int page_size,
                         const ListVisitor& visitor, std::stop_token stop) {
  std::string next;
  visitor.begin();
  for (std::set<std::string> seen; seen.insert(next).second && seen.size() <= kMostPages;) {
    call.query = std::string(base_query);
    if (page_size > 0) call.query += fmt::format("{}limit={}", call.query.empty() ? "" : "&", page_size);
    if (!next.empty()) call.query += "&continue=" + percent_encode(next);
    std::optional<Json> page = ask_page(server, call, /*is_first=*/next.empty(), visitor, stop);
    if (!page) return std::nullopt;
    for (Json& item : items_of(*page)) visitor.take(std::move(item));
    next = std::as_const(*page)["metadata"]["continue"].string_or("");
    if (next.empty()) return std::move((*page)["metadata"]);
  }
  throw Error(ExitCode::unknown,
              fmt::format("cannot list {} of {}: the API server's pages never end", call.resource.plural,
                          server.cluster().server),
              "Look at the API server, or the proxy before it: a page must not lead to an earlier one.");
}

}  // namespace

std::string selection_query(const Selection& selection) {
  std::vector<std::string> pieces;
  if (!selection.labels.empty()) pieces.push_back("labelSelector=" + percent_encode(selection.labels));
  if (!selection.fields.empty()) pieces.push_back("fieldSelector=" + percent_encode(selection.fields));
  return join(pieces, "&");
}

Json visit_pages(ApiServer& server, const Resource& resource, const Selection& selection, bool in_all_namespaces,
                 const ListVisitor& visitor, std::stop_token stop) {
  const Call call{.verb = "list", .resource = resource, .in_all_namespaces = in_all_namespaces};
  const std::string query = selection_query(selection);
  const int page_size = visitor.without.empty() ? kPageSize : kSparedPageSize;
  for (int tries = 0; tries < 2; ++tries) {
    if (std::optional<Json> metadata = walk(server, call, query, page_size, visitor, stop)) return std::move(*metadata);
  }
  // A cluster that changes faster than it can be paged through is asked for everything at once, which cannot expire.
  return walk(server, call, query, 0, visitor, stop).value();
}

Listing list_pages(ApiServer& server, const Resource& resource, const Selection& selection, bool in_all_namespaces,
                   std::stop_token stop) {
  Listing listing;
  const ListVisitor collect{.begin = [&] { listing.items.clear(); },
                            .take = [&](Json item) { listing.items.push_back(std::move(item)); }};
  listing.metadata = visit_pages(server, resource, selection, in_all_namespaces, collect, stop);
  return listing;
}

}  // namespace baton::kube
