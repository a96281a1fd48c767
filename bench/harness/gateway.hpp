#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "bench/harness/child_process.hpp"
#include "bench/harness/process_usage.hpp"
#include "bench/harness/temporary_directory.hpp"
#include "common/crypto/identity.hpp"
#include "doctor/control/request.hpp"
#include "protocol/message/scopes.hpp"

namespace wardline::bench {

/// The real `doctor` program, in a process of its own and a directory of its own, on a port of the
/// kernel's choice. It ends with this object, and with this process.
class gateway {
 public:
  /// Makes the directory and the doctor's identity in it; nothing runs yet. `options` go on the
  /// program's command line.
  gateway(std::string program, crypto::group_id group, std::vector<std::string> options = {});
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;
  ~gateway();

  const crypto::identity& identity() const noexcept { return identity_; }
  const std::filesystem::path& directory() const noexcept { return directory_.path(); }

  /// Writes them into the records, with all rights or these. Only while it does not run.
  void enrol(const std::vector<crypto::identity>& patients,
             protocol::scopes rights = protocol::scope::all);

  /// From the next start on, each line that it prints goes there, from a thread of its own; all of
  /// them have when `stop` or `kill` returns.
  void listen(std::function<void(const std::string&)> to_line) { to_line_ = std::move(to_line); }

  /// Returns when it listens. The port is another one each time.
  void start();
  /// Politely (SIGTERM): it tells its patients, and everything is on disk. Waits for its end.
  void stop();
  /// As if the machine had lost its power.
  void kill();

  std::uint16_t port() const noexcept { return port_; }

  /// An operator's command over the control socket: what it answers. May be called from another
  /// thread.
  nlohmann::ordered_json ask(const doctor::control::request& what) const;

  /// Returns when it is at rest: it has used no processor time for a moment.
  void settle() const;

  /// Returns when everybody to whom it was sent has confirmed this message.
  void await_receipts(const std::string& message, std::chrono::seconds patience) const;

  /// Of the process that runs now, since it began.
  double used_cpu_us() const { return process_->used_cpu_us(); }
  std::uint64_t resident() const { return process_->resident(); }
  memory_use memory() const { return memory_of(process_->id()); }
  std::size_t open_files() const { return bench::open_files(process_->id()); }

 private:
  void end(int signal_number);
  [[noreturn]] void did_not_start();

  std::string program_;
  std::vector<std::string> options_;
  temporary_directory directory_;
  crypto::identity identity_;
  std::optional<child_process> process_;
  std::uint16_t port_ = 0;
  std::function<void(const std::string&)> to_line_ = [](const std::string&) {};
  std::thread reader_;  // takes what it prints, or it would fill its pipe
};

}  // namespace wardline::bench
