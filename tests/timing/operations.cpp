#include "tests/timing/operations.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include "common/crypto/constant_time.hpp"
#include "common/crypto/identity.hpp"
#include "common/crypto/labels.hpp"
#include "common/crypto/sealed_column.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/handshake/resumption.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/session/secure_channel.hpp"
#include "tests/timing/secret_random.hpp"

namespace wardline::test {
namespace {

namespace label = crypto::label;
using protocol::frame_type;

// What memcheck finds in one power of libcrypto 3.0, each once and none of them ours to mend:
// - BN_clear_bit, which we use to keep leading zeros from being skipped one by one, drops whole
//   words that are zero, and so looks at the upper one; that of a random exponent is zero with
//   probability 2^-32 or less (exponentiation.hpp);
// - BN_mod_exp_mont_consttime does the same to the power at its end, with 2^-64;
// - BN_bn2binpad asks whether the power has more bytes than p, which it never has.
// A power whose time depends on its exponent has hundreds.
constexpr unsigned known_of_libcrypto = 3;

// Of what is done here nothing may fail unless it should: a test of an early return is none.
void must(bool holds) {
  if (!holds) throw std::logic_error("an operation did not do what it is for");
}

secret<32> some_secret() { return secret_random().make_secret<32>(); }

void of_group(std::vector<operation>& all, crypto::group_id id) {
  const auto& group = crypto::suite_of(id);
  const auto add = [&](const std::string& name, std::function<void()> run, unsigned known = 0) {
    all.push_back({std::string(group.name()) + ": " + name, std::move(run), known});
  };
  const unsigned known_of_dh = id == crypto::group_id::ristretto255 ? 0 : known_of_libcrypto;
  add("both key pairs from a seed", [id] {
    const crypto::own_identity self(some_secret(), crypto::role::patient, id, "alice");
    must(crypto::check_public_keys(self.public_part()).has_value());
  });
  add("signing", [id] {
    const crypto::own_identity self(some_secret(), crypto::role::doctor, id, "dr-lee");
    secret_random random;
    const auto message = as_bytes("Take the blue ones.");
    const auto signature = self.sign(label::doctor_auth, {message}, random);
    must(self.group()
             .verify(self.public_part().y_sig, label::doctor_auth, {message}, signature)
             .has_value());
  });
  add(
      "an ephemeral, and dh with it",
      [&group] {
        secret_random random;
        const auto a = group.make_ephemeral(random);
        const auto b = group.make_ephemeral(random);
        must(is_marked(a.scalar.view()));
        const auto shared = group.dh(a, group.public_key(b).encoded);
        must(shared.has_value() && is_marked(shared->encoded.view()));
      },
      known_of_dh);
  add(
      "dh with the key of an identity",
      [id] {
        const crypto::own_identity self(some_secret(), crypto::role::doctor, id, "dr-lee");
        must(self.dh(self.public_part().y_kem.encoded).has_value());
      },
      known_of_dh);
}

// The keys of section 6, from a secret that both ends have.
void handshake(std::vector<operation>& all) {
  all.push_back({"the key schedule of a handshake, sealed parts and verifier", [] {
                   const auto& group = crypto::suite_of(crypto::group_id::ristretto255);
                   secret_random random;
                   const auto a = group.make_ephemeral(random);
                   const auto dh = group.dh(a, group.public_key(a).encoded).value();
                   const auto ck1 = protocol::first_chaining_key(dh);
                   const auto ck2 = protocol::next_chaining_key(ck1, dh);
                   const protocol::transcript th(as_bytes("a doctor"));
                   const auto k1 = protocol::derive_request_key(ck1, th.value());
                   const auto k2 = protocol::derive_response_key(ck2, th.value());
                   const auto plain = some_secret();
                   const auto sealed = protocol::seal_once(k1, th.value(), plain.view());
                   must(protocol::open_once(k1, th.value(), sealed).has_value());
                   must(!protocol::open_once(k2, th.value(), sealed).has_value());
                   const auto sk = protocol::derive_session_key(ck2, th.value());
                   must(is_marked(sk.view()));
                   const auto skv = protocol::compute_verifier(sk, th.value(), 1);
                   auto wrong = skv;
                   wrong.value.back() ^= 1U;
                   must(crypto::equal_in_constant_time(skv.view(), skv.view()));
                   must(!crypto::equal_in_constant_time(skv.view(), wrong.view()));
                 }});
  all.push_back({"the proof of an invite", [] {
                   const auto invite = secret_random().make_secret<16>();
                   const auto th1 = crypto::sha256({});
                   const auto proof = protocol::invite_proof(invite, th1, as_bytes("alice"));
                   must(crypto::equal_in_constant_time(proof.view(), proof.view()));
                 }});
}

// Section 7: what the doctor does with a token, and both ends with RS.
void resumption(std::vector<operation>& all) {
  all.push_back({"opening a resumption token's secret, binder, answer and SK", [] {
                   const auto token = some_secret();
                   const auto store_key = some_secret();
                   const auto prk = crypto::extract(token.view(), {store_key.view()});
                   crypto::aes256_gcm cipher(crypto::expand<32>(prk.view(), label::store_resumption,
                                                                {as_bytes("alice")}));
                   bytes sealed;
                   cipher.seal({}, {}, some_secret().view(), sealed);
                   const auto opened = cipher.open({}, {}, sealed);
                   must(opened.has_value());
                   const protocol::resumption_secret rs(opened->view().first<32>());
                   const auto thr1 = crypto::sha256({as_bytes("thr1")});
                   const auto binder = protocol::compute_binder(rs, thr1);
                   must(crypto::equal_in_constant_time(binder.view(), binder.view()));
                   const auto thr2 = crypto::sha256({as_bytes("thr2")});
                   const auto mac = protocol::compute_resume_mac(rs, thr2);
                   must(crypto::equal_in_constant_time(mac.view(), mac.view()));
                   const auto sk = protocol::derive_resumed_session_key(rs, {}, {}, thr2);
                   must(is_marked(protocol::derive_resumption_secret(sk, {}).view()));
                 }});
  all.push_back({"a column that is sealed at rest", [] {
                   secret_random random;
                   crypto::sealed_column column(some_secret(), "invites", "secret", random);
                   const auto row = as_bytes("alice");
                   auto sealed = column.seal(row, some_secret().view());
                   must(column.open(row, sealed).has_value());
                   sealed.back() ^= 1U;
                   must(!column.open(row, sealed).has_value());
                 }});
}

// Sections 8 and 9.
void session(std::vector<operation>& all) {
  all.push_back({"frames of a session: sealed, opened, and one that was changed", [] {
                   const auto sk = some_secret();
                   protocol::secure_channel doctor(sk, protocol::side::doctor);
                   protocol::secure_channel patient(sk, protocol::side::patient);
                   const auto pass = [&](std::size_t size, byte spoil) {
                     secret_bytes plaintext(size);
                     secret_random().fill(plaintext.writable());
                     auto whole = doctor.seal(frame_type::direct, plaintext.view());
                     // The ciphertext is what travels; from here on a peer knows it.
                     mark_public(whole);
                     whole.back() ^= spoil;
                     const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
                     return patient.open(f.value()).has_value();
                   };
                   for (const std::size_t size : {0, 1, 16, 100, 5000}) must(pass(size, 0));
                   must(!pass(100, 1));
                 }});
  all.push_back({"the next keys of a direction", [] {
                   const auto keys = protocol::derive_p2d_keys(some_secret());
                   must(is_marked(protocol::next_direction_keys(keys).key.view()));
                 }});
  all.push_back({"the proof of a receipt, and its comparison", [] {
                   const auto key = protocol::derive_receipt_key(some_secret());
                   secret_bytes content(100);
                   secret_random().fill(content.writable().subspan(16));
                   const auto id = protocol::message_id::from(content.view().first(16)).value();
                   auto receipt = protocol::make_receipt(
                       key, id, 1, protocol::receipt_state::decrypted, content.view());
                   must(protocol::check_receipt(key, receipt, content.view()).has_value());
                   receipt.proof.value.front() ^= 1U;
                   must(!protocol::check_receipt(key, receipt, content.view()).has_value());
                 }});
  all.push_back({"the keys of the group", [] {
                   std::map<std::string, secret<32>> members;
                   members.emplace("alice", protocol::derive_group_contribution(some_secret()));
                   members.emplace("bob", protocol::derive_group_contribution(some_secret()));
                   const auto salt = some_secret();
                   const auto gk = protocol::first_chain_key(salt.view(), members, some_secret());
                   const auto keys = protocol::derive_broadcast_keys(protocol::next_chain_key(gk));
                   must(is_marked(keys.key.view()));
                   bytes sealed;
                   crypto::aes256_gcm(keys.key).seal(keys.iv, {}, some_secret().view(), sealed);
                 }});
}

}  // namespace

std::vector<operation> operations() {
  std::vector<operation> all;
  of_group(all, crypto::group_id::ristretto255);
  of_group(all, crypto::group_id::ffdhe2048);
  of_group(all, crypto::group_id::ffdhe3072);
  of_group(all, crypto::group_id::ffdhe4096);
  handshake(all);
  resumption(all);
  session(all);
  return all;
}

}  // namespace wardline::test
