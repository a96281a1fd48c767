#include "tests/support/all_knowing.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "common/crypto/elgamal.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/crypto/labels.hpp"
#include "common/crypto/ristretto255.hpp"
#include "protocol/constants.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "protocol/session/session_keys.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::test {
namespace {

namespace label = crypto::label;

// One piece again, as it was drawn.
class once_more final : public crypto::random_source {
 public:
  explicit once_more(byte_view piece) : piece_(piece) {}
  void fill(byte_span out) override { std::copy_n(piece_.begin(), out.size(), out.begin()); }

 private:
  byte_view piece_;
};

known_secret known(std::string name, byte_view value) { return {std::move(name), to_bytes(value)}; }

template <crypto::Group G>
std::vector<known_secret> find_nonce(const crypto::signature_private_key& x, byte_view r,
                                     std::string_view ctx, byte_view message,
                                     const std::vector<bytes>& drawn) {
  const auto& field = G::scalars();
  const auto hash = crypto::sha256({message});
  for (const auto& piece : drawn) {
    if (piece.size() != 32) continue;
    const secret<32> rnd(byte_view(piece).first<32>());
    const auto n = crypto::elgamal::make_nonce<G>(rnd, field.decode(x.scalar.view()), ctx, hash);
    if (!std::ranges::equal(G::power_of_generator(n.k).encoded(), r)) continue;
    return {known("k", field.encode(n.k).view()), known("t", field.encode(n.t).view()),
            known("what k was made of", piece)};
  }
  throw std::logic_error("a signature that this end has not made");
}

}  // namespace

all_knowing::all_knowing(const crypto::identity_seed& seed, crypto::role role,
                         crypto::group_id group, std::string id, std::vector<bytes> drawn)
    : seed_(seed.clone()), self_(seed, role, group, std::move(id)), drawn_(std::move(drawn)) {}

crypto::kem_private_key all_knowing::ephemeral(byte_view encoded) const {
  const auto& group = self_.group();
  const std::size_t size = group.id() == crypto::group_id::ristretto255
                               ? crypto::ristretto255::kem_secret_size
                               : group.short_exponent_size();
  for (const auto& piece : drawn_) {
    if (piece.size() != size) continue;
    once_more again(piece);
    auto x = group.make_ephemeral(again);
    if (std::ranges::equal(group.public_key(x).encoded, encoded)) return x;
  }
  throw std::logic_error("an element that this end has not made");
}

std::vector<known_secret> all_knowing::nonce(byte_view signature, std::string_view ctx,
                                             byte_view message) const {
  const auto& group = self_.group();
  const auto prk = crypto::extract(as_bytes(label::identity_seed), {seed_.view()});
  const auto x = group.derive_signature_key(prk);
  const auto r = signature.first(group.element_size());
  switch (group.id()) {
    case crypto::group_id::ristretto255:
      return find_nonce<crypto::ristretto255>(x, r, ctx, message, drawn_);
    case crypto::group_id::ffdhe2048:
      return find_nonce<crypto::ffdhe<2048>>(x, r, ctx, message, drawn_);
    case crypto::group_id::ffdhe3072:
      return find_nonce<crypto::ffdhe<3072>>(x, r, ctx, message, drawn_);
    case crypto::group_id::ffdhe4096:
      return find_nonce<crypto::ffdhe<4096>>(x, r, ctx, message, drawn_);
  }
  throw std::logic_error("no such group");
}

// What can be known of a handshake, and the last of its sealed parts.
struct all_knowing::knowledge {
  std::vector<known_secret> secrets;
  secret<32> key;
  crypto::digest th;
  bytes plaintext;
  std::size_t sealed_size = 0;

  // False if it does not open: it was spoilt on its way.
  bool open(std::string name, secret<32> k, const crypto::digest& at, byte_view sealed) {
    secrets.push_back(known(std::move(name), k.view()));
    const auto opened = protocol::open_once(k, at, sealed);
    if (!opened) return false;
    key = std::move(k);
    th = at;
    plaintext = to_bytes(opened->view());
    sealed_size = sealed.size();
    return true;
  }
};

all_knowing::knowledge all_knowing::know(const crypto::identity& peer, const frames& f) const {
  using namespace protocol;
  const auto& group = self_.group();
  const bool is_doctor = self_.public_part().role == crypto::role::doctor;
  const auto& doctor = is_doctor ? self_.public_part() : peer;
  knowledge k;
  auto& out = k.secrets;

  const auto request = decode_frame(f.auth_request, handshake_frame_limit).value();
  const auto own = crypto::shorten(crypto::fingerprint_of(doctor));
  const auto fields = read_auth_request(request.body(), group, own).value();
  std::optional<crypto::kem_private_key> a;
  if (!is_doctor) {
    a = ephemeral(fields.e);
    out.push_back(known("a", a->scalar.view()));
  }
  const auto first = (a ? group.dh(*a, doctor.y_kem.encoded) : self_.dh(fields.e)).value();
  const auto ck1 = first_chaining_key(first);
  out.push_back(known("dh(a, y_kem_D)", first.encoded.view()));
  out.push_back(known("ck1", ck1.view()));
  transcript th(crypto::encode(doctor));
  th.add_fields(request.header(),
                request.body().first(auth_request::fields_size(group.element_size())));
  if (!k.open("k1", derive_request_key(ck1, th.value()), th.value(), fields.sealed1)) return k;
  const auto inside = read_auth_request_secret(k.plaintext).value();
  if (!is_doctor) {
    bytes message = to_bytes(th.value().view());
    append(message, byte_view(k.plaintext).first(inside.signed_size));
    add(out, nonce(inside.signature, label::patient_auth, message));
  }
  th.add_plaintext(k.plaintext);
  if (f.auth_response.empty()) return k;

  const auto response = decode_frame(f.auth_response, handshake_frame_limit).value();
  const auto answer = read_auth_response(response.body(), group).value();
  std::optional<crypto::kem_private_key> b;
  if (is_doctor) {
    b = ephemeral(answer.f);
    out.push_back(known("b", b->scalar.view()));
  }
  const auto second = (b ? group.dh(*b, fields.e) : group.dh(*a, answer.f)).value();
  const auto third = (b ? group.dh(*b, inside.patient.y_kem.encoded) : self_.dh(answer.f)).value();
  const auto ck2 = next_chaining_key(ck1, second);
  const auto ck3 = next_chaining_key(ck2, third);
  out.push_back(known("dh(b, E)", second.encoded.view()));
  out.push_back(known("dh(b, y_kem_P)", third.encoded.view()));
  out.push_back(known("ck2", ck2.view()));
  out.push_back(known("ck3", ck3.view()));
  th.add_fields(response.header(),
                response.body().first(auth_response::fields_size(group.element_size())));
  if (!k.open("k2", derive_response_key(ck3, th.value()), th.value(), answer.sealed2)) return k;
  const auto signature = byte_view(k.plaintext).subspan(2);
  if (is_doctor) add(out, nonce(signature, label::doctor_auth, th.value().view()));
  th.add_plaintext(k.plaintext);
  add(out, secrets_of_session(derive_session_key(ck3, th.value())));
  return k;
}

std::vector<known_secret> all_knowing::handshake(const crypto::identity& peer,
                                                 const frames& f) const {
  return know(peer, f).secrets;
}

bytes all_knowing::with_bad_signature(const crypto::identity& peer, const frames& f) const {
  auto k = know(peer, f);
  k.plaintext.back() ^= 1U;
  bytes whole = to_bytes(f.auth_response.empty() ? f.auth_request : f.auth_response);
  whole.resize(whole.size() - k.sealed_size);
  append(whole, protocol::seal_once(k.key, k.th, k.plaintext));
  return whole;
}

std::vector<known_secret> secrets_of_session(const protocol::session_key& sk) {
  const auto p2d = protocol::derive_p2d_keys(sk);
  const auto d2p = protocol::derive_d2p_keys(sk);
  return {known("SK", sk.view()),
          known("p2d key", p2d.key.view()),
          known("d2p key", d2p.key.view()),
          known("next p2d key", protocol::next_direction_keys(p2d).key.view()),
          known("next d2p key", protocol::next_direction_keys(d2p).key.view()),
          known("verifier key", crypto::expand<32>(sk.view(), label::verifier).view()),
          known("receipt key", protocol::derive_receipt_key(sk).view()),
          known("group contribution", protocol::derive_group_contribution(sk).view())};
}

std::vector<known_secret> secrets_of_group(const protocol::group_key& key) {
  return {known("GK", key.gk.view()),
          known("gkey", protocol::derive_broadcast_keys(key.gk).key.view())};
}

void add(std::vector<known_secret>& to, std::vector<known_secret> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

}  // namespace wardline::test
