#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/system/adversary/visitor.hpp"

/// Section 11 as a rule: what must come of each frame in each state of the gateway.
namespace wardline::test::adversary {

enum class place {
  connected,       ///< nothing said yet
  greeted,         ///< hello is answered
  answered,        ///< the verifier of a full handshake is awaited
  answered_again,  ///< ... of a resumption
  waiting_room,    ///< the operator is awaited
  session,         ///< after a full handshake
  resumed_session,
};
inline constexpr std::array all_places{place::connected,      place::greeted,      place::answered,
                                       place::answered_again, place::waiting_room, place::session,
                                       place::resumed_session};
std::string name(place p);
inline bool is_session(place p) { return p == place::session || p == place::resumed_session; }

enum class body {
  exact,            ///< what an honest peer would send, or has sent elsewhere
  truncated,        ///< the last byte is missing
  over_long,        ///< one byte follows
  flipped,          ///< the last bit
  reflected,        ///< what the gateway said last
  inner_truncated,  ///< of a protected frame: the plaintext, and properly sealed
  inner_over_long,
};
std::string name(body b);

struct sent_frame {
  frame_kind kind;
  std::uint8_t flags;
  std::uint8_t version = 1;
};

struct cell {
  place where;
  sent_frame what;
  body how;
};
std::string describe(const cell& c);

/// Every cell: each kind with its own flags and each body, each kind with flags that are not its
/// own, and headers that nobody defined.
std::vector<cell> all_cells(place where);

struct outcome {
  enum class kind { answered, ends, leaves, stays };
  kind then;
  frame_kind answer{};    ///< answered: by this
  ending end{};           ///< ends: with this word
  std::string cause{};    ///< of the refusal, in events and audit; empty if nothing is refused
  std::string goodbye{};  ///< ends, leaves: why the session is over
};
outcome expected(const cell& c);

}  // namespace wardline::test::adversary
