#include "bench/harness/pem_files.hpp"

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <openssl/pem.h>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

struct file_closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

template <class Write>
void write_file(const std::filesystem::path& name, const Write& write) {
  const int fd = ::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  const std::unique_ptr<std::FILE, file_closer> file(fd < 0 ? nullptr : ::fdopen(fd, "w"));
  if (!file || write(file.get()) != 1 || std::fflush(file.get()) != 0) {
    throw failure(name.string() + " cannot be written");
  }
}

}  // namespace

void write_pem(const certificate& what, const std::filesystem::path& certificate_file,
               const std::filesystem::path& key_file) {
  write_file(certificate_file, [&](std::FILE* to) { return PEM_write_X509(to, what.shown.get()); });
  write_file(key_file, [&](std::FILE* to) {
    return PEM_write_PrivateKey(to, what.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace wardline::bench
