// Section 8: both ends of a session stay together, and nothing but what was sent comes out of it,
// in the order in which it was sent.
#include <array>

#include "protocol/session/secure_channel.hpp"
#include "tests/protocol/properties/any_message.hpp"

namespace wardline::test {
namespace {

using namespace protocol;

const std::vector<frame_type> protected_types{frame_type::check,     frame_type::session_token,
                                              frame_type::group_key, frame_type::direct,
                                              frame_type::receipt,   frame_type::disconnect};

/// Both ends of one session, whose keys last for `frames_per_key` frames.
struct line {
  line(const session_key& sk, std::uint64_t frames_per_key)
      : doctor(sk, side::doctor, frames_per_key), patient(sk, side::patient, frames_per_key) {}
  secure_channel doctor, patient;
};

std::uint64_t any_frames_per_key() { return *rc::gen::inRange<std::uint64_t>(1, 6).as("per key"); }

struct sent_frame {
  bytes whole;
  bytes plaintext;
};

sent_frame send(secure_channel& by) {
  const auto type = *rc::gen::elementOf(protected_types);
  auto plaintext = *bytes_up_to(24);
  auto whole = by.seal(type, plaintext);
  return {std::move(whole), std::move(plaintext)};
}

std::optional<bytes> open(secure_channel& by, const bytes& whole) {
  const auto f = decode_frame(whole, session_frame_limit);
  if (!f) return std::nullopt;
  const auto opened = by.open(*f);
  if (!opened) return std::nullopt;
  return to_bytes(opened->view());
}

/// What a line could make of `sent`: frames are damaged, left out, doubled, moved, reflected and
/// taken from another session.
std::vector<bytes> meddled(const std::vector<bytes>& sent, const std::vector<bytes>& strange) {
  std::vector<bytes> out;
  const auto count = *rc::gen::inRange<std::size_t>(0, 2 * sent.size() + 1).as("arrivals");
  const bool mostly_honest = any<bool>();
  for (std::size_t i = 0; i < count; ++i) {
    const auto in_place = sent[std::min(i, sent.size() - 1)];
    switch (*rc::gen::inRange(0, mostly_honest ? 24 : 4).as("what comes")) {
      case 0:
        out.push_back(*rc::gen::elementOf(sent));
        break;
      case 1:
        out.push_back(damaged(in_place));
        break;
      case 2:
        out.push_back(*rc::gen::elementOf(strange));
        break;
      default:
        out.push_back(in_place);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("both ends of a session agree over any sequence of frames and new keys") {
  property([] {
    line l(any_secret<32>(), any_frames_per_key());
    std::array<std::vector<sent_frame>, 2> under_way;  // to the doctor, to the patient
    std::array<std::size_t, 2> arrived{};
    const auto deliver = [&](std::size_t to) {
      if (arrived.at(to) == under_way.at(to).size()) return;
      const auto& next = under_way.at(to).at(arrived.at(to)++);
      RC_ASSERT(open(to == 0 ? l.doctor : l.patient, next.whole) == next.plaintext);
    };
    const auto steps = *rc::gen::inRange(0, 40).as("steps");
    for (int i = 0; i < steps; ++i) {
      const std::size_t to = any<bool>() ? 1 : 0;
      if (any<bool>()) {
        under_way.at(to).push_back(send(to == 0 ? l.patient : l.doctor));
      } else {
        deliver(to);
      }
    }
    for (const std::size_t to : {0U, 1U}) {
      while (arrived.at(to) < under_way.at(to).size()) deliver(to);
    }
  });
}

TEST_CASE("no two frames of a session are sealed alike, whatever they hold") {
  property([] {
    line l(any_secret<32>(), any_frames_per_key());
    const auto plaintext = *bytes_up_to(4);
    std::set<bytes> seen;
    for (int i = 0; i < 30; ++i) {
      for (auto* end : {&l.doctor, &l.patient}) {
        const auto whole = end->seal(frame_type::direct, plaintext);
        RC_ASSERT(seen.insert(bytes(whole.begin() + header_size, whole.end())).second);
      }
    }
  });
}

TEST_CASE("whatever a line does to the frames of a session, only what was sent comes, in order") {
  property(
      [] {
        const auto per_key = any_frames_per_key();
        line l(any_secret<32>(), per_key);
        line other(any_secret<32>(), per_key);
        std::vector<bytes> sent;
        std::vector<bytes> plaintexts;
        std::vector<bytes> strange;
        const auto count = *rc::gen::inRange(1, 12).as("frames");
        for (int i = 0; i < count; ++i) {
          auto [whole, plaintext] = send(l.doctor);
          sent.push_back(std::move(whole));
          plaintexts.push_back(std::move(plaintext));
          strange.push_back(send(l.patient).whole);  // what the receiver itself has sent
          strange.push_back(send(other.doctor).whole);
        }
        const auto arriving = meddled(sent, strange);
        std::size_t good = 0;  // until the first that fails, which ends the connection
        bool is_over = false;
        std::size_t counter = 0;
        for (const auto& whole : arriving) {
          const bool is_next = counter < sent.size() && whole == sent[counter];
          const bool is_opened_at_all = [&] {
            const auto f = decode_frame(whole, session_frame_limit);
            return f.has_value() && f->is_protected;
          }();
          const auto opened = open(l.patient, whole);
          RC_ASSERT(opened.has_value() == is_next);
          if (is_opened_at_all) ++counter;
          if (opened) {
            RC_ASSERT(*opened == plaintexts[counter - 1]);
            if (!is_over) ++good;
          } else {
            is_over = true;
          }
        }
        RC_ASSERT(good <= sent.size());
        // The connection has seen a beginning of what was sent, and nothing else.
        const auto same = std::mismatch(arriving.begin(), arriving.end(), sent.begin(), sent.end());
        RC_ASSERT(good == static_cast<std::size_t>(same.first - arriving.begin()));
      },
      200);
}

TEST_CASE("a receipt fits the content, the time, the state and the session that it is for alone") {
  property([] {
    const auto key = derive_receipt_key(any_secret<32>());
    const auto c = any_content({content_type::text, content_type::vitals}, 100);
    const auto encoded = encode(c);
    const auto state = any<bool>() ? receipt_state::acknowledged : receipt_state::decrypted;
    const auto r = make_receipt(key, c.id, any<unix_ms>(), state, encoded);
    RC_ASSERT(check_receipt(key, r, encoded).has_value());

    const auto written = encode(r);
    const auto other = damaged(written);
    if (const auto read = decode<receipt>(other)) {
      RC_ASSERT(check_receipt(key, *read, encoded).has_value() == (other == written));
    }
    const auto text = damaged(encoded);
    RC_ASSERT(check_receipt(key, r, text).has_value() == (text == encoded));
    const auto another = any_secret<32>();
    if (!std::equal(another.view().begin(), another.view().end(), key.view().begin())) {
      RC_ASSERT(!check_receipt(another, r, encoded).has_value());
    }
  });
}

}  // namespace wardline::test
