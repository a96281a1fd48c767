#include "common/at_rest/passphrase.hpp"

#include <cstdlib>
#include <unistd.h>

#include "common/cli/passphrase.hpp"
#include "common/crypto/constant_time.hpp"
#include "common/store/file.hpp"

namespace wardline::at_rest {
namespace {

constexpr std::size_t max_file = 4096;

/// LoadCredential=passphrase:... of a systemd unit.
std::optional<secret_bytes> from_credential() {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || *directory != '/') return std::nullopt;
  const auto content =
      store::read_credential(std::filesystem::path(directory) / "passphrase", max_file);
  if (!content) return std::nullopt;
  return cli::first_line(content->view());
}

std::optional<secret_bytes> from_descriptor_or_file(const passphrase_options& from) {
  if (from.descriptor) return cli::read_passphrase(*from.descriptor);
  const char* name = std::getenv("WARDLINE_PASSPHRASE_FILE");
  if (name == nullptr || *name == '\0') return from_credential();
  const auto content = store::read_private_file(name, max_file);
  if (!content) {
    throw failure(std::string(name) + ", which WARDLINE_PASSPHRASE_FILE names, is missing");
  }
  return cli::first_line(content->view());
}

void require_terminal(const passphrase_options& from, const char* option) {
  if (from.may_ask && ::isatty(STDIN_FILENO) == 1) return;
  throw failure("a passphrase is needed, and there is nobody to ask",
                std::string("Give it with ") + option +
                    ", or name a private file in WARDLINE_PASSPHRASE_FILE.");
}

}  // namespace

secret_bytes present_passphrase(const passphrase_options& from) {
  if (auto given = from_descriptor_or_file(from)) return std::move(*given);
  require_terminal(from, "--passphrase-fd N");
  return cli::ask_passphrase(STDIN_FILENO, "Passphrase: ");
}

secret_bytes new_passphrase(const passphrase_options& from, bool sources_are_free) {
  if (from.fresh_descriptor) return cli::read_passphrase(*from.fresh_descriptor);
  if (sources_are_free) {
    if (auto given = from_descriptor_or_file(from)) return std::move(*given);
  }
  if (!from.may_ask || ::isatty(STDIN_FILENO) != 1) {
    throw failure("a new passphrase is needed, and there is nobody to ask",
                  "Give it with --new-passphrase-fd N.");
  }
  auto first = cli::ask_passphrase(STDIN_FILENO, "New passphrase: ");
  const auto second = cli::ask_passphrase(STDIN_FILENO, "The same again: ");
  if (!crypto::equal_in_constant_time(first.view(), second.view())) {
    throw failure("the two are not the same; nothing has changed");
  }
  return first;
}

std::shared_ptr<const unlocked_keys> unlock_if_sealed(const std::filesystem::path& directory,
                                                      const passphrase_options& from) {
  if (!are_sealed(directory)) return nullptr;
  return std::make_shared<const unlocked_keys>(unlock(directory, present_passphrase(from).view()));
}

}  // namespace wardline::at_rest
