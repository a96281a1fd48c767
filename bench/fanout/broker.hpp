#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "bench/fanout/broker_reader.hpp"

namespace wardline::bench {

/// The files that a server shows itself with (PEM).
struct certificate_files {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// What tells one publish-subscribe server from another.
class broker {
 public:
  virtual ~broker() = default;

  virtual std::string name() const = 0;  ///< as in the report
  /// What is run, and of the Debian package that it comes with. It takes "-c FILE".
  virtual std::string program() const = 0;
  /// The contents of that file: on 127.0.0.1:port, for everybody, keeping nothing, with room for
  /// any number of connections; with TLS if there are files for it.
  virtual std::string configuration(std::uint16_t port,
                                    const std::optional<certificate_files>& tls) const = 0;

  /// Whether it introduces itself, in the clear, before anything else is sent.
  virtual bool speaks_first() const = 0;
  virtual std::unique_ptr<broker_reader> make_reader() const = 0;
  /// What the `number`th connection says to become the publisher or a receiver; it ends with a
  /// ping, so that an answer to that means that all is done.
  virtual bytes sign_in(std::size_t number, bool receives, bool over_tls) const = 0;
  virtual bytes publication(byte_view text) const = 0;
  virtual bytes pong() const = 0;

  /// How long after a connection the server may still ping it by itself, once; what it does then
  /// is no part of a delivery.
  virtual std::chrono::milliseconds ping_after_sign_in() const = 0;
};

std::unique_ptr<broker> mosquitto();
std::unique_ptr<broker> nats_server();

}  // namespace wardline::bench
