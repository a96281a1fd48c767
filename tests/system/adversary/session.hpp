#pragma once

#include "tests/system/adversary/identity.hpp"
#include "tests/system/adversary/wire.hpp"

/// Sections 8 and 9: what is said once a session key is agreed.
namespace wardline::test::adversary {

/// One direction's protection.
class direction {
 public:
  direction(const octets& sk, const std::string& name);  // "p2d" or "d2p"

  octets seal(frame_kind kind, const octets& plaintext);
  /// Nothing if the tag does not fit.
  std::optional<octets> open(const arrived& frame);

  std::uint64_t counter = 0;

 private:
  octets nonce() const;
  octets key_;
  octets iv_;
};

struct content {
  octets message_id;
  std::uint64_t created = 0;
  std::uint64_t expires = 0;
  std::uint8_t type = 1;
  std::uint8_t priority = 0;
  octets body;

  octets encoded() const;
};
content read_content(fields& f);
content text(const std::string& words);

octets receipt_for(const octets& sk, const octets& message_id, const octets& encoded_content,
                   std::uint64_t opened_at, std::uint8_t state = 1);
octets check_body(bool is_reply, std::uint64_t sequence);

/// SESSION_TOKEN, and what section 7 makes of it.
struct ticket {
  octets token;
  octets rs;
  std::uint64_t expires;
  std::uint64_t scopes;
};
ticket read_token(const octets& sk, const octets& plaintext);

/// What is in the clear of a broadcast.
struct epoch {
  std::uint64_t generation = 0;
  std::uint64_t ratchet = 0;
  std::uint64_t seq = 0;

  octets encoded() const { return u32(generation) + u32(ratchet) + u64(seq); }
};

/// GROUP_KEY: whoever has it can make and open broadcasts at this epoch and after it.
struct group_secret {
  epoch at;  ///< seq: the next
  octets gk;

  void follow(std::uint64_t ratchet);
  octets seal(const epoch& where, const octets& doctor_fp, const octets& plaintext) const;
  std::optional<octets> open(const arrived& frame, const octets& doctor_fp) const;
};
group_secret read_group_key(const octets& plaintext);

/// What the doctor signs of a broadcast.
octets signed_part(const octets& doctor_fp, const epoch& where, const octets& encoded_content);

std::uint64_t now_ms();

}  // namespace wardline::test::adversary
