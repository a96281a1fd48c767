#include "bench/storm/pool_alone.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "bench/handshake/wardline_sign_in.hpp"
#include "doctor/crypto_pool.hpp"

namespace wardline::bench {
namespace {

using namespace protocol;

// What the doctor's end says, for the patients' thread to take.
class post_box {
 public:
  using letter = std::pair<std::size_t, bytes>;

  void put(std::size_t who, bytes frame) {
    {
      const std::lock_guard lock(mutex_);
      letters_.emplace_back(who, std::move(frame));
    }
    filled_.notify_one();
  }

  letter take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !letters_.empty(); });
    auto out = std::move(letters_.front());
    letters_.pop_front();
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<letter> letters_;
};

frame as_frame(const bytes& whole) {
  const auto f = decode_frame(whole, handshake_frame_limit);
  if (!f) throw failure("what arrived is no frame: " + f.error().message());
  return *f;
}

// The doctor's end: everything but the computations in the thread of its io_context.
class doctors_end {
 public:
  doctors_end(practice& where, std::size_t sign_ins, post_box& to_patients)
      : where_(where), machines_(sign_ins), to_patients_(to_patients), pool_(io_, 0, sign_ins) {
    for (auto& m : machines_) m.emplace(where.doctors, where.directory);
  }
  ~doctors_end() {
    work_.reset();
    io_.stop();
    thread_.join();
  }

  void take(std::size_t who, bytes frame) {
    boost::asio::post(io_, [this, who, whole = std::move(frame)] {
      perform(who, machines_[who]->on_frame(as_frame(whole)));
    });
  }

 private:
  void perform(std::size_t who, doctor_step step) {
    for (auto& whole : step.send) to_patients_.put(who, std::move(whole));
    if (step.compute) {
      pool_.submit(std::move(step.compute), [this, who](std::unique_ptr<computation> done) {
        perform(who, machines_[who]->computed(std::move(done)));
      });
    } else if (step.established) {
      secure_channel channel(step.established->sk, side::doctor);
      const auto random = where_.doctors.random.make_secret<32>();
      const session_token token{to_bytes(random.view()), where_.doctors.random.make<token_nonce>(),
                                UINT64_MAX, step.established->scopes, 30};
      to_patients_.put(who, channel.seal(frame_type::session_token, encode_secret(token).view()));
      machines_[who].reset();
    } else if (step.close) {
      to_patients_.put(who, {});  // the patients' thread tells
    }
  }

  practice& where_;
  std::vector<std::optional<doctor_handshake>> machines_;
  post_box& to_patients_;
  boost::asio::io_context io_;
  doctor::crypto_pool pool_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_{[this] { io_.run(); }};
};

}  // namespace

double pool_alone(crypto::group_id group, std::size_t sign_ins) {
  const system_clock time;
  crypto::system_random random;
  practice where(group, time, random);

  std::deque<patient_handshake> patients;
  std::vector<bytes> requests;
  for (std::size_t i = 0; i < sign_ins; ++i) {
    known_doctor known;
    known.identity = where.doctor.public_part();
    patients.emplace_back(where.patients, std::move(known));
    requests.push_back(std::move(patients.back().start().send.at(0)));
  }

  post_box to_patients;
  doctors_end doctors(where, sign_ins, to_patients);
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < sign_ins; ++i) doctors.take(i, std::move(requests[i]));
  for (std::size_t established = 0; established < sign_ins;) {
    const auto [who, whole] = to_patients.take();
    if (whole.empty()) throw failure("the doctor ended a sign-in");
    auto step = patients[who].on_frame(as_frame(whole));
    if (step.close) throw failure("a patient ended a sign-in");
    if (step.established) ++established;
    for (auto& frame : step.send) doctors.take(who, std::move(frame));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return static_cast<double>(sign_ins) / took.count();
}

}  // namespace wardline::bench
