// The write-ahead record as JSON patches.
#include "common/rollout/intent.h"

#include "common/clients/kube/client.h"

namespace baton::rollout {
namespace {

std::string annotation_path(std::string_view key) { return "/metadata/annotations/" + kube::pointer_token(key); }

}  // namespace

std::optional<Move> move_in(const Json& object) {
  const auto* text = object["metadata"]["annotations"].find(kMoveAnnotation);
  if (text == nullptr || text->string().empty()) return std::nullopt;
  return move_from_json(parse_json(text->string(), "annotation baton/move"));
}

std::optional<Move> further(const std::optional<Move>& on_service, const std::optional<Move>& on_lease) {
  if (!on_lease) return on_service;
  if (!on_service || on_service->id != on_lease->id) return on_lease;
  return on_service->revision > on_lease->revision ? on_service : on_lease;
}

Json operation(std::string_view verb, std::string path, Json value) {
  return Json::object({{"op", verb}, {"path", std::move(path)}, {"value", std::move(value)}});
}

Json removal(std::string path) { return Json::object({{"op", "remove"}, {"path", std::move(path)}}); }

void add_annotation(Json& operations, const Json& object, std::string_view key, std::string_view value) {
  if (!object["metadata"]["annotations"].is_object()) {
    operations.push_back(operation("add", "/metadata/annotations", Json::object()));
  }
  operations.push_back(operation("add", annotation_path(key), value));
}

Json guarded(const Json& object) {
  return Json::array({operation("test", "/metadata/uid", object["metadata"]["uid"]),
                      operation("test", "/metadata/resourceVersion", object["metadata"]["resourceVersion"])});
}

Json selector_patch(const Json& service, const Labels& to, const Move& move) {
  auto operations = guarded(service);
  operations.push_back(operation("test", "/spec/selector", service["spec"]["selector"]));
  operations.push_back(operation("replace", "/spec/selector", to_json(to)));
  add_annotation(operations, service, kMoveAnnotation, to_text(to_json(move)));
  return operations;
}

Json forget_patch(const Json& service) {
  auto operations = guarded(service);
  if (service["metadata"]["annotations"].find(kMoveAnnotation) != nullptr) {
    operations.push_back(removal(annotation_path(kMoveAnnotation)));
  }
  return operations;
}

}  // namespace baton::rollout
