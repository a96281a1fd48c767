// Encode and decode, for every message: what is written reads back, whatever its fields hold, and
// there is one encoding for each value: bytes that read are those that would be written.
#include "protocol/message/announcement.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/auth_response.hpp"
#include "tests/protocol/group/people.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/protocol/properties/any_message.hpp"

namespace wardline::test {
namespace {

using namespace protocol;

/// `read` gives back the bytes that the value it has read would be written as, or an error.
template <class Read>
void check_one_encoding(const bytes& encoded, Read read) {
  const result<bytes> back = read(byte_view(encoded));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == encoded);

  const auto cut = *rc::gen::inRange<std::size_t>(0, encoded.size()).as("cut");
  RC_ASSERT(!read(byte_view(encoded).first(cut)).has_value());
  bytes longer = encoded;
  append(longer, *bytes_of(*rc::gen::inRange<std::size_t>(1, 4)));
  RC_ASSERT(!read(longer).has_value());

  const auto other = damaged(encoded);
  const result<bytes> again = read(other);
  if (again.has_value()) RC_ASSERT(*again == other);
}

template <class Message>
result<bytes> read_and_write(byte_view data) {
  auto m = decode<Message>(data);
  if (!m) return m.error();
  return encode(*m);
}

const crypto::suite& group() { return crypto::suite_of(crypto::group_id::ristretto255); }

void write_all(const std::function<void(writer&)>& write, bytes& out) {
  writer counter;
  write(counter);
  out.resize(counter.size());
  writer w(out);
  write(w);
}

bytes write_auth_request(const auth_request& m) {
  bytes out;
  write_all(
      [&](writer& w) {
        w.u8(m.group);
        w.fixed(m.doctor);
        w.u64(m.ts_p);
        w.fixed(m.rn_p);
        w.raw(m.e);
        w.opaque<max_sealed1>(m.sealed1);
      },
      out);
  return out;
}

bytes write_auth_response(const auth_response& m) {
  bytes out;
  write_all(
      [&](writer& w) {
        w.u64(m.ts_d);
        w.fixed(m.rn_d);
        w.raw(m.f);
        w.opaque<max_sealed2>(m.sealed2);
      },
      out);
  return out;
}

bytes write_secret_part(const auth_request_secret& m) {
  bytes out;
  write_all(
      [&](writer& w) {
        w.raw(crypto::encode(m.patient));
        w.opaque<max_invite_proof>(m.invite_proof);
        w.opaque<max_signature>(m.signature);
      },
      out);
  return out;
}

crypto::identity any_identity() {
  crypto::identity out = the_doctor().public_part();
  out.role = any<bool>() ? crypto::role::doctor : crypto::role::patient;
  out.id = *any_id();
  if (any<bool>()) std::swap(out.y_sig.encoded, out.y_kem.encoded);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("whatever a message holds, it reads back, and has one encoding", "", check,
                   content, disconnect, group_key, receipt, resume_request, resume_response,
                   session_token, verifier, invite) {
  property([] {
    const auto encoded = encode(any_message<TestType>());
    check_one_encoding(encoded, read_and_write<TestType>);
  });
}

TEST_CASE("no text that reads holds what is not UTF-8, and no amendment is about itself") {
  property([] {
    using enum content_type;
    const auto c =
        any_content({text, consultation_request, consultation_answer, correction, cancellation});
    auto other = c;
    other.body = damaged(c.body);
    other.body.resize(std::min(other.body.size(), max_content_body));
    if (const auto read = decode<content>(encode(other))) {
      RC_ASSERT(is_utf8(as_bytes(read->text())));
      RC_ASSERT(!read->is_amendment() || (read->about() && read->about() != read->id));
    }
    disconnect d{disconnect_reason::busy, 0, std::string(as_text(other.body))};
    if (d.text.size() > max_disconnect_text) d.text.resize(max_disconnect_text);
    RC_ASSERT(decode<disconnect>(encode(d)).has_value() == is_utf8(as_bytes(d.text)));
  });
}

TEST_CASE("a redelivered broadcast reads back, whatever it holds, and has one encoding") {
  property([] {
    const auto b = any_broadcast();
    const auto encoded = encode_redelivery(b);
    check_one_encoding(encoded, [](byte_view data) -> result<bytes> {
      const auto read = read_redelivery(data);
      if (!read) return read.error();
      RC_ASSERT(encode(read->content) == read->encoded_content);
      return encode_redelivery(*read);
    });
    const auto read = read_redelivery(encoded);
    RC_ASSERT(read->position == b.position);
    RC_ASSERT(read->signature == b.signature);
  });
}

TEST_CASE("an identity reads back, whoever it is of, and has one encoding") {
  property([] {
    const auto who = any_identity();
    const auto encoded = crypto::encode(who);
    RC_ASSERT(*crypto::decode_identity(encoded) == who);
    check_one_encoding(encoded, [](byte_view data) -> result<bytes> {
      const auto read = crypto::decode_identity(data);
      if (!read) return read.error();
      return crypto::encode(*read);
    });
  });
}

TEST_CASE("the messages of a sign-in read back, whatever they hold, and have one encoding") {
  const auto own = crypto::shorten(the_doctor().own_fingerprint());
  property([&] {
    const auth_request request{static_cast<byte>(group().id()),
                               own,
                               any<unix_ms>(),
                               any<handshake_nonce>(),
                               *bytes_of(group().element_size()),
                               any_bytes(max_sealed1)};
    check_one_encoding(write_auth_request(request), [&](byte_view data) -> result<bytes> {
      const auto read = read_auth_request(data, group(), own);
      if (!read) return read.error();
      return write_auth_request(*read);
    });

    const auth_response response{any<unix_ms>(), any<handshake_nonce>(),
                                 *bytes_of(group().element_size()), any_bytes(max_sealed2)};
    check_one_encoding(write_auth_response(response), [](byte_view data) -> result<bytes> {
      const auto read = read_auth_response(data, group());
      if (!read) return read.error();
      return write_auth_response(*read);
    });

    const auth_request_secret inside{any_identity(), any_bytes(max_invite_proof),
                                     any_bytes(max_signature), 0};
    check_one_encoding(write_secret_part(inside), [](byte_view data) -> result<bytes> {
      const auto read = read_auth_request_secret(data);
      if (!read) return read.error();
      const auto size = 2 + read->signature.size();
      RC_ASSERT(read->signed_size + size == data.size());
      return write_secret_part(*read);
    });
  });
}

TEST_CASE("an announcement that is altered anywhere is refused") {
  property(
      [] {
        seeded_random random(any<byte>());
        const auto whole = make_announcement(the_doctor(), any<unix_ms>(), random);
        const bytes body(whole.begin() + header_size, whole.end());
        RC_ASSERT(read_announcement(body).has_value());
        const auto other = damaged(body);
        RC_ASSERT(read_announcement(other).has_value() == (other == body));
      },
      50);
}

TEST_CASE("an invite is one text, and no other text is that invite") {
  property(
      [] {
        const auto i = any_message<invite>();
        const auto text = to_text(i);
        const auto read = invite_from_text(text);
        RC_ASSERT(read.has_value());
        RC_ASSERT(encode(*read) == encode(i));

        auto other = std::string(as_text(damaged(to_bytes(as_bytes(text)))));
        if (any<bool>()) {  // the letters are right, the bits that they leave over are not
          other = text;
          other.back() = *rc::gen::elementOf(std::string("ABCDEFGHIJKLMNOPabcdefgwxyz0189-_"));
        }
        const auto again = invite_from_text(other);
        if (again) RC_ASSERT(to_text(*again) == other);
      },
      1000);
}

}  // namespace wardline::test
