#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/handshake/certificates.hpp"
#include "bench/handshake/tls_sign_in.hpp"
#include "bench/handshake/wardline_sign_in.hpp"
#include "bench/report/report.hpp"

namespace wardline::bench {

/// Who is measured, and what they stand on. Must not be moved: the methods refer to it.
class contestants {
 public:
  struct contestant {
    subject of;
    std::unique_ptr<sign_in_method> method;
  };

  /// Ours in `group`, and what TLS has that is comparable with it. Who cannot take part is a remark
  /// in `out`.
  contestants(crypto::group_id group, report& out);
  contestants(const contestants&) = delete;
  contestants& operator=(const contestants&) = delete;
  ~contestants() = default;

  const std::vector<contestant>& all() const noexcept { return all_; }

 private:
  struct pair {
    certificate doctor;
    certificate patient;
  };

  const pair& certified(certificate_key kind);
  void add_tls(const subject& of, const std::string& name, tls_method::way how,
               certificate_key kind, const std::string& group, report& out);

  system_clock time_;
  crypto::system_random random_;
  practice practice_;
  std::map<certificate_key, pair> pairs_;
  std::vector<contestant> all_;
};

}  // namespace wardline::bench
