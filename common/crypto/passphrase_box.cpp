#include "common/crypto/passphrase_box.hpp"

#include <algorithm>
#include <limits>

#include <sodium.h>

#include "common/crypto/aead.hpp"
#include "common/crypto/sodium.hpp"

namespace wardline::crypto::passphrase_box {
namespace {

constexpr std::string_view magic = "WLSEALED";
constexpr byte version = 1;
constexpr std::size_t salt_size = 16;
static_assert(salt_size == crypto_pwhash_SALTBYTES);
constexpr std::size_t version_at = magic.size();
constexpr std::size_t passes_at = version_at + 1;
constexpr std::size_t memory_at = passes_at + 4;
constexpr std::size_t salt_at = memory_at + 8;
constexpr std::size_t note_size_at = salt_at + salt_size;
constexpr std::size_t note_at = note_size_at + 1;

struct parts {
  cost work;
  byte_view salt;
  byte_view note;
  byte_view header;
  aes256_gcm::nonce nonce;
  byte_view sealed;
};

result<parts> read(byte_view box) {
  if (box.size() < note_at || as_text(box.first(magic.size())) != magic) {
    return errc::invalid_encoding;
  }
  if (box[version_at] == 0) return errc::invalid_encoding;
  if (box[version_at] > version) return errc::protocol_error;
  const std::size_t header_size = note_at + box[note_size_at];
  if (box.size() < header_size + aes256_gcm::nonce_size + aes256_gcm::tag_size) {
    return errc::invalid_encoding;
  }
  parts out;
  out.work.passes = static_cast<std::uint32_t>(from_big_endian<4>(box.subspan(passes_at, 4)));
  out.work.memory = from_big_endian<8>(box.subspan(memory_at, 8));
  if (out.work.passes < crypto_pwhash_opslimit_min() || out.work.passes > greatest_cost.passes ||
      out.work.memory < crypto_pwhash_memlimit_min() || out.work.memory > greatest_cost.memory) {
    return errc::invalid_encoding;
  }
  out.salt = box.subspan(salt_at, salt_size);
  out.note = box.subspan(note_at, box[note_size_at]);
  out.header = box.first(header_size);
  std::ranges::copy(box.subspan(header_size, out.nonce.size()), out.nonce.begin());
  out.sealed = box.subspan(header_size + out.nonce.size());
  return out;
}

secret<32> key_of(byte_view passphrase, byte_view salt, const cost& c) {
  use_sodium();
  secret<32> key;
  const auto out = key.writable();
  const byte nothing = 0;
  const byte* words = passphrase.empty() ? &nothing : passphrase.data();
  if (c.memory > std::numeric_limits<std::size_t>::max() ||
      crypto_pwhash(out.data(), out.size(), reinterpret_cast<const char*>(words), passphrase.size(),
                    salt.data(), c.passes, static_cast<std::size_t>(c.memory),
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw failure("there is not enough memory to make a key of the passphrase",
                  "it takes " + std::to_string(c.memory >> 20U) + " MiB for a moment");
  }
  return key;
}

}  // namespace

bytes seal(byte_view passphrase, byte_view note, byte_view plaintext, const cost& c,
           random_source& random) {
  if (note.size() > max_note) throw failure("the note of a sealed secret is too long");
  byte_array<salt_size> salt;
  random.fill(salt);
  aes256_gcm::nonce nonce;
  random.fill(nonce);

  bytes out = to_bytes(as_bytes(magic));
  out.push_back(version);
  append(out, big_endian<4>(c.passes));
  append(out, big_endian<8>(c.memory));
  append(out, salt);
  out.push_back(static_cast<byte>(note.size()));
  append(out, note);
  const bytes header = out;
  append(out, nonce);
  aes256_gcm(key_of(passphrase, salt, c)).seal(nonce, header, plaintext, out);
  return out;
}

result<bytes> note_of(byte_view box) {
  const auto p = read(box);
  if (!p) return p.error();
  return to_bytes(p->note);
}

result<secret_bytes> open(byte_view passphrase, byte_view box) {
  const auto p = read(box);
  if (!p) return p.error();
  return aes256_gcm(key_of(passphrase, p->salt, p->work)).open(p->nonce, p->header, p->sealed);
}

}  // namespace wardline::crypto::passphrase_box
