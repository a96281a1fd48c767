#include "bench/fanout/broker_process.hpp"

#include <chrono>
#include <fstream>
#include <thread>

#include "bench/harness/free_port.hpp"
#include "bench/harness/pem_files.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr int attempts = 3;  // somebody else may take its port
constexpr auto patience = std::chrono::seconds(10);
constexpr auto pause = std::chrono::milliseconds(10);

std::string last_line(const std::filesystem::path& of) {
  std::ifstream file(of);
  std::string out;
  for (std::string line; std::getline(file, line);) out = line;
  return out;
}

}  // namespace

broker_process::broker_process(const broker& which, const certificate* shown) {
  const auto name = which.program();
  const auto program = find_program(name);
  if (!program) throw failure(name + " is not installed (apt-get install " + name + ")");
  std::optional<certificate_files> tls;
  if (shown != nullptr) {
    tls = {directory_.path() / "certificate.pem", directory_.path() / "key.pem"};
    write_pem(*shown, tls->certificate, tls->key);
  }
  for (int i = 0; i < attempts; ++i) {
    if (start(which, *program, tls)) return;
  }
  const auto why = last_line(directory_.path() / "output.txt");
  throw failure(*program + " does not start" + (why.empty() ? "" : ": " + why));
}

bool broker_process::start(const broker& which, const std::string& program,
                           const std::optional<certificate_files>& tls) {
  const auto file = directory_.path() / "server.conf";
  port_ = free_port();
  std::ofstream(file) << which.configuration(port_, tls);
  process_.reset();
  process_.emplace(std::vector<std::string>{program, "-c", file.string()},
                   directory_.path() / "output.txt");
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (process_->is_running() && std::chrono::steady_clock::now() < give_up) {
    if (is_listening(port_)) return process_->is_running();
    std::this_thread::sleep_for(pause);
  }
  return false;
}

}  // namespace wardline::bench
