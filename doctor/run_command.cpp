#include "doctor/run_command.hpp"

#include <cstdio>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/table.hpp"
#include "common/store/directory.hpp"
#include "common/store/error.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/control/client.hpp"
#include "doctor/doctors_beside.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/invite_hint.hpp"
#include "doctor/invite_qr.hpp"
#include "doctor/offline.hpp"
#include "doctor/views_text.hpp"

namespace wardline::doctor {

namespace {

using json = nlohmann::ordered_json;
using namespace control;

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw failure("cannot write to standard output");
}

void print_hint(const std::string& hint) {
  if (!hint.empty()) fmt::print(stderr, "doctor: hint: {}\n", printable(hint));
}

/// The result for a person.
struct as_text {
  const json& result;
  std::size_t width;
  unix_ms now;
  bool qr;

  std::string operator()(const identity_request&) const { return view::identity_text(result); }
  std::string operator()(const status_request&) const { return view::status_text(result, now); }
  std::string operator()(const patients_request&) const {
    return view::patients_text(result, width);
  }
  std::string operator()(const waiting_request&) const { return view::waiting_text(result, width); }
  std::string operator()(const invites_request&) const { return view::invites_text(result, width); }
  std::string operator()(const inbox_request&) const { return view::inbox_text(result, width); }
  std::string operator()(const deliveries_request& r) const {
    return r.message.empty() ? view::deliveries_text(result, width)
                             : view::delivery_text(result, width);
  }
  std::string operator()(const invite_request&) const {
    return view::invite_text(result) +
           (qr ? invite_qr(result.at("invite"), STDOUT_FILENO) : std::string());
  }
  std::string operator()(const disconnect_all_request&) const {
    return fmt::format("disconnected: {}\n", result.at("disconnected").get<std::size_t>());
  }
  std::string operator()(const broadcast_request& r) const { return sent(r.wait.has_value()); }
  std::string operator()(const message_request& r) const { return sent(r.wait.has_value()); }
  std::string operator()(const correct_request& r) const { return sent(r.wait.has_value()); }
  std::string operator()(const cancel_request& r) const { return sent(r.wait.has_value()); }
  template <class Other>
  std::string operator()(const Other&) const {
    return fmt::format("{}: {}\n", printable(result.at("patient").get<std::string>()),
                       printable(result.at("result").get<std::string>()));
  }

  std::string sent(bool waited) const {
    return waited ? view::confirmation_text(result) : view::accepted_text(result);
  }
};

/// What a person should know beside the result.
std::string hint_for(const json& result) {
  if (!result.is_object()) return {};
  if (const auto invite = result.find("invite"); invite != result.end())
    return invite_hint(invite->get<std::string>());
  if (const auto n = result.find("recipients"); n != result.end() && *n == 0)
    return "there was nobody to send it to";
  return {};
}

/// A list of deliveries names who is missing, too, and has done what was asked all the same.
bool waited_in_vain(const request& r, const json& result) {
  const bool waited = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.wait; }) return one.wait.has_value();
        return false;
      },
      r);
  return waited && !result.at("missing").empty();
}

failure not_running(const config& s) {
  if (!group_of_identity(s.data_directory)) {
    const auto others = doctors_beside(s.data_directory);
    return failure(fmt::format("there is no doctor \"{}\" in {}", s.id, s.data_directory.string()),
                   (others.empty() ? "" : "known here: " + others + ". ") +
                       std::string("doctor setup makes a new one"));
  }
  return failure(
      fmt::format("no gateway of \"{}\" is running on {}", s.id, s.data_directory.string()),
      fmt::format("start it with: doctor --id {} --data-dir '{}'", s.id,
                  s.data_directory.string()));
}

/// A slip in the id would make another doctor, whom no patient knows.
void tell_of_new_identity(const config& s) {
  const auto others = doctors_beside(s.data_directory);
  fmt::print(stderr, "doctor: note: there was no doctor \"{}\" yet: one was made in {}{}\n", s.id,
             printable(s.data_directory.string()),
             others.empty() || others == s.id ? "" : " (known here: " + others + ")");
}

json answer_of(const command_line& line, const clock& time, crypto::random_source& random) {
  const auto& directory = line.settings.data_directory;
  check_identity(directory, line.settings.id, line.settings.group);
  json result;
  if (ask(directory, *line.request, result)) return result;
  if (!works_offline(*line.request)) throw not_running(line.settings);

  // Without the socket the lock is free, but for the moments in which a gateway starts or ends.
  store::private_directory(directory);
  constexpr int attempts = 30;
  for (int i = 1;; ++i) {
    try {
      const store::directory_lock lock(directory, "doctor");
      const bool is_new = !group_of_identity(directory);
      auto out = answer_offline(line, time, random);
      if (is_new) tell_of_new_identity(line.settings);
      return out;
    } catch (const store::error& why) {
      if (why.kind() != store::error_kind::busy || i == attempts) throw;
    }
    std::this_thread::sleep_for(milliseconds(100));
    if (ask(directory, *line.request, result)) return result;
  }
}

}  // namespace

int run_command(const command_line& line, const clock& time, crypto::random_source& random) {
  const json result = answer_of(line, time, random);
  const std::size_t width = ::isatty(STDOUT_FILENO) == 1 ? cli::terminal_width() : 0;
  try {
    print(line.json ? cli::json_line(result) + "\n"
                    : std::visit(as_text{result, width, time.now(), line.qr}, *line.request));
  } catch (const json::exception&) {
    throw failure("the gateway's answer is not understood",
                  "are the gateway and this program of the same version?");
  }
  print_hint(hint_for(result));
  if (std::holds_alternative<identity_request>(*line.request) && ::isatty(STDOUT_FILENO) == 1)
    print_hint(
        "patients see this fingerprint when they reach you for the first time. Let them compare "
        "all "
        "twelve groups by telephone or face to face: if a digit differs, somebody else has "
        "answered them");
  return waited_in_vain(*line.request, result) ? cli::failed : cli::done;
}

void print_error_json(const failure& why) {
  json out{{"error", why.what()}};
  if (!why.hint().empty()) out["hint"] = why.hint();
  print(cli::json_line(out) + "\n");
}

}  // namespace wardline::doctor
