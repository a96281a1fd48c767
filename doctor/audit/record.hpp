#pragma once

#include <string>

#include "common/crypto/sha256.hpp"
#include "common/util/clock.hpp"

/// Who did what, kept so that nobody can alter it unseen.
namespace wardline::doctor::audit {

/// One act or event, in words. What does not apply is empty. Never the text of a message, never a
/// secret.
struct entry {
  std::string actor = {};   ///< "operator", "gateway", "stranger" or "patient:ID"
  std::string event = {};   ///< one of the names in names.hpp
  std::string whom = {};    ///< a patient's id, or what was acted on
  std::string source = {};  ///< the address that it came from
  std::string before = {};
  std::string after = {};
  std::string result = "done";
  std::string reason = {};  ///< an error's name, or why
  std::string detail = {};  ///< name=value, separated by spaces

  friend bool operator==(const entry&, const entry&) = default;
};

struct record {
  std::uint64_t number;  ///< from 1 on, without a gap
  unix_ms time;
  entry what;
  crypto::digest hash;  ///< `link` of the hash before and of all the rest

  friend bool operator==(const record&, const record&) = default;
};

/// The doctor's signature over (number, hash, time): the log was so up to this record.
struct checkpoint {
  std::uint64_t number;
  crypto::digest hash;
  unix_ms time;
  bytes signature;  ///< own_identity::sign in the context label::audit_checkpoint

  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

/// How far a log goes; {0, 32 zero bytes} for an empty one.
struct head {
  std::uint64_t number = 0;
  crypto::digest hash{};

  friend bool operator==(const head&, const head&) = default;
};

/// A checkpoint stands at each multiple of this, at each stop of the gateway, and at the record of
/// each export, so that the whole export is signed.
inline constexpr std::uint64_t checkpoint_interval = 1'000;

/// SHA-256(u32 length || label::audit_record || hash before || u64 number || u64 time || for each
/// of the nine texts: u32 length || text). The hash before the first record is 32 zero bytes.
crypto::digest link(const crypto::digest& before, std::uint64_t number, unix_ms time,
                    const entry& what);

/// True if a checkpoint has to stand at this record.
bool needs_checkpoint(const record& r) noexcept;

}  // namespace wardline::doctor::audit
