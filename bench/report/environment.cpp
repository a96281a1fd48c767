#include "bench/report/environment.hpp"

#include <chrono>
#include <fstream>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

#include <boost/version.hpp>
#include <cryptopp/config_ver.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium/version.h>

#include "common/util/version.hpp"

namespace wardline::bench {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) {
      const auto colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string memory() {
  const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return fmt::format("{:.1f} GiB", pages * page / (1024.0 * 1024 * 1024));
}

std::string kernel() {
  utsname names{};
  if (::uname(&names) != 0) return "unknown";
  return fmt::format("{} {} {}", names.sysname, names.release, names.machine);
}

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

environment describe_environment() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return {
      {"date", fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(now))},
      {"wardline",
       fmt::format("{} ({})", version, version_commit.empty() ? "commit unknown" : version_commit)},
      {"cpu", cpu_model()},
      {"processors", std::to_string(std::thread::hardware_concurrency())},
      {"memory", memory()},
      {"kernel", kernel()},
      {"compiler", compiler()},
      {"flags", WARDLINE_BUILD_FLAGS},
      {"openssl", OpenSSL_version(OPENSSL_VERSION)},
      {"crypto++", fmt::format("{}.{}.{}", CRYPTOPP_MAJOR, CRYPTOPP_MINOR, CRYPTOPP_REVISION)},
      {"libsodium", SODIUM_VERSION_STRING},
      {"boost", BOOST_LIB_VERSION},
      {"sqlite", WARDLINE_SQLITE_VERSION},
      {"google benchmark", WARDLINE_BENCHMARK_VERSION},
  };
}

}  // namespace wardline::bench
