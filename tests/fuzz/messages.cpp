// Any bytes as the plaintext of each message: what decodes encodes to the same bytes.
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
#include "tests/fuzz/support/input.hpp"

using namespace wardline;
using fuzz::must;

namespace {

constexpr const char* same_bytes = "what decodes encodes to the same bytes";

template <class Message>
void round_trip(byte_view data) {
  const auto message = protocol::decode<Message>(data);
  if (!message) return;
  must(protocol::encoded_size(*message) == data.size(), "a message knows its size");
  must(protocol::encode_secret(*message).view().size() == data.size() &&
           protocol::encode(*message) == to_bytes(data),
       same_bytes);
}

void content(byte_view data) {
  round_trip<protocol::content>(data);
  const auto c = protocol::decode<protocol::content>(data);
  if (!c) return;
  must(c->text().size() <= c->body.size(), "a text is a part of its body");
  must(c->has_text() || c->text().empty(), "what has no text shows none");
  must(!c->is_amendment() || c->about().has_value(), "an amendment is about a message");
}

template <class Write>
bytes written(const Write& write) {
  protocol::writer counter;
  write(counter);
  bytes out(counter.size());
  protocol::writer w(out);
  write(w);
  return out;
}

void identity(byte_view data) {
  const auto who = crypto::decode_identity(data);
  if (!who) return;
  must(crypto::encode(*who) == to_bytes(data), same_bytes);
  must(crypto::shows(crypto::to_digits(crypto::fingerprint_of(*who)), crypto::fingerprint_of(*who)),
       "a fingerprint shows itself");
}

void announcement(byte_view data) {
  // The integers modulo p would take all the time.
  if (data.size() > 1 && data[1] != static_cast<byte>(crypto::group_id::ristretto255)) return;
  const auto a = protocol::read_announcement(data);
  if (!a) return;
  must(written([&](auto& w) {
         w.raw(crypto::encode(a->doctor));
         w.u64(a->time);
         w.template opaque<protocol::max_signature>(byte_view(a->signature));
       }) == to_bytes(data),
       same_bytes);
}

void auth_request(byte_view data, const crypto::suite& group) {
  const auto doctor = crypto::short_fingerprint::from(data.size() < 9 ? byte_view(byte_array<8>{})
                                                                      : data.subspan(1, 8));
  const auto m = protocol::read_auth_request(data, group, *doctor);
  if (!m) return;
  must(m->e.size() == group.element_size(), "E has the size of the group");
  must(written([&](auto& w) {
         w.u8(m->group);
         w.fixed(m->doctor);
         w.u64(m->ts_p);
         w.fixed(m->rn_p);
         w.raw(m->e);
         w.template opaque<protocol::max_sealed1>(byte_view(m->sealed1));
       }) == to_bytes(data),
       same_bytes);
}

void auth_response(byte_view data, const crypto::suite& group) {
  const auto m = protocol::read_auth_response(data, group);
  if (!m) return;
  must(written([&](auto& w) {
         w.u64(m->ts_d);
         w.fixed(m->rn_d);
         w.raw(m->f);
         w.template opaque<protocol::max_sealed2>(byte_view(m->sealed2));
       }) == to_bytes(data),
       same_bytes);
}

void auth_request_secret(byte_view data) {
  const auto m = protocol::read_auth_request_secret(data);
  if (!m) return;
  const auto signed_part = written([&](auto& w) {
    w.raw(crypto::encode(m->patient));
    w.template opaque<protocol::max_invite_proof>(byte_view(m->invite_proof));
  });
  must(signed_part.size() == m->signed_size, "what is signed ends before the signature");
  must(written([&](auto& w) {
         w.raw(signed_part);
         w.template opaque<protocol::max_signature>(byte_view(m->signature));
       }) == to_bytes(data),
       same_bytes);
}

void redelivery(byte_view data) {
  const auto b = protocol::read_redelivery(data);
  if (!b) return;
  must(protocol::encode_redelivery(*b) == to_bytes(data), same_bytes);
  must(protocol::encode(b->content) == b->encoded_content, "the content is what was signed");
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  const auto which = in.below(15);
  const auto& group = crypto::suite_of(static_cast<crypto::group_id>(1 + in.below(4)));
  const auto data = in.rest();
  switch (which) {
    case 0:
      return round_trip<protocol::verifier>(data);
    case 1:
      return round_trip<protocol::resume_request>(data);
    case 2:
      return round_trip<protocol::resume_response>(data);
    case 3:
      return round_trip<protocol::check>(data);
    case 4:
      return round_trip<protocol::session_token>(data);
    case 5:
      return round_trip<protocol::group_key>(data);
    case 6:
      return content(data);
    case 7:
      return round_trip<protocol::receipt>(data);
    case 8:
      return round_trip<protocol::disconnect>(data);
    case 9:
      return announcement(data);
    case 10:
      return auth_request_secret(data);
    case 11:
      return auth_response(data, group);
    case 12:
      return redelivery(data);
    case 13:
      return identity(data);
    default:
      return auth_request(data, group);
  }
}
