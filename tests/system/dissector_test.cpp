// Wireshark's dissector, in a real tshark. (Without tshark nothing of it is tried.)
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <sstream>

#include "common/util/text_encoding.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/wire/frame.hpp"
#include "tests/support/capture.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/chaos_proxy.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/vectors.hpp"
#include "tests/system/programs.hpp"

using namespace wardline;
using namespace wardline::test;

namespace {

using strings = std::vector<std::string>;
using protocol::frame_type;

constexpr std::uint16_t usual_port = 7460;
constexpr std::uint16_t other_port = 17'460;

bool no_tshark() {
  if (std::filesystem::exists("/usr/bin/tshark")) return false;
  WARN("skipped: tshark is not installed");
  return true;
}

finished tshark(const capture& of, const strings& more) {
  const temporary_directory at;
  const auto file = at.path() / "capture.pcap";
  of.write(file);
  strings line{"/usr/bin/env",
               "HOME=" + at.path().string(),
               "/usr/bin/tshark",
               "-r",
               file.string(),
               "-X",
               std::string("lua_script:") + WARDLINE_DISSECTOR};
  line.insert(line.end(), more.begin(), more.end());
  auto out = run_program(line);
  INFO(out.errors);
  REQUIRE(out.status == 0);
  CHECK_FALSE(contains(out.output, "Lua Error"));
  CHECK_FALSE(contains(out.errors, "Lua"));
  return out;
}

strings split(const std::string& text, char at) {
  strings out;
  std::istringstream in(text);
  for (std::string one; std::getline(in, one, at);) out.push_back(one);
  return out;
}

/// Of each packet, the values of each of these fields, in the order of its frames.
using packet_rows = std::vector<std::vector<strings>>;

packet_rows rows(const capture& of, const strings& fields, const strings& more = {}) {
  strings words{"-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"};
  for (const auto& f : fields) words.insert(words.end(), {"-e", f});
  words.insert(words.end(), more.begin(), more.end());
  packet_rows out;
  for (const auto& packet : split(tshark(of, words).output, '\n')) {
    auto& row = out.emplace_back();
    for (const auto& value : split(packet, '\t')) row.push_back(split(value, '|'));
    row.resize(fields.size());
  }
  return out;
}

/// All values of each field, whichever packet they are in.
std::map<std::string, strings> values(const capture& of, const strings& fields,
                                      const strings& more = {}) {
  std::map<std::string, strings> out;
  for (const auto& f : fields) out[f];
  for (const auto& row : rows(of, fields, more)) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      out[fields[i]].insert(out[fields[i]].end(), row[i].begin(), row[i].end());
  }
  return out;
}

/// The frames one behind the other.
bytes joined(const std::vector<bytes>& frames) {
  bytes out;
  for (const auto& f : frames) append(out, f);
  return out;
}

std::vector<bytes> frames_in(byte_view stream) {
  std::vector<bytes> out;
  while (!stream.empty()) {
    const auto size = protocol::frame_size(stream, protocol::session_frame_limit).value();
    if (!size || *size > stream.size()) break;  // cut off by the end of the connection
    out.push_back(to_bytes(stream.first(*size)));
    stream = stream.subspan(*size);
  }
  return out;
}

strings names_of(const std::vector<bytes>& frames) {
  strings out;
  for (const auto& f : frames) {
    const auto decoded = protocol::decode_frame(f, protocol::session_frame_limit);
    out.emplace_back(protocol::name(decoded.value().type));
  }
  return out;
}

bytes goodbye() {
  return protocol::encode_frame(
      frame_type::disconnect,
      encode(protocol::disconnect{protocol::disconnect_reason::busy, 17, "Come back later."}));
}

/// Every kind of frame that there is, of one group.
std::vector<bytes> all_frames(const group_vectors& g) {
  std::vector<bytes> out;
  const auto& shake = g["handshake"];
  for (const char* name :
       {"hello", "identity", "auth_request", "waiting", "auth_response", "verifier"})
    out.push_back(hex(shake.at(name).at("frame")));
  for (const auto& f : g["session"].at("frames")) out.push_back(hex(f.at("frame")));
  for (const auto& f : g["group"].at("broadcasts")) out.push_back(hex(f.at("frame")));
  for (const char* name : {"request", "response"}) out.push_back(hex(g["resumption"].at(name)));
  out.push_back(goodbye());
  return out;
}

bytes altered(bytes frame, std::size_t at, byte value) {
  frame.at(at) = value;
  return frame;
}

/// A frame with a length that fits, whatever its body is.
bytes framed(frame_type type, byte_view body) { return protocol::encode_frame(type, body); }

}  // namespace

TEST_CASE("the dissector tells every frame, wherever the segments of TCP part") {
  if (no_tshark()) return;
  capture of(usual_port);
  std::vector<bytes> all;
  for (const auto& g : vector_groups()) {
    const auto frames = all_frames(g);
    all.insert(all.end(), frames.begin(), frames.end());
  }
  of.stream(0, true, joined(all), {1, 3, 4, 7, 200, 8, 1448, 2, 5000});

  strings lengths;
  strings opcodes;
  strings flags;
  for (const auto& f : all) {
    lengths.push_back(std::to_string(f.size() - 4));
    opcodes.push_back(std::to_string(f[5]));
    flags.push_back(std::to_string(f[7]));
  }
  auto shown = values(of, {"wardline.type", "wardline.length", "wardline.opcode",
                           "wardline.protected", "wardline.malformed"});
  CHECK(shown["wardline.type"] == names_of(all));
  CHECK(shown["wardline.length"] == lengths);
  CHECK(shown["wardline.opcode"] == opcodes);
  CHECK(shown["wardline.protected"] == flags);
  CHECK(shown["wardline.malformed"].empty());
}

TEST_CASE("the dissector shows what is not encrypted") {
  if (no_tshark()) return;
  const auto& g = vectors_of(crypto::group_id::ffdhe3072);
  capture of(usual_port);
  of.stream(0, true, joined(all_frames(g)), {60'000});
  const auto& doctor = g["identities"].at("doctor");
  const auto& shake = g["handshake"];
  const auto& request = shake.at("auth_request");
  const auto& response = shake.at("auth_response");
  const auto& again = g["resumption"];
  const std::map<std::string, strings> expected{
      {"wardline.id", {doctor.at("id")}},
      {"wardline.y_sig", {doctor.at("y_sig")}},
      {"wardline.y_kem", {doctor.at("y_kem")}},
      {"wardline.group", {"2", "2"}},
      {"wardline.doctor_fp", {g["group"].at("doctor_fp")}},
      {"wardline.ephemeral", {request.at("E"), response.at("F")}},
      {"wardline.nonce",
       {request.at("rn_p"), response.at("rn_d"), again.at("rn_p"), again.at("rn_d")}},
      {"wardline.verifier", {shake.at("verifier").at("skv")}},
      {"wardline.token", {again.at("token")}},
      {"wardline.binder", {again.at("binder")}},
      {"wardline.mac", {again.at("mac")}},
      {"wardline.generation", {"7", "7"}},
      {"wardline.ratchet", {"0", "2"}},
      {"wardline.seq", {"3", "4"}},
      {"wardline.reason", {"3"}},
      {"wardline.retry_after", {"17"}},
      {"wardline.text", {"Come back later."}}};
  strings fields{"wardline.time"};
  for (const auto& [field, unused] : expected) fields.push_back(field);
  auto shown = values(of, fields);
  for (const auto& [field, wanted] : expected) {
    CAPTURE(field);
    CHECK(shown[field] == wanted);
  }
  // 1,789,999,999 seconds after 1970 began, and what follows.
  const auto& times = shown["wardline.time"];
  REQUIRE(times.size() == 6);
  CHECK(contains(times[0], "Sep 21, 2026 14:13:19.000"));
  CHECK(contains(times[1], "14:13:20.000"));
  CHECK(contains(times[2], "14:13:20.005"));
}

TEST_CASE("the dissector marks what does not decode, and goes on") {
  if (no_tshark()) return;
  const auto& g = vectors_of(crypto::group_id::ristretto255);
  const auto& shake = g["handshake"];
  const auto frame = [&](const char* name) { return hex(shake.at(name).at("frame")); };
  const auto body = [&](const char* name) {
    const auto f = frame(name);
    return bytes(f.begin() + protocol::header_size, f.end());
  };
  bytes long_id(3 + 65 + 2 * 32 + 8 + 2);  // whole, but for the bound of an id
  std::copy_n(body("identity").begin(), 2, long_id.begin());
  long_id[2] = 65;
  auto longer = body("verifier");
  longer.push_back(0);
  auto shorter = body("verifier");
  shorter.pop_back();
  auto late = body("verifier");
  late[0] = 1;
  auto no_element = body("auth_response");
  no_element.resize(45);

  const std::vector<bytes> bad{
      altered(frame("hello"), 3, 3),    // too short to be a frame
      altered(frame("hello"), 0, 255),  // 4 GB are never waited for
      altered(frame("hello"), 4, 2),    // version
      altered(frame("hello"), 5, 11),   // opcode
      altered(frame("hello"), 6, 9),    // kind
      altered(frame("hello"), 7, 1),    // protected
      altered(frame("verifier"), 7, 2),
      framed(frame_type::hello, as_bytes("x")),
      framed(frame_type::verifier, longer),
      framed(frame_type::verifier, shorter),
      framed(frame_type::verifier, late),
      framed(frame_type::identity, altered(body("identity"), 0, 3)),  // role
      framed(frame_type::identity, altered(body("identity"), 1, 5)),  // group
      framed(frame_type::identity, long_id),
      framed(frame_type::auth_request, {}),
      framed(frame_type::auth_response, no_element),
      framed(frame_type::resume_request, as_bytes("\xff\xff"
                                                  "x")),
      framed(frame_type::waiting, as_bytes("short")),
      framed(frame_type::broadcast, as_bytes("0123456789abcdef")),
      framed(frame_type::disconnect, as_bytes("x")),
  };
  // Behind each a good one, in another connection.
  capture of(usual_port);
  strings expected;
  for (unsigned i = 0; i < bad.size(); ++i) {
    of.segment(2 * i, true, bad[i]);
    of.segment(2 * i + 1, true, frame("verifier"));
    expected.push_back(std::to_string(2 * i + 1));
  }
  CHECK(values(of, {"frame.number"}, {"-Y", "wardline.malformed"})["frame.number"] == expected);
  CHECK(values(of, {"wardline.verifier"}, {"-Y", "!wardline.malformed"})["wardline.verifier"] ==
        strings(bad.size(), shake.at("verifier").at("skv")));
}

TEST_CASE("no bytes make the dissector fail") {
  if (no_tshark()) return;
  std::mt19937_64 random(7);
  std::vector<std::vector<bytes>> good;
  for (const auto& g : vector_groups()) good.push_back(all_frames(g));

  capture of(usual_port);
  constexpr unsigned connections = 400;
  for (unsigned c = 0; c < connections; ++c) {
    const auto& frames = good[c % good.size()];
    bytes data;
    for (int i = 0; i < 4; ++i) {
      auto f = frames[random() % frames.size()];
      // Most of the flips hit what steers: the header and the first fields.
      const auto range = random() % 2 == 0 ? std::min<std::size_t>(f.size(), 24) : f.size();
      for (auto flips = random() % 4; flips > 0; --flips)
        f[random() % range] ^= static_cast<byte>(1U << random() % 8);
      if (random() % 8 == 0) f.resize(random() % f.size());
      append(data, f);
    }
    of.stream(c, c % 2 == 0, data, {1 + random() % 300, 1400});
  }
  of.segment(connections, true, goodbye());
  const auto out = tshark(of, {"-O", "wardline"}).output;
  CHECK(contains(out, "Come back later."));
  CHECK_FALSE(contains(out, "Dissector bug"));
}

TEST_CASE("the dissector finds a gateway at any port, and tells what really went over the wire") {
  if (no_tshark()) return;
  doctor_program doctor("ristretto255");
  // What each way of each connection said, and in which order it came.
  struct piece {
    unsigned connection;
    bool to_gateway;
    bytes data;
  };
  std::vector<piece> record;
  std::mutex mutex;
  {
    chaos_proxy wire(doctor.port(), 1, [&](unsigned connection, bool to_gateway, byte_view data) {
      const std::lock_guard lock(mutex);
      record.push_back({connection, to_gateway, to_bytes(data)});
    });
    wire.be_honest();
    patient_program alice("alice");
    const strings way{"--id",      "alice",        "--doctor-id",          "dr-lee",
                      "--connect", wire.address(), "--doctor-fingerprint", doctor.fingerprint()};
    alice.start_with(way);
    alice.events().await("waiting");
    doctor.command({"admit", "alice"});
    alice.events().await("authenticated");
    doctor.command({"broadcast", "Stay in your rooms", "--wait", "60"});
    alice.say("send Thank you");
    doctor.events().await("message");
    CHECK(alice.stop(SIGTERM) == 0);
    doctor.events().await("patient_disconnected");
    alice.start_with(way);
    alice.events().await("authenticated");
    CHECK(alice.stop(SIGTERM) == 0);
    doctor.events().await("patient_disconnected");
  }

  capture of(other_port);
  std::map<std::pair<unsigned, bool>, bytes> streams;
  for (const auto& p : record) {
    of.segment(p.connection, p.to_gateway, p.data);
    append(streams[{p.connection, p.to_gateway}], p.data);
  }
  std::map<std::pair<unsigned, bool>, strings> shown;
  for (const auto& row : rows(of, {"tcp.srcport", "tcp.dstport", "wardline.type"})) {
    const bool to_gateway = row[1].at(0) == std::to_string(other_port);
    const auto port = std::stoul(row[to_gateway ? 0 : 1].at(0));
    auto& way = shown[{static_cast<unsigned>(port - 20'000), to_gateway}];
    way.insert(way.end(), row[2].begin(), row[2].end());
  }
  strings seen;
  for (const auto& [way, stream] : streams) {
    const auto expected = names_of(frames_in(stream));
    CHECK(shown[way] == expected);
    seen.insert(seen.end(), expected.begin(), expected.end());
  }
  for (const char* name : {"hello", "identity", "auth_request", "waiting", "auth_response",
                           "verifier", "session_token", "group_key", "broadcast", "receipt",
                           "direct", "disconnect", "resume_request", "resume_response"}) {
    CAPTURE(name);
    CHECK(std::find(seen.begin(), seen.end(), name) != seen.end());
  }
  CHECK(values(of, {"wardline.type"}, {"-Y", "wardline.malformed"})["wardline.type"].empty());
}
