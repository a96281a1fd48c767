#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"
#include "common/crypto/suite.hpp"

/// The parts of the table, one file each.
namespace wardline::bench::primitives {

/// Key generation, signature, verification, the exponentiations, the element check and a broadcast.
void measure_group(crypto::group_id group, const settings& how, report& out);

/// AES-256-GCM, both ways, from 16 B to 64 KiB.
void measure_cipher(const settings& how, report& out);

/// SHA-256 and HKDF-SHA-256.
void measure_hash(const settings& how, report& out);

/// A new generation of the group key, at 10 to 10,000 members.
void measure_group_key(const settings& how, report& out);

/// Fresh groups of a safe prime, which the protocol never makes: 512, 1,024 and (not with `quick`)
/// 2,048 bits. OpenSSL's search is given up when the time for all of it is over.
void measure_safe_primes(const settings& how, report& out);

}  // namespace wardline::bench::primitives
