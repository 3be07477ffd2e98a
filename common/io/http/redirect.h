// Where an answer sends us, and what may go there with us.
#pragma once

#include "common/io/http/client.h"

namespace baton {

/// A 301, 302, 303, 307 or 308 with a Location.
bool is_redirect(const HttpResponse& response);
/// The request that follows `request`. To another origin go only headers that cannot hold a credential (Accept,
/// Content-Type, User-Agent, Range); after 303, and after 301 or 302 of a POST, it is a GET without a body, as browsers
/// do. Throws Unanswered on a Location that is no http or https URL, or that leads from https to http.
HttpRequest redirected(HttpRequest request, const HttpResponse& response);

}  // namespace baton
