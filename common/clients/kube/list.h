// Listing objects: every page of one consistent state.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "common/clients/kube/call.h"

namespace baton::kube {

/// Hands over every object of one consistent state; returns the list's metadata.
Json visit_pages(ApiServer& server, const Resource& resource, const Selection& selection, bool in_all_namespaces,
                 const ListVisitor& visitor, std::stop_token stop);

struct Listing {
  std::vector<Json> items = {};
  Json metadata = Json::object();
};
/// All pages of one consistent state.
Listing list_pages(ApiServer& server, const Resource& resource, const Selection& selection, bool in_all_namespaces,
                   std::stop_token stop);
/// "labelSelector=…&fieldSelector=…", empty when everything is selected.
std::string selection_query(const Selection& selection);

}  // namespace baton::kube
