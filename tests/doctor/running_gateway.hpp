#pragma once

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "common/crypto/random.hpp"
#include "doctor/control/server.hpp"
#include "doctor/gateway.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// A gateway with its control socket, at a port of the kernel's choice, on a thread of its own.
class running_gateway {
 public:
  /// `enrolled`: patients whose keys nobody has.
  explicit running_gateway(const std::vector<std::string>& enrolled = {},
                           const doctor::control::server_limits& limits = {}) {
    enrol(enrolled);
    doctor::config settings;
    settings.id = "dr";
    settings.data_directory = directory_.path();
    settings.listen = {"127.0.0.1", 0};
    settings.crypto_workers = 1;
    gateway_ = std::make_unique<doctor::gateway>(io_, settings, time_, random_);
    server_ = std::make_unique<doctor::control::server>(io_, *gateway_, directory_.path(), limits);
    gateway_->start();
    thread_ = std::thread([this] {
      const auto work = boost::asio::make_work_guard(io_);
      io_.run();
    });
  }
  ~running_gateway() {
    io_.stop();
    thread_.join();
  }

  /// Runs `action` where the gateway runs; what it returns or throws.
  template <class Action>
  auto at(Action action) {
    std::packaged_task<decltype(action(*gateway_))()> task([&] { return action(*gateway_); });
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }

  boost::asio::io_context& io() noexcept { return io_; }
  doctor::control::server& server() noexcept { return *server_; }
  const std::filesystem::path& directory() const noexcept { return directory_.path(); }
  std::uint16_t port() {
    return at([](doctor::gateway& g) { return net::parse_address(g.status().address).port; });
  }

 private:
  void enrol(const std::vector<std::string>& ids) {
    constexpr auto group = crypto::group_id::ristretto255;
    doctor::open_identity(directory_.path(), "dr", group, group, random_);
    doctor::records kept(directory_.path(), random_);
    for (const auto& id : ids) {
      const crypto::own_identity who(random_.make_secret<32>(), crypto::role::patient, group, id);
      kept.patients.enrol(who.public_part(), protocol::scope::all, time_.now());
    }
  }

  temporary_directory directory_;
  system_clock time_;
  crypto::system_random random_;
  boost::asio::io_context io_;
  std::unique_ptr<doctor::gateway> gateway_;
  std::unique_ptr<doctor::control::server> server_;
  std::thread thread_;
};

}  // namespace wardline::test
