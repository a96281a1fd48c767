#include <nlohmann/json.hpp>

#include "protocol/wire/frame.hpp"
#include "tests/protocol/outcome.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/vectors.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

struct known_frame {
  std::string what;
  frame_type type;
  bytes whole;
};

// Every frame of the group's positive sections.
std::vector<known_frame> known_frames(const group_vectors& group) {
  const auto& h = group["handshake"];
  std::vector<known_frame> out{
      {"hello", frame_type::hello, hex(h["hello"]["frame"])},
      {"identity", frame_type::identity, hex(h["identity"]["frame"])},
      {"auth_request", frame_type::auth_request, hex(h["auth_request"]["frame"])},
      {"invited", frame_type::auth_request, hex(h["invited"]["frame"])},
      {"waiting", frame_type::waiting, hex(h["waiting"]["frame"])},
      {"auth_response", frame_type::auth_response, hex(h["auth_response"]["frame"])},
      {"verifier", frame_type::verifier, hex(h["verifier"]["frame"])},
      {"resume_request", frame_type::resume_request, hex(group["resumption"]["request"])},
      {"resume_response", frame_type::resume_response, hex(group["resumption"]["response"])},
      {"resumed verifier", frame_type::verifier, hex(group["resumption"]["verifier"])},
      {"resumed token", frame_type::session_token, hex(group["resumption"]["session_token_frame"])},
  };
  for (const auto& b : group["group"]["broadcasts"]) {
    out.push_back({"broadcast", frame_type::broadcast, hex(b["frame"])});
  }
  const auto type_of = [](const std::string& name) {
    if (name == "SESSION_TOKEN") return frame_type::session_token;
    if (name == "GROUP_KEY") return frame_type::group_key;
    if (name == "direct text" || name == "redelivered broadcast") return frame_type::direct;
    if (name == "check" || name == "check reply") return frame_type::check;
    if (name.rfind("receipt", 0) == 0) return frame_type::receipt;
    if (name.rfind("DISCONNECT", 0) == 0) return frame_type::disconnect;
    throw std::runtime_error("unknown frame " + name);
  };
  for (const auto& f : group["session"]["frames"]) {
    const auto& name = f["name"].get_ref<const std::string&>();
    out.push_back({name, type_of(name), hex(f["frame"])});
  }
  return out;
}

bool has_direction_protection(frame_type type) {
  return type == frame_type::check || type == frame_type::session_token ||
         type == frame_type::group_key || type == frame_type::direct ||
         type == frame_type::receipt || type == frame_type::disconnect;  // all in a session here
}

}  // namespace

TEST_CASE("every frame of the vectors is read as what it is") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto& known : known_frames(group)) {
      INFO(group.name << ": " << known.what);
      const auto f = decode_frame(known.whole, session_frame_limit);
      REQUIRE(outcome(f) == "ok");
      CHECK(name(f->type) == name(known.type));
      CHECK(f->is_protected == has_direction_protection(known.type));
      CHECK(to_bytes(f->header()) ==
            to_bytes(make_header(f->type, f->is_protected, f->body().size())));
      if (!f->is_protected) CHECK(encode_frame(f->type, f->body()) == known.whole);
      ++count;
    }
  }
  CHECK(count == 4 * (11 + 2 + 11));
}

TEST_CASE("every frame that the vectors call malformed is refused by the error they name") {
  std::size_t count = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* const c : group.negative("frame")) {
      INFO(group.name << ": " << (*c)["name"]);
      const auto& input = (*c)["input"];
      const auto limit =
          input["established"].get<bool>() ? session_frame_limit : handshake_frame_limit;
      const auto whole = hex(input["bytes"]);
      const auto size = frame_size(whole, limit);
      // What cannot be a frame for its length is known from four bytes.
      const auto seen = size ? outcome(decode_frame(whole, limit)) : outcome(size);
      CHECK(seen == name(expected_error(*c)));
      ++count;
    }
  }
  CHECK(count == 52);
}
