#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/fanout/broker.hpp"
#include "bench/fanout/broker_process.hpp"
#include "bench/fanout/contestant.hpp"
#include "bench/harness/tls_crowd.hpp"

namespace wardline::bench {

/// A broker in the contest: one connection publishes, all others receive.
class broker_contestant final : public contestant {
 public:
  broker_contestant(std::unique_ptr<broker> which, bool over_tls);

  std::string name() const override;
  void connect(std::size_t n) override;
  delivery broadcast(byte_view text) override;

 private:
  struct link {
    std::unique_ptr<broker_reader> reader;
    bool was_greeted = false;
    bool is_signed_in = false;
    bool was_pinged = false;
    bool has_it = false;  // the text that is under way
  };

  void connect_one();
  void sign_in(std::size_t who);
  void take(std::size_t who, byte_view arrived);
  void handle(std::size_t who, const broker_event& event);
  void take_message(link& receiver, byte_view payload);
  void lose(std::size_t who, const std::string& why);

  std::unique_ptr<broker> broker_;
  std::optional<certificate> certificate_;
  std::optional<tls_context> trust_;
  std::optional<broker_process> server_;
  std::vector<link> links_;  // by number in the crowd; the publisher is the first
  std::size_t signed_in_ = 0;
  std::size_t under_way_ = 0;  // to be signed in
  std::size_t pinged_ = 0;
  std::size_t losses_ = 0;
  std::string trouble_;  // why the last connection was lost
  byte_view text_;       // under way; empty: none is
  std::size_t missing_ = 0;
  std::chrono::steady_clock::time_point last_;
  std::optional<tls_crowd> crowd_;
};

}  // namespace wardline::bench
