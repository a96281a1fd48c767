#pragma once

#include <memory>
#include <string>
#include <vector>

#include "doctor/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::test {

/// A data directory with the records in it, as after a start of the gateway.
class home {
 public:
  home() { restart(); }

  doctor::records* operator->() { return kept_.get(); }
  doctor::records& operator*() { return *kept_; }
  const std::filesystem::path& path() const { return directory_.path(); }

  void stop() { kept_.reset(); }
  void restart() {
    stop();
    kept_ = std::make_unique<doctor::records>(path(), random_);
  }

  /// What a thief, or somebody who tampers with the file, can do to it.
  void tamper(const std::string& sql) { kept_->database().execute(sql); }

 private:
  temporary_directory directory_;
  crypto::system_random random_;
  std::unique_ptr<doctor::records> kept_;
};

/// The patient `id` with the keys of device number `device`.
inline crypto::identity patient(const std::string& id, byte device = 1) {
  byte_array<32> seed;
  seed.fill(device);
  return crypto::own_identity(crypto::identity_seed(seed), crypto::role::patient,
                              crypto::group_id::ristretto255, id)
      .public_part();
}

/// Distinct values with a byte of their own; `low` makes more than 256 of them.
template <class Fixed>
Fixed numbered(byte x, byte low = 0) {
  Fixed out;
  out.value.fill(x);
  out.value.back() = low;
  return out;
}

inline crypto::fingerprint key(byte x) { return numbered<crypto::fingerprint>(x); }
inline protocol::message_id message(byte x) { return numbered<protocol::message_id>(x); }

template <std::size_t N>
secret<N> secret_of(byte x) {
  byte_array<N> out;
  out.fill(x);
  return secret<N>(out);
}

inline protocol::content content(byte id, const std::string& text, unix_ms expires = 0) {
  return {message(id),
          1'000,
          expires,
          protocol::content_type::text,
          protocol::priority::emergency,
          to_bytes(as_bytes(text))};
}

inline constexpr protocol::broadcast_position somewhere{1'700'000'000, 3, 42};

inline doctor::outgoing broadcast(const protocol::content& c) {
  return {c, protocol::encode(c), true, somewhere, bytes{1, 2, 3}};
}

inline doctor::outgoing direct(const protocol::content& c) {
  return {c, protocol::encode(c), false, std::nullopt, {}};
}

inline std::vector<std::string> many_patients(int n) {
  std::vector<std::string> out;
  for (int i = 0; i < n; ++i) out.push_back("patient-" + std::to_string(i));
  return out;
}

}  // namespace wardline::test
