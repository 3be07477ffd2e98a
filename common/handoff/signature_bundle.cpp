// The sigstore bundle v0.3 around one DSSE signature.
#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/handoff/handoff.h"
#include "common/handoff/handoff_terms.h"
#include "common/handoff/signature.h"

namespace baton {
namespace {

constexpr std::string_view kMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// DSSE's pre-authentication encoding: what is really signed.
std::string authenticated(std::string_view payload) {
  const auto field = [](std::string_view text) { return " " + std::to_string(text.size()) + " " + std::string(text); };
  return "DSSEv1" + field(kPayloadType) + field(payload);
}

Error refused(const std::string& trouble) {
  return Error(ExitCode::handoff, "the handoff's signature " + trouble,
               "Run the step that wrote it again with signing.key, and pass on both of its files.");
}

const Json& need(const Json& parent, std::string_view key, bool (Json::*is_right)() const) {
  const Json& value = parent[key];
  if (!(value.*is_right)()) throw refused("bundle has no proper '" + std::string(key) + "'");
  return value;
}

Json parse_bundle(std::string_view bundle) {
  try {
    // Base64 takes four bytes for three; the rest of a bundle is small.
    return parse_json(bundle, "the signature bundle", {.bytes = 2 * kMaxHandoffBytes, .depth = 16});
  } catch (const Error& error) {
    throw refused(std::string("cannot be read: ") + error.what());
  }
}

std::string decode(const Json& text) {
  try {
    return from_base64(text.string());
  } catch (const Error&) {
    throw refused("bundle holds something that is not base64");
  }
}

/// The one signature over exactly `payload`.
std::string signature_in(std::string_view bundle, std::string_view payload) {
  const Json json = parse_bundle(bundle);
  if (need(json, "mediaType", &Json::is_string).string() != kMediaType) throw refused("is in no sigstore bundle v0.3");
  const Json& envelope = need(json, "dsseEnvelope", &Json::is_object);
  if (need(envelope, "payloadType", &Json::is_string).string() != kPayloadType)
    throw refused("is over another type of payload");
  if (decode(need(envelope, "payload", &Json::is_string)) != payload)
    throw refused("is over other bytes than the file");
  const Json& signatures = need(envelope, "signatures", &Json::is_array);
  if (signatures.size() != 1) throw refused("bundle must hold exactly one signature");
  return decode(need(signatures.items().front(), "sig", &Json::is_string));
}

}  // namespace

std::string SigningKey::sign_bundle(std::string_view payload) const {
  const std::string id = ssh_fingerprint(public_pem());
  const Json signature = Json::object({{"sig", to_base64(sign(authenticated(payload)))}, {"keyid", id}});
  const Json material = Json::object({{"publicKey", Json::object({{"hint", id}})}});
  const Json envelope = Json::object(
      {{"payload", to_base64(payload)}, {"payloadType", kPayloadType}, {"signatures", Json::array({signature})}});
  return to_pretty_text(
      Json::object({{"mediaType", kMediaType}, {"verificationMaterial", material}, {"dsseEnvelope", envelope}}));
}

std::string verify_bundle(std::string_view bundle, std::string_view payload, const std::vector<TrustKey>& trust,
                          std::string_view step) {
  const std::string signature = signature_in(bundle, payload);
  const std::string message = authenticated(payload);
  // The key id is only a hint that anyone can write: every trusted key is tried.
  const auto signer = std::ranges::find_if(trust, [&](const TrustKey& key) {
    return (key.step.empty() || key.step == step) && is_signed_by(key.pem, message, signature);
  });
  if (signer == trust.end()) throw refused("is by no key that is trusted for '" + std::string(step) + "'");
  return signer->name;
}

}  // namespace baton
