// Keys that guard nothing: RFC 8410's example and one made for these tests.
#pragma once

#include <string_view>

namespace baton::sample {

constexpr std::string_view kEd25519 = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----)";
constexpr std::string_view kEd25519Line =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh jo@example.com";
constexpr std::string_view kEd25519Fingerprint = "SHA256:ebCT4wkJOqO5AIlHG03cHvn3Cr3ZZEEh8m81duHhR3Q";

constexpr std::string_view kP256 = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGGJ4xViVoSp7+gp0
GfkvYBmg71uy1Wj0uIygY4/uleehRANCAASaEZP/F12PvtBgMnKa5JG5lJby0uE4
0mhRqL4V9SRQHrkBkXdQBn5YOAGUSZ0MpNdPrzIdFtalD6/gGW6LxkjF
-----END PRIVATE KEY-----)";
constexpr std::string_view kP256Line =
    "ecdsa-sha2-nistp256 "
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJoRk/"
    "8XXY++0GAycprkkbmUlvLS4TjSaFGovhX1JFAeuQGRd1AGflg4AZRJnQyk10+vMh0W1qUPr+AZbovGSMU=";
constexpr std::string_view kP256Fingerprint = "SHA256:OojaH1GYW2Y+RAyqxTKa8JJsZc8gUGN3AHs1SuwO5AA";

constexpr std::string_view kEncrypted = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAipf4MnKDgPFAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECARwiacli6vw0UlKmivZT0EQJ8O
k0j4ye92SMUCYszXEhWKsdTJ8RZoNdhjgMKxw+OEUunpCZqBibpwJY8XJ5npxpH7
Tw6X74T9atiCfceWBwI=
-----END ENCRYPTED PRIVATE KEY-----)";  // password: x
constexpr std::string_view kP384Public = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEz2MirT9nCALoX+/+GW0heFiU9Umus4dC
p3S+bAgO4BeJdLgRr1fPpG5Rt72+1M4dcXlUVtMWMj34Oa5239NKkniXPg32da2U
yBHzH8ftlwL5aEFhBjJ4wwtiLHM/vrcj
-----END PUBLIC KEY-----)";

}  // namespace baton::sample
