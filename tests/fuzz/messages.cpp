// Any bytes as the plaintext of each message: what decodes encodes to the same bytes.
#include <cstdlib>

#include "common/crypto/identity.hpp"
#include "protocol/message/announcement.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/message/receipt.hpp"
#include "protocol/message/resume.hpp"
#include "protocol/message/session_token.hpp"
#include "protocol/message/verifier.hpp"

using namespace wardline;

namespace {

template <class Message>
void round_trip(byte_view data) {
  const auto message = protocol::decode<Message>(data);
  if (message && protocol::encode(*message) != to_bytes(data)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const byte* bytes_in, std::size_t size) {
  if (size == 0) return 0;
  const byte_view data(bytes_in + 1, size - 1);
  const auto& group = crypto::suite_of(crypto::group_id::ristretto255);
  switch (bytes_in[0] % 14) {
    case 0:
      round_trip<protocol::verifier>(data);
      break;
    case 1:
      round_trip<protocol::resume_request>(data);
      break;
    case 2:
      round_trip<protocol::resume_response>(data);
      break;
    case 3:
      round_trip<protocol::check>(data);
      break;
    case 4:
      round_trip<protocol::session_token>(data);
      break;
    case 5:
      round_trip<protocol::group_key>(data);
      break;
    case 6:
      round_trip<protocol::content>(data);
      break;
    case 7:
      round_trip<protocol::receipt>(data);
      break;
    case 8:
      round_trip<protocol::disconnect>(data);
      break;
    case 9:
      (void)protocol::read_announcement(data);
      break;
    case 10:
      (void)protocol::read_auth_request_secret(data);
      break;
    case 11:
      (void)protocol::read_auth_response(data, group);
      break;
    case 12:
      (void)protocol::read_redelivery(data);
      break;
    case 13:
      if (const auto who = crypto::decode_identity(data);
          who && crypto::encode(*who) != to_bytes(data)) {
        std::abort();
      }
      break;
    default:
      break;
  }
  return 0;
}
