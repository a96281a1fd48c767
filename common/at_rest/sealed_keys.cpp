#include "common/at_rest/sealed_keys.hpp"

#include <algorithm>

#include "common/crypto/constant_time.hpp"
#include "common/store/error.hpp"
#include "common/store/file.hpp"
#include "common/store/secret_file.hpp"

namespace wardline::at_rest {
namespace {

namespace fs = std::filesystem;
namespace box = crypto::passphrase_box;

constexpr std::size_t max_file = 1024;

store::error damaged(const fs::path& file) {
  return {store::error_kind::corrupt, file.string() + " is damaged",
          "Restore it from a backup: without it the keys are lost."};
}

[[noreturn]] void refuse(const fs::path& file, const boost::system::error_code& why) {
  if (why == errc::invalid_tag) {
    throw failure("the passphrase is wrong (or " + file.string() + " was changed)",
                  "Nothing else opens the keys. If it is forgotten, only a backup from before it "
                  "was set helps.");
  }
  if (why == errc::protocol_error) {
    throw failure(file.string() + " was written by a newer version",
                  "Use the newer version of this program.");
  }
  throw damaged(file);
}

secret_bytes content_of(const fs::path& file) {
  auto content = store::read_private_file(file, max_file);
  if (!content) {
    throw failure(file.string() + " is missing", "Is it the right data directory?");
  }
  return std::move(*content);
}

}  // namespace

bool are_sealed(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(directory / sealed_name, ignored));
}

unlocked_keys unlock(const fs::path& directory, byte_view passphrase) {
  const auto file = directory / sealed_name;
  const auto both = box::open(passphrase, content_of(file).view());
  if (!both) refuse(file, both.error());
  if (both->size() != 64) throw damaged(file);
  return {crypto::identity_seed(both->view().first<32>()),
          secret<32>(both->view().subspan<32, 32>())};
}

bytes note_of(const fs::path& directory) {
  const auto file = directory / sealed_name;
  auto note = box::note_of(content_of(file).view());
  if (!note) refuse(file, note.error());
  return std::move(*note);
}

unlocked_keys keys_in_the_clear(const fs::path& directory) {
  auto seed = store::secret_file::load(directory / seed_name);
  auto key = store::secret_file::load(directory / store_key_name);
  if (!seed || !key) throw failure("the keys in " + directory.string() + " have gone");
  return {std::move(*seed), std::move(*key)};
}

void seal_keys(const fs::path& directory, const unlocked_keys& keys, byte_view note,
               byte_view passphrase, const box::cost& cost, crypto::random_source& random) {
  secret_bytes both(64);
  std::ranges::copy(keys.identity_seed.view(), both.writable().begin());
  std::ranges::copy(keys.store_key.view(), both.writable().begin() + 32);
  store::replace_secret_file(directory / sealed_name,
                             box::seal(passphrase, note, both.view(), cost, random));
  // From here on the sealed ones count.
  store::erase_file(directory / seed_name);
  store::erase_file(directory / store_key_name);
}

void lay_open_keys(const fs::path& directory, const unlocked_keys& keys) {
  store::replace_file(directory / seed_name, keys.identity_seed.view());
  store::replace_file(directory / store_key_name, keys.store_key.view());
  // Up to here the sealed ones count.
  store::erase_file(directory / sealed_name);
}

const secret<32>* sealed_one(const fs::path& directory, std::string_view name,
                             const unlocked_keys* keys, secret<32> unlocked_keys::*which) {
  if (!are_sealed(directory)) return nullptr;
  if (keys == nullptr) {
    throw failure("the keys in " + directory.string() + " are sealed by a passphrase",
                  "Give it by --passphrase-fd or WARDLINE_PASSPHRASE_FILE, or at a terminal.");
  }
  const auto file = directory / name;
  if (const auto left = store::secret_file::load(file)) {
    // All zeros: the crash came between overwriting and removing it.
    if (!crypto::equal_in_constant_time(left->view(), (keys->*which).view()) &&
        !crypto::equal_in_constant_time(left->view(), secret<32>().view())) {
      throw failure(
          file.string() + " lies beside " + std::string(sealed_name) + " and holds another key",
          "Find out which of the two belongs here, and move the other one away.");
    }
    store::erase_file(file);
  }
  return &(keys->*which);
}

}  // namespace wardline::at_rest
