#include "bench/storm/bystanders.hpp"

#include <chrono>
#include <future>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::minutes patience{1};
constexpr std::chrono::milliseconds between{100};

}  // namespace

bystanders::bystanders(gateway& server, crypto::group_id group)
    : server_(server), crowd_(count, group, count, 'h') {
  crowd_.know(server.identity());
}

void bystanders::come() {
  const auto result = crowd_.sign_in(patient_crowd::sign_in_plan{server_.port()});
  if (result.established < count) {
    throw failure(fmt::format("only {} of {} bystanders signed in", result.established, count));
  }
}

double bystanders::broadcast() {
  const auto before = crowd_.newest().message;
  const auto began = steady::now();
  // The gateway's answer is awaited elsewhere, while the patients are served here.
  auto order = std::async(std::launch::async, [this] {
    return server_.ask(
        doctor::control::broadcast_request{"a call", protocol::priority::emergency, true, {}});
  });
  const auto& newest = crowd_.newest();
  const bool all_have_it =
      crowd_.run([&] { return newest.message != before && newest.decrypted == count; }, patience);
  const auto last = newest.last;
  order.get();
  if (!all_have_it) throw failure("a broadcast did not reach all who are present");
  return std::chrono::duration<double, std::milli>(last - began).count();
}

void bystanders::begin() {
  is_over_ = false;
  took_.clear();
  thread_ = std::thread([this] {
    try {
      while (!is_over_) {
        took_.push_back(broadcast());
        crowd_.run([this] { return is_over_.load(); }, between);
      }
    } catch (...) {
      why_ = std::current_exception();
    }
  });
}

std::vector<double> bystanders::end() {
  is_over_ = true;
  if (thread_.joinable()) thread_.join();
  if (why_) std::rethrow_exception(std::exchange(why_, nullptr));
  return std::exchange(took_, {});
}

}  // namespace wardline::bench
