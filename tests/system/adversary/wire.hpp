#pragma once

#include <optional>

#include "tests/system/adversary/octets.hpp"

/// Section 5, and a connection that says what the test says.
namespace wardline::test::adversary {

struct frame_kind {
  std::uint8_t opcode;
  std::uint8_t kind;
  friend bool operator==(const frame_kind&, const frame_kind&) = default;
};

constexpr frame_kind hello{10, 0};
constexpr frame_kind identity_frame{10, 1};
constexpr frame_kind auth_request{10, 2};
constexpr frame_kind auth_response{10, 3};
constexpr frame_kind verifier{10, 4};
constexpr frame_kind resume_request{10, 5};
constexpr frame_kind resume_response{10, 6};
constexpr frame_kind waiting{10, 7};
constexpr frame_kind check{10, 8};
constexpr frame_kind session_token{20, 0};
constexpr frame_kind group_key{30, 0};
constexpr frame_kind direct{40, 0};
constexpr frame_kind broadcast{40, 1};
constexpr frame_kind receipt{50, 0};
constexpr frame_kind disconnect{60, 0};

constexpr std::uint8_t clear = 0;
constexpr std::uint8_t is_protected = 1;

octets make_header(frame_kind kind, std::uint8_t flags, std::size_t body_size,
                   std::uint8_t version = 1);
octets make_frame(frame_kind kind, std::uint8_t flags, const octets& body);

struct arrived {
  octets whole;

  frame_kind kind() const { return {whole.at(5), whole.at(6)}; }
  std::uint8_t flags() const { return whole.at(7); }
  octets header() const { return first(whole, 8); }
  octets body() const { return from(whole, 8); }
  bool is(frame_kind k) const { return kind() == k; }
};

/// Section 9.
enum class reason : std::uint16_t {
  goodbye = 1,
  session_over,
  busy,
  refused,
  clock_skew,
  token_refused,
  protocol_error,
  replaced,
  shutting_down,
  not_admitted,
  idle
};
octets disconnect_body(reason why, std::uint32_t retry_after_s = 0);
/// Fails the test if it does not decode.
reason reason_in(const octets& disconnect_plaintext);

/// One end of a TCP connection on loopback. Blocking; a wait longer than process::patience fails
/// the test.
class line {
 public:
  /// Any address of 127.0.0.0/8 is this machine's.
  explicit line(std::uint16_t port, const std::string& source = "127.0.0.1");
  explicit line(int accepted_socket) : socket_(accepted_socket) {}
  line(line&& other) noexcept;
  line& operator=(line&& other) noexcept;
  ~line() { close(); }

  /// What the other end no longer takes is dropped.
  void send(const octets& data);

  /// The next whole frame; nothing once the other end has closed.
  std::optional<arrived> next();

  /// No more is sent from here; what the other end still says can be read.
  void finish_sending();
  /// Ends the waiting of whoever reads.
  void shut();
  void close() noexcept;

 private:
  int socket_ = -1;
  octets unread_;
};

/// Listens at a port of the kernel's choice.
class listener {
 public:
  listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener();

  std::uint16_t port() const noexcept { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  line accept();
  /// Ends the waiting in accept, with an exception.
  void shut();

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace wardline::test::adversary
