#include "bench/handshake/tls_sign_in.hpp"

#include <array>
#include <utility>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "bench/handshake/in_step.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

struct ssl_deleter {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
  void operator()(SSL* end) const noexcept {
    // Without a shutdown, OpenSSL takes the session for broken and would not resume it.
    SSL_shutdown(end);
    SSL_free(end);
  }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
template <class T>
using owned = std::unique_ptr<T, ssl_deleter>;

constexpr std::array<unsigned char, 5> session_context{'b', 'e', 'n', 'c', 'h'};

owned<SSL_CTX> make_context(const SSL_METHOD* method, const std::string& group, tls_end who) {
  owned<SSL_CTX> made(SSL_CTX_new(method));
  SSL_CTX* const c = made.get();
  const bool ok =
      c != nullptr && SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1 &&
      SSL_CTX_set_ciphersuites(c, "TLS_AES_256_GCM_SHA384") == 1 &&
      SSL_CTX_set1_groups_list(c, group.c_str()) == 1 &&
      SSL_CTX_use_certificate(c, who.own.shown.get()) == 1 &&
      SSL_CTX_use_PrivateKey(c, who.own.key.get()) == 1 &&
      X509_STORE_add_cert(SSL_CTX_get_cert_store(c), who.trusted.shown.get()) == 1 &&
      SSL_CTX_set_session_id_context(c, session_context.data(), session_context.size()) == 1 &&
      SSL_CTX_set_num_tickets(c, 1) == 1;
  if (!ok) openssl_failed("TLS could not be set up with " + group);
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_quiet_shutdown(c, 1);  // our last word is not measured either
  return made;
}

}  // namespace

/// What outlives a sign-in.
struct tls_sessions {
  owned<SSL_CTX> doctor;
  owned<SSL_CTX> patient;
  std::string other_group;                  ///< that the doctor does not know
  std::vector<owned<SSL_SESSION>> tickets;  ///< by which the next resumed sign-ins come back
};

namespace {

class tls_sign_in final : public sign_in {
 public:
  using way = tls_method::way;

  tls_sign_in(tls_sessions& sessions, way how, owned<SSL_SESSION> ticket)
      : sessions_(sessions), how_(how) {
    BIO* near = nullptr;
    BIO* far = nullptr;
    if (BIO_new_bio_pair(&near, 0, &far, 0) != 1) openssl_failed("no memory for a connection");
    doctor_wire_.reset(near);
    owned<BIO> patient_wire(far);
    patient_.reset(SSL_new(sessions.patient.get()));
    if (!patient_) openssl_failed("the patient's end could not be made");
    static_cast<void>(patient_wire.release());  // it goes with patient_ from here
    SSL_set_bio(patient_.get(), far, far);
    SSL_set_connect_state(patient_.get());
    if (ticket && SSL_set_session(patient_.get(), ticket.get()) != 1) {
      openssl_failed("a ticket cannot be used");
    }
    // OpenSSL's client always offers psk_dhe_ke too, and its server takes that wherever a group is
    // shared: psk_ke comes about only if none is.
    if (how == way::resumed_by_psk &&
        SSL_set1_groups_list(patient_.get(), sessions.other_group.c_str()) != 1) {
      openssl_failed("psk_ke could not be set up");
    }
  }

  void patient_turn() override {
    if (SSL_is_init_finished(patient_.get()) == 0) {
      step(patient_.get(), "the patient");
      return;
    }
    // The ticket comes behind the handshake and is taken in by reading, here as in any client.
    ERR_clear_error();
    char nothing = 0;
    const int got = SSL_read(patient_.get(), &nothing, 1);
    if (SSL_get_error(patient_.get(), got) != SSL_ERROR_WANT_READ) {
      openssl_failed("the patient ended the sign-in");
    }
    ticket_.reset(SSL_get1_session(patient_.get()));
  }

  void doctor_turn() override {
    if (!doctor_) {
      doctor_.reset(SSL_new(sessions_.doctor.get()));
      if (!doctor_) openssl_failed("the doctor's end could not be made");
      BIO* const wire = doctor_wire_.release();
      SSL_set_bio(doctor_.get(), wire, wire);
      SSL_set_accept_state(doctor_.get());
    }
    step(doctor_.get(), "the doctor");
  }

  bool is_over() const override { return ticket_ && SSL_SESSION_is_resumable(ticket_.get()) == 1; }

  void check() override {
    if (!is_established(doctor_.get()) || !is_established(patient_.get())) {
      throw failure("a TLS sign-in is not established");
    }
    EVP_PKEY* exchanged = nullptr;
    const bool did_dh = SSL_get_peer_tmp_key(patient_.get(), &exchanged) == 1;
    EVP_PKEY_free(exchanged);
    if (did_dh == (how_ == way::resumed_by_psk) ||
        (SSL_session_reused(doctor_.get()) == 1) != (how_ != way::full)) {
      throw failure("a TLS sign-in was established in another way than was meant");
    }
    sessions_.tickets.push_back(std::move(ticket_));
  }

  void dismiss_doctor() override { doctor_.reset(); }

 private:
  static bool is_established(SSL* end) {
    return end != nullptr && SSL_is_init_finished(end) == 1 &&
           SSL_get0_peer_certificate(end) != nullptr && SSL_get_verify_result(end) == X509_V_OK;
  }

  static void step(SSL* end, const std::string& who) {
    ERR_clear_error();
    const int done = SSL_do_handshake(end);
    if (done != 1 && SSL_get_error(end, done) != SSL_ERROR_WANT_READ) {
      openssl_failed(who + " ended the sign-in");
    }
  }

  tls_sessions& sessions_;
  way how_;
  owned<SSL> patient_;
  owned<SSL> doctor_;
  owned<BIO> doctor_wire_;  // until the doctor's end owns it
  owned<SSL_SESSION> ticket_;
};

// By which somebody who shall come back is there at all.
class first_time final : public sign_in_method {
 public:
  explicit first_time(tls_sessions& sessions) : sessions_(sessions) {}
  std::string name() const override { return "TLS, for the first ticket"; }
  std::unique_ptr<sign_in> begin() override {
    return std::make_unique<tls_sign_in>(sessions_, tls_method::way::full, nullptr);
  }

 private:
  tls_sessions& sessions_;
};

}  // namespace

tls_method::tls_method(std::string name, way how, const std::string& group, tls_end doctor,
                       tls_end patient)
    : name_(std::move(name)),
      how_(how),
      sessions_(new tls_sessions{make_context(TLS_server_method(), group, doctor),
                                 make_context(TLS_client_method(), group, patient),
                                 group == "P-256" ? "X25519" : "P-256",
                                 {}}) {
  if (how == way::resumed_by_psk) {
    SSL_CTX_set_options(sessions_->doctor.get(), SSL_OP_ALLOW_NO_DHE_KEX);
    SSL_CTX_set_options(sessions_->patient.get(), SSL_OP_ALLOW_NO_DHE_KEX);
  }
}

tls_method::~tls_method() = default;

std::unique_ptr<sign_in> tls_method::begin() {
  auto& tickets = sessions_->tickets;
  if (how_ == way::full) {
    tickets.clear();  // nobody comes back by them
    return std::make_unique<tls_sign_in>(*sessions_, way::full, nullptr);
  }
  if (tickets.empty()) {
    first_time once(*sessions_);
    sign_in_once(once);
  }
  auto ticket = std::move(tickets.back());
  tickets.pop_back();
  return std::make_unique<tls_sign_in>(*sessions_, how_, std::move(ticket));
}

}  // namespace wardline::bench
