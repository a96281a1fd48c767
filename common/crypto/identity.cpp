#include "common/crypto/identity.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "common/crypto/labels.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::crypto {
namespace {

constexpr std::size_t id_limit = 64;
constexpr std::size_t digit_groups = 12;
constexpr std::size_t digits_of_group = 5;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string without_separators(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '-'; });
  return out;
}

bool is_digits(std::string_view text) noexcept {
  return text.size() == digit_groups * digits_of_group &&
         std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<byte_view> take(byte_view& from, std::size_t size) noexcept {
  if (from.size() < size) return std::nullopt;
  const auto out = from.first(size);
  from = from.subspan(size);
  return out;
}

// An identity whose form is right; its keys are yet to be decoded.
result<identity> read_form(byte_view& data) {
  const auto head = take(data, 3);
  if (!head) return errc::invalid_encoding;
  const byte role_number = (*head)[0];
  const suite* const group = find_suite((*head)[1]);
  const byte id_size = (*head)[2];
  if (role_number != static_cast<byte>(role::doctor) &&
      role_number != static_cast<byte>(role::patient)) {
    return errc::invalid_encoding;
  }
  if (group == nullptr) return errc::invalid_encoding;
  const auto id = take(data, id_size);
  if (!id || !is_valid_id(as_text(*id))) return errc::invalid_encoding;
  const auto y_sig = take(data, group->element_size());
  const auto y_kem = take(data, group->element_size());
  if (!y_sig || !y_kem) return errc::invalid_encoding;
  return identity{static_cast<role>(role_number),
                  group->id(),
                  std::string(as_text(*id)),
                  {to_bytes(*y_sig)},
                  {to_bytes(*y_kem)}};
}

result<void> check_elements(const identity& who) {
  const suite& group = suite_of(who.group);
  if (auto checked = group.check_element(who.y_sig.encoded); !checked) return checked;
  return group.check_element(who.y_kem.encoded);
}

pseudorandom_key extract_seed(const identity_seed& seed) {
  return extract(as_bytes(label::identity_seed), {seed.view()});
}

std::string checked_id(std::string id) {
  if (!is_valid_id(id)) {
    throw failure("not a valid id: " + printable(id),
                  "an id has 1 to 64 characters of A-Z a-z 0-9 . _ @ -");
  }
  return id;
}

}  // namespace

short_fingerprint shorten(const fingerprint& f) noexcept {
  short_fingerprint out;
  std::copy_n(f.value.begin(), out.size, out.value.begin());
  return out;
}

// Section 3: for i in 0..11, the five bytes Expand(fingerprint, "display", 60)[5i..5i+4] as an
// integer mod 100000, zero-padded.
std::string to_digits(const fingerprint& f) {
  byte_array<digit_groups * 5> wide;
  expand(f.view(), label::display, {}, wide);
  std::string out;
  for (std::size_t i = 0; i < digit_groups; ++i) {
    const auto number = from_big_endian<5>(byte_view(wide).subspan(5 * i, 5)) % 100'000;
    const auto digits = std::to_string(number);
    if (i != 0) out += ' ';
    out.append(digits_of_group - digits.size(), '0').append(digits);
  }
  return out;
}

bool shows(std::string_view text, const fingerprint& f) {
  const auto plain = without_separators(text);
  if (is_digits(plain)) return plain == without_separators(to_digits(f));
  const auto value = from_hex(plain);
  return value && fingerprint::from(*value) == f;
}

bool is_fingerprint_text(std::string_view text) {
  const auto plain = without_separators(text);
  const auto value = from_hex(plain);
  return is_digits(plain) || (value && value->size() == fingerprint::size);
}

bool is_valid_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= id_limit && std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '@' || c == '-';
  });
}

bytes encode(const identity& who) {
  bytes out{static_cast<byte>(who.role), static_cast<byte>(who.group),
            static_cast<byte>(who.id.size())};
  append(out, as_bytes(who.id));
  append(out, who.y_sig.encoded);
  append(out, who.y_kem.encoded);
  return out;
}

fingerprint fingerprint_of(const identity& who) {
  return {sha256({as_bytes(label::identity), encode(who)}).value};
}

result<identity> read_identity(byte_view& data) {
  auto who = read_form(data);
  if (!who) return who;
  if (const auto checked = check_public_keys(*who); !checked) return checked.error();
  return who;
}

result<identity> decode_identity(byte_view data) {
  auto who = read_form(data);
  if (!who) return who;
  // The form is judged as a whole before the keys: trailing bytes are part of it.
  if (!data.empty()) return errc::invalid_encoding;
  if (const auto checked = check_elements(*who); !checked) return checked.error();
  return who;
}

result<void> check_public_keys(const identity& who) {
  const suite& group = suite_of(who.group);
  if (auto checked = group.check_public_key(who.y_sig.encoded); !checked) return checked;
  return group.check_public_key(who.y_kem.encoded);
}

own_identity::own_identity(const identity_seed& seed, crypto::role role, group_id group,
                           std::string id)
    : suite_(suite_of(group)),
      prk_(extract_seed(seed)),
      x_sig_(suite_.derive_signature_key(prk_)),
      x_kem_(suite_.derive_kem_key(prk_)),
      public_{role, group, checked_id(std::move(id)), suite_.public_key(x_sig_),
              suite_.public_key(x_kem_)},
      encoded_(encode(public_)),
      fingerprint_(fingerprint_of(public_)) {}

bytes own_identity::sign(std::string_view ctx, std::initializer_list<byte_view> message,
                         random_source& random) const {
  return suite_.sign(x_sig_, public_.y_sig, ctx, message, random);
}

secret<32> own_identity::group_secret() const {
  return expand<32>(prk_.view(), label::group_secret);
}

}  // namespace wardline::crypto
