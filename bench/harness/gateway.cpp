#include "bench/harness/gateway.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/net/address.hpp"
#include "doctor/control/client.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"

namespace wardline::bench {
namespace {

const std::string doctor_id = "bench";
const std::string errors_name = "errors.txt";

crypto::identity make_identity(const std::filesystem::path& directory, crypto::group_id group) {
  crypto::system_random random;
  return doctor::open_identity(directory, doctor_id, group, group, random).public_part();
}

// The first line that a program prints; empty if it ends before. No further than the line: what
// follows is another's to read.
std::string read_line(int from) {
  std::string out;
  for (char c = 0; ::read(from, &c, 1) == 1 && c != '\n';) out += c;
  return out;
}

// Until its end.
void read_lines(int from, const std::function<void(const std::string&)>& to_line) {
  std::array<char, 65536> piece{};
  std::string line;
  for (ssize_t n = 0; (n = ::read(from, piece.data(), piece.size())) > 0;) {
    for (const char c : std::string_view(piece.data(), static_cast<std::size_t>(n))) {
      if (c == '\n') {
        to_line(line);
        line.clear();
      } else {
        line += c;
      }
    }
  }
  ::close(from);
}

}  // namespace

gateway::gateway(std::string program, crypto::group_id group, std::vector<std::string> options)
    : program_(std::move(program)),
      options_(std::move(options)),
      identity_(make_identity(directory_.path(), group)) {}

gateway::~gateway() { kill(); }

void gateway::enrol(const std::vector<crypto::identity>& patients, protocol::scopes rights) {
  crypto::system_random random;
  const system_clock time;
  doctor::records kept(directory(), random);
  store::transaction whole(kept.database());
  for (const auto& who : patients) kept.patients.enrol(who, rights, time.now());
  whole.commit();
}

void gateway::start() {
  std::vector<std::string> words{program_,   "--id",        doctor_id,   "--data-dir",  directory(),
                                 "--listen", "127.0.0.1:0", "--no-menu", "--log-level", "warning"};
  words.insert(words.end(), options_.begin(), options_.end());

  std::array<int, 2> output{-1, -1};
  const auto errors_file = (directory() / errors_name).string();
  const int errors = ::open(errors_file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (errors < 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
    throw failure("the gateway cannot be started: no file is to be had");
  process_.emplace(std::move(words), output[1], errors);
  ::close(output[1]);
  ::close(errors);

  const auto first = nlohmann::json::parse(read_line(output[0]), nullptr, false);
  reader_ = std::thread(read_lines, output[0], to_line_);
  if (!first.is_object() || first.value("event", "") != "listening") did_not_start();
  port_ = net::parse_address(first.at("address").get<std::string>()).port;
}

void gateway::did_not_start() {
  kill();
  std::ifstream file(directory() / errors_name);
  std::string why;
  std::getline(file, why);
  throw failure(program_ + " does not start" + (why.empty() ? "" : ": " + why),
                "--doctor names the program to be measured");
}

void gateway::end(int signal_number) {
  if (process_) process_->end(signal_number);
  process_.reset();
  if (reader_.joinable()) reader_.join();
}

void gateway::stop() { end(SIGTERM); }
void gateway::kill() { end(SIGKILL); }

nlohmann::ordered_json gateway::ask(const doctor::control::request& what) const {
  nlohmann::ordered_json answer;
  if (!doctor::control::ask(directory(), what, answer))
    throw failure("the gateway ended by itself");
  return answer;
}

void gateway::settle() const { process_->used_cpu_us(); }  // which waits for that

void gateway::await_receipts(const std::string& message, std::chrono::seconds patience) const {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!ask(doctor::control::deliveries_request{message}).at("missing").empty()) {
    if (std::chrono::steady_clock::now() > give_up)
      throw failure("the gateway does not have all receipts");
  }
}

}  // namespace wardline::bench
