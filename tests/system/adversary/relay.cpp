#include "tests/system/adversary/relay.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace wardline::test::adversary {

struct relay::link {
  link(line a, line b) : patient(std::move(a)), gateway(std::move(b)) {}

  line& end(toward whom) { return whom == toward::gateway ? gateway : patient; }
  void shut() {
    patient.shut();
    gateway.shut();
  }

  line patient;
  line gateway;
  std::mutex sending;  // a frame is never written into another
};

relay::relay(std::uint16_t gateway_port, std::string source)
    : gateway_port_(gateway_port), source_(std::move(source)), acceptor_([this] { run(); }) {}

relay::~relay() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    if (current_) current_->shut();
  }
  listener_.shut();
  acceptor_.join();
}

void relay::run() {
  for (;;) {
    std::shared_ptr<link> l;
    try {
      line patient = listener_.accept();
      l = std::make_shared<link>(std::move(patient), line(gateway_port_, source_));
    } catch (const std::runtime_error&) {
      const std::lock_guard lock(mutex_);
      if (is_over_) return;
      continue;  // the gateway was away
    }
    {
      const std::lock_guard lock(mutex_);
      if (is_over_) return;
      current_ = l;
    }
    std::thread back([&] { pass(*l, l->gateway, toward::patient); });
    pass(*l, l->patient, toward::gateway);
    back.join();
  }
}

// Until either end closes.
void relay::pass(link& l, line& in, toward whom) {
  try {
    while (const auto frame = in.next()) {
      {
        const std::lock_guard lock(mutex_);
        if (keep_back_ && keep_back_(whom, *frame)) {
          kept_.push_back(*frame);
          changed_.notify_all();
          continue;
        }
      }
      const std::lock_guard lock(l.sending);
      l.end(whom).send(frame->whole);
    }
  } catch (const std::runtime_error&) {
    // Nothing more will come that a test could still wait for.
  }
  l.shut();
}

void relay::keep_back(filter what) {
  const std::lock_guard lock(mutex_);
  keep_back_ = std::move(what);
}

arrived relay::next_kept() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, process::patience, [this] { return !kept_.empty(); })) {
    FAIL("nothing was kept back");
  }
  auto out = kept_.front();
  kept_.erase(kept_.begin());
  return out;
}

void relay::inject(toward whom, const octets& frame) {
  std::shared_ptr<link> l;
  {
    const std::lock_guard lock(mutex_);
    l = current_;
  }
  const std::lock_guard lock(l->sending);
  l->end(whom).send(frame);
}

void relay::cut() {
  const std::lock_guard lock(mutex_);
  if (current_) current_->shut();
}

}  // namespace wardline::test::adversary
