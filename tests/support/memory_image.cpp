#include "tests/support/memory_image.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace wardline::test {
namespace {

constexpr std::size_t window = 16;
constexpr std::size_t stride = 8;

// The process does nothing while this exists.
class held {
 public:
  explicit held(pid_t process) : process_(process) {
    if (::kill(process, SIGSTOP) != 0) throw std::runtime_error("no such process to look into");
    siginfo_t info{};
    // Without reaping it, if it has ended.
    ::waitid(P_PID, static_cast<id_t>(process), &info, WSTOPPED | WEXITED | WNOWAIT);
  }
  held(const held&) = delete;
  held& operator=(const held&) = delete;
  ~held() { ::kill(process_, SIGCONT); }

 private:
  pid_t process_;
};

class descriptor {
 public:
  explicit descriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw std::runtime_error("cannot open " + path);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { ::close(fd_); }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

std::uint64_t word_at(const byte* p) noexcept {
  std::uint64_t out;
  std::memcpy(&out, p, sizeof out);
  return out;
}

std::size_t slot_of(std::uint64_t word) noexcept { return static_cast<std::size_t>(word & 0xffff); }

struct piece {
  std::array<byte, window> value;
  std::size_t secret;
};

void add_pieces(std::multimap<std::uint64_t, piece>& to, byte_view value, std::size_t secret) {
  for (std::size_t at = 0; at + window <= value.size(); at += stride) {
    piece p{{}, secret};
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(at), window, p.value.begin());
    // The upper part of a short exponent is zero, as is most of any memory.
    if (std::count(p.value.begin(), p.value.end(), byte{0}) > static_cast<int>(window / 2))
      continue;
    to.emplace(word_at(p.value.data()), p);
  }
}

}  // namespace

memory_image::memory_image(pid_t process) {
  const held still(process);
  const auto directory = "/proc/" + std::to_string(process);
  const descriptor memory(directory + "/mem");
  std::ifstream maps(directory + "/maps");
  std::string line;
  while (std::getline(maps, line)) {
    std::istringstream words(line);
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char dash = 0;
    std::string rights, offset, device, inode, name;
    words >> std::hex >> begin >> dash >> end >> rights >> offset >> device >> inode >> name;
    if (rights.size() < 2 || rights[0] != 'r' || rights[1] != 'w') continue;
    region r{name.empty() ? "anonymous" : name, bytes(static_cast<std::size_t>(end - begin))};
    std::size_t read = 0;
    while (read < r.content.size()) {
      const auto n = ::pread(memory.get(), r.content.data() + read, r.content.size() - read,
                             static_cast<off_t>(begin + read));
      if (n <= 0) break;  // what the kernel does not give to a debugger is in no core image either
      read += static_cast<std::size_t>(n);
    }
    r.content.resize(read);
    regions_.push_back(std::move(r));
  }
  if (regions_.empty()) throw std::runtime_error("nothing could be read of a process");
}

std::vector<std::string> memory_image::find(const std::vector<known_secret>& secrets) const {
  std::multimap<std::uint64_t, piece> pieces;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    bytes value = secrets[i].value;
    if (value.size() < window) throw std::logic_error("a secret too short to look for");
    add_pieces(pieces, value, i);
    std::reverse(value.begin(), value.end());
    add_pieces(pieces, value, i);
  }
  // Nearly every word is none of ours: one look into a small table says so.
  std::vector<byte> candidates(0x10000);
  for (const auto& [word, p] : pieces) candidates[slot_of(word)] = 1;
  const byte* const is_candidate = candidates.data();

  std::map<std::size_t, std::string> places;
  for (const auto& r : regions_) {
    const byte* const data = r.content.data();
    const std::size_t size = r.content.size();
    for (std::size_t at = 0; at + window <= size; ++at) {
      const auto word = word_at(data + at);
      if (is_candidate[slot_of(word)] == 0) continue;
      const auto [first, last] = pieces.equal_range(word);
      for (auto it = first; it != last; ++it) {
        if (std::memcmp(data + at, it->second.value.data(), window) == 0) {
          places[it->second.secret] += " " + r.name + "+" + std::to_string(at);
        }
      }
    }
  }
  std::vector<std::string> out;
  for (const auto& [i, where] : places) out.push_back(secrets[i].name + " at" + where);
  return out;
}

}  // namespace wardline::test
