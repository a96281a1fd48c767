#pragma once

#include <algorithm>
#include <deque>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>

#include "doctor/dispatch.hpp"
#include "protocol/group/patient_group.hpp"
#include "protocol/message/amendment.hpp"
#include "tests/doctor/signed_in.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

/// A gateway's dispatch with its ward, and the patients' ends of its sessions.
namespace wardline::test {

using namespace wardline::doctor;  // NOLINT(google-build-using-namespace)

using tcp = boost::asio::ip::tcp;

inline crypto::own_identity make_identity(crypto::role role, const std::string& id,
                                          crypto::random_source& random) {
  return {random.make_secret<32>(), role, crypto::group_id::ristretto255, id};
}

// The other end of one patient's session.
struct seat {
  seat(tcp::socket mine, const protocol::session_key& sk, const crypto::identity& doctor)
      : socket(std::move(mine)),
        channel(sk, protocol::side::patient),
        receipt_key(protocol::derive_receipt_key(sk)),
        group(doctor) {}

  // The next frame; the gateway must have written it already.
  bytes read_frame() {
    bytes whole(protocol::header_size);
    boost::asio::read(socket, boost::asio::buffer(whole));
    const auto size = protocol::frame_size(whole, protocol::session_frame_limit).value();
    whole.resize(*size);
    boost::asio::read(socket, boost::asio::buffer(whole.data() + protocol::header_size,
                                                  whole.size() - protocol::header_size));
    return whole;
  }

  // Takes group keys until a broadcast comes; its text.
  std::string read_broadcast() {
    for (;;) {
      const bytes whole = read_frame();
      const auto f = protocol::decode_frame(whole, protocol::session_frame_limit).value();
      if (f.type == protocol::frame_type::broadcast) {
        const auto opened = group.open(f, {});
        REQUIRE(opened.has_value());
        missed = opened->missed;
        position = opened->broadcast.position;
        about = opened->broadcast.content.about();
        return std::string(opened->broadcast.content.text());
      }
      const auto plaintext = channel.open(f).value();
      REQUIRE(f.type == protocol::frame_type::group_key);
      const auto key =
          group.install(protocol::decode<protocol::group_key>(plaintext.view()).value());
      REQUIRE(key.has_value());
    }
  }

  // Takes group keys until a direct message comes.
  protocol::content read_direct() {
    for (;;) {
      const bytes whole = read_frame();
      const auto f = protocol::decode_frame(whole, protocol::session_frame_limit).value();
      const auto plaintext = channel.open(f).value();
      if (f.type == protocol::frame_type::direct) {
        return protocol::decode<protocol::content>(plaintext.view()).value();
      }
      REQUIRE(f.type == protocol::frame_type::group_key);
    }
  }

  tcp::socket socket;
  protocol::secure_channel channel;
  protocol::receipt_key receipt_key;
  protocol::patient_group group;
  protocol::broadcast_position position{};
  std::uint64_t missed = 0;
  std::optional<protocol::message_id> about;
  std::unique_ptr<session> at_doctor;
};

struct hospital {
  hospital() {
    hub.subscribe([this](const event& e) { events.push_back(e); });
  }

  // An enrolled patient, present or not.
  void enrol(const std::string& id) {
    identities.push_back(make_identity(crypto::role::patient, id, random));
    kept.patients.enrol(identities.back().public_part(), protocol::scope::all, time.now());
  }

  seat& join(const std::string& id) {
    enrol(id);
    auto up = sign_in_by_token(self, identities.back(), time, random);
    tcp::acceptor door(io, {boost::asio::ip::address_v4::loopback(), 0});
    tcp::socket theirs(io);
    theirs.connect(door.local_endpoint());
    auto transport = net::framed_connection::make(door.accept(), time);
    auto& s = seats.emplace_back(std::move(theirs), up.sk, self.public_part());
    s.at_doctor = std::make_unique<session>(transport, std::move(up.at_doctor), seconds(30), time);
    present.join(*s.at_doctor);
    messages.on_joined(*s.at_doctor, messages.backlog_of(s.at_doctor->id()));
    return s;
  }

  protocol::message_id broadcast(const std::string& text,
                                 const std::vector<std::string>& recipients,
                                 bool include_new = false) {
    const protocol::content content{random.make<protocol::message_id>(),
                                    time.now(),
                                    0,
                                    protocol::content_type::text,
                                    protocol::priority::emergency,
                                    to_bytes(as_bytes(text))};
    messages.broadcast(content, recipients, include_new);
    return content.id;
  }

  // Cancels it, or corrects it if there is a text.
  amended amend(const protocol::message_id& id, const std::string& text = {}) {
    const auto original = kept.amendments.find(id).value();
    last = random.make<protocol::message_id>();
    return messages.amend(
        {last, original.created + 1, 0,
         text.empty() ? protocol::content_type::cancellation : protocol::content_type::correction,
         protocol::priority::emergency, protocol::amendment_body(original.id, text)},
        original);
  }

  template <class Event>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const event& e) {
      return std::holds_alternative<Event>(e);
    }));
  }

  // Runs the I/O thread's work that is due.
  void settle() {
    io.restart();
    io.poll();
  }

  // Runs the I/O thread's work until `count` broadcasts have gone out, and what that queued.
  void run_until_sent(std::size_t broadcasts) {
    io.restart();
    const auto work = boost::asio::make_work_guard(io);
    while (count<broadcast_sent>() < broadcasts) io.run_one();
    io.poll();
  }

  boost::asio::io_context io;
  temporary_directory directory;
  manual_clock time{1'790'000'000'000};
  crypto::system_random random;
  crypto::own_identity self = make_identity(crypto::role::doctor, "dr-lee", random);
  records kept{directory.path(), random};
  event_hub hub;
  std::vector<event> events;
  std::deque<crypto::own_identity> identities;
  ward present{self.group_secret(), kept, time, random};
  dispatch messages{io, self, kept, present, hub, time, random};
  std::deque<seat> seats;
  protocol::message_id last{};  // of the last amendment
};

}  // namespace wardline::test
