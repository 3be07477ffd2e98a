// Lists in pages, as large clusters need it.
#include "common/clients/kube/list.h"

#include <fmt/format.h>

#include "common/clients/kube/call.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

constexpr int kPageSize = 500;
constexpr int kGone = 410;

/// One walk through the pages. Nothing when the continue token expired on the way.
std::optional<Listing> walk(ApiServer& server, Call call, std::string_view base_query, int page_size,
                            std::stop_token stop) {
  Listing listing;
  std::string next;
  do {
    call.query = std::string(base_query);
    if (page_size > 0) call.query += fmt::format("{}limit={}", call.query.empty() ? "" : "&", page_size);
    if (!next.empty()) call.query += "&continue=" + percent_encode(next);
    const HttpResponse answer = send_call(server, call, stop);
    if (answer.status == kGone && !next.empty()) return std::nullopt;
    const Json page = object_in(answer, call, server.cluster());
    const Json::Array& items = page["items"].items_or_none();
    listing.items.insert(listing.items.end(), items.begin(), items.end());
    listing.metadata = page["metadata"];
    next = listing.metadata["continue"].string_or("");
  } while (!next.empty());
  return listing;
}

}  // namespace

std::string selection_query(const Selection& selection) {
  std::vector<std::string> pieces;
  if (!selection.labels.empty()) pieces.push_back("labelSelector=" + percent_encode(selection.labels));
  if (!selection.fields.empty()) pieces.push_back("fieldSelector=" + percent_encode(selection.fields));
  return join(pieces, "&");
}

Listing list_pages(ApiServer& server, const Resource& resource, const Selection& selection, bool in_all_namespaces,
                   std::stop_token stop) {
  const Call call{.verb = "list", .resource = resource, .in_all_namespaces = in_all_namespaces};
  const std::string query = selection_query(selection);
  for (const int page_size : {kPageSize, kPageSize}) {
    if (std::optional<Listing> listing = walk(server, call, query, page_size, stop)) return std::move(*listing);
  }
  // A cluster that changes faster than it can be paged through is asked for everything at once, which cannot expire.
  return walk(server, call, query, 0, stop).value();
}

}  // namespace baton::kube
