#include "bench/primitives/primitives.hpp"

#include "bench/primitives/tables.hpp"
#include "common/crypto/sodium.hpp"

namespace wardline::bench {

void run_primitives(const settings& how, report& out) {
  using crypto::group_id;
  crypto::use_sodium();
  for (const auto id :
       {group_id::ffdhe2048, group_id::ffdhe3072, group_id::ffdhe4096, group_id::ristretto255}) {
    if (!how.group || *how.group == id) primitives::measure_group(id, how, out);
  }
  primitives::measure_cipher(how, out);
  primitives::measure_hash(how, out);
  primitives::measure_group_key(how, out);
  primitives::measure_safe_primes(how, out);
}

}  // namespace wardline::bench
