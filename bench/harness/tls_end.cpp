#include "bench/harness/tls_end.hpp"

#include <array>
#include <limits>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace wardline::bench {
namespace {

constexpr std::size_t read_size = 4096;

}  // namespace

void tls_context::deleter::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }
void tls_end::deleter::operator()(ssl_st* end) const noexcept { SSL_free(end); }

tls_context::tls_context() : context_(SSL_CTX_new(TLS_method())) {
  if (!context_ || SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION) != 1) {
    openssl_failed("TLS 1.3 could not be set up");
  }
  SSL_CTX_set_mode(context_.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
}

tls_context tls_context::client(const certificate& trusted) {
  tls_context made;
  auto* const store = SSL_CTX_get_cert_store(made.context_.get());
  if (X509_STORE_add_cert(store, trusted.shown.get()) != 1) {
    openssl_failed("a certificate cannot be trusted");
  }
  SSL_CTX_set_verify(made.context_.get(), SSL_VERIFY_PEER, nullptr);
  return made;
}

tls_context tls_context::server(const certificate& own) {
  tls_context made;
  if (SSL_CTX_use_certificate(made.context_.get(), own.shown.get()) != 1 ||
      SSL_CTX_use_PrivateKey(made.context_.get(), own.key.get()) != 1) {
    openssl_failed("a certificate cannot be shown");
  }
  return made;
}

tls_end::tls_end(const tls_context& context) : end_(SSL_new(context.context_.get())) {
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (!end_ || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    openssl_failed("no memory for a connection");
  }
  SSL_set_bio(end_.get(), in, out);
  // Only the client's context verifies.
  if (SSL_get_verify_mode(end_.get()) == SSL_VERIFY_NONE) {
    SSL_set_accept_state(end_.get());
  } else {
    SSL_set_connect_state(end_.get());
  }
}

bool tls_end::is_established() const noexcept { return SSL_is_init_finished(end_.get()) == 1; }

errc tls_end::note_reason(errc what) {
  const auto code = ERR_peek_error();
  const char* const text = code == 0 ? nullptr : ERR_reason_error_string(code);
  const long verdict = SSL_get_verify_result(end_.get());
  if (verdict != X509_V_OK) {
    reason_ = X509_verify_cert_error_string(verdict);
  } else {
    reason_ = text == nullptr ? "the connection was closed" : text;
  }
  ERR_clear_error();
  return what;
}

result<void> tls_end::advance() {
  if (is_established()) return {};
  ERR_clear_error();
  const int done = SSL_do_handshake(end_.get());
  if (done != 1) {
    if (SSL_get_error(end_.get(), done) == SSL_ERROR_WANT_READ) return {};
    return note_reason(errc::authentication_failed);
  }
  return seal(std::exchange(waiting_, {}));
}

result<void> tls_end::seal(byte_view plain) {
  if (plain.empty()) return {};
  ERR_clear_error();
  std::size_t written = 0;  // all of it: memory takes what comes
  if (SSL_write_ex(end_.get(), plain.data(), plain.size(), &written) != 1) {
    return note_reason(errc::connection_lost);
  }
  return {};
}

result<void> tls_end::send(byte_view plain) {
  if (is_established()) return seal(plain);
  append(waiting_, plain);
  return advance();
}

result<void> tls_end::take(byte_view arrived, bytes& opened) {
  BIO* const in = SSL_get_rbio(end_.get());
  if (arrived.size() > std::numeric_limits<int>::max()) return errc::too_large;
  const int size = static_cast<int>(arrived.size());
  if (size > 0 && BIO_write(in, arrived.data(), size) != size) {
    throw failure("no memory for what a connection brings");
  }
  const auto advanced = advance();
  if (!advanced || !is_established()) return advanced;
  std::array<byte, read_size> part{};
  for (;;) {
    ERR_clear_error();
    std::size_t got = 0;
    if (SSL_read_ex(end_.get(), part.data(), part.size(), &got) != 1) break;
    append(opened, byte_view(part).first(got));
  }
  if (SSL_get_error(end_.get(), 0) == SSL_ERROR_WANT_READ) return {};
  return note_reason(errc::connection_lost);
}

bytes tls_end::take_output() {
  BIO* const out = SSL_get_wbio(end_.get());
  bytes taken(BIO_ctrl_pending(out));
  if (taken.empty()) return taken;
  const int got = BIO_read(out, taken.data(), static_cast<int>(taken.size()));
  taken.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return taken;
}

}  // namespace wardline::bench
