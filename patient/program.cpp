#include "patient/program.hpp"

#include <csignal>
#include <iostream>
#include <memory>
#include <variant>

#include <boost/asio/signal_set.hpp>

#include "common/cli/guard.hpp"
#include "common/cli/line_editor.hpp"
#include "common/cli/line_reader.hpp"
#include "common/cli/time_text.hpp"
#include "common/store/directory.hpp"
#include "common/tui/terminal.hpp"
#include "patient/client.hpp"
#include "patient/descriptor_pump.hpp"
#include "patient/full_screen/full_screen_console.hpp"
#include "patient/json_console.hpp"
#include "patient/menu_console.hpp"

namespace wardline::patient {
namespace {

namespace asio = boost::asio;

constexpr seconds flush_time{2};
constexpr std::size_t max_unsent = 256;

/// What stands in front of the client: a full screen, a menu at a terminal, the same without a
/// terminal's arts, or JSON; and where its lines come from, if any do.
struct front {
  std::unique_ptr<cli::line_editor> editor;
  std::unique_ptr<cli::line_reader> reader;
  std::unique_ptr<screen> shown_on;
  std::unique_ptr<console> face;
  full_screen::full_screen_console* full = nullptr;  // `face`, if it is that
  std::unique_ptr<descriptor_pump> input;

  cli::line_source* lines() {
    return editor ? static_cast<cli::line_source*>(editor.get()) : reader.get();
  }
  void end() {
    if (full != nullptr) full->end();
    if (input) input->stop();
  }
};

bool is_full_screen(const config& settings) {
  return !settings.json && !settings.plain && tui::terminal::is_possible();
}

/// What was going on when the program ended.
situation present_situation(const assignment& what, records& kept) {
  const auto doctor = what.pinned ? what.pinned->who.id : what.doctor.id;
  std::vector<protocol::message_id> unsent;
  for (const auto& m : kept.outbox.unreceipted(doctor, 0, max_unsent)) unsent.push_back(m.id);
  return {doctor, unsent};
}

front make_front(const config& settings, const clock& time) {
  front f;
  if (settings.json) {
    f.reader = std::make_unique<cli::line_reader>();
    f.face = std::make_unique<json_console>();
    return f;
  }
  if (cli::line_editor::is_possible()) {
    f.editor = std::make_unique<cli::line_editor>("");
    f.shown_on = std::make_unique<editor_screen>(*f.editor);
  } else {
    f.reader = std::make_unique<cli::line_reader>();
    f.shown_on = std::make_unique<plain_screen>();
  }
  f.face = std::make_unique<menu_console>(*f.shown_on, settings.id, time);
  return f;
}

front make_full_screen(asio::io_context& io, const config& settings, situation now_going_on,
                       const clock& time) {
  front f;
  auto face = std::make_unique<full_screen::full_screen_console>(io, settings.id,
                                                                 std::move(now_going_on), time);
  f.full = face.get();
  f.face = std::move(face);
  return f;
}

/// Which doctor, from the command line, the invite and the records; or why they do not go together.
std::variant<assignment, problem> make_assignment(const config& settings,
                                                  const std::optional<protocol::invite>& invited,
                                                  records& kept, const clock& time) {
  assignment out{
      default_address,
      {settings.doctor_id, std::nullopt, settings.doctor_fingerprint, settings.trust_on_first_use},
      std::nullopt,
      std::nullopt,
      settings.clock_window,
      !settings.json,
      settings.id,
      settings.data_directory ? " --data-dir '" + settings.data_directory->string() + "'" : ""};
  if (invited) {
    out.pinned = kept.doctors.find(invited->doctor);
    out.doctor.invited = invited->doctor;
    out.invite = invited->secret.clone();
    out.where = {invited->host, invited->port};
    const bool is_needed = !out.pinned || !out.pinned->signed_in_at;
    if (is_needed && invited->expires < time.now()) {
      return problem{errc::refused,
                     "the invite has expired, on " + cli::local_text(invited->expires),
                     "Ask the doctor for a new one."};
    }
  } else {
    out.pinned = kept.doctors.find(settings.doctor_id);
    if (out.pinned && out.pinned->host) out.where = {*out.pinned->host, out.pinned->port};
  }
  if (settings.doctor) out.where = *settings.doctor;
  if (!out.pinned) return out;

  // What the command line says of a doctor who is known must agree.
  const auto& who = out.pinned->who;
  if (!out.doctor.id.empty() && out.doctor.id != who.id) {
    return problem{errc::wrong_doctor, "the invite is of " + who.id + ", not of " + out.doctor.id,
                   "Leave --doctor-id out."};
  }
  const auto key = crypto::fingerprint_of(who);
  if (!out.doctor.fingerprint.empty() && !crypto::shows(out.doctor.fingerprint, key)) {
    return problem{errc::wrong_doctor,
                   "the doctor " + who.id + " is known here with the fingerprint\n  " +
                       crypto::to_digits(key) + "\nand not with the one given,\n  " +
                       out.doctor.fingerprint,
                   "A pinned key is never replaced. If the doctor really has a new one, begin with "
                   "another --data-dir."};
  }
  return out;
}

}  // namespace

int run_client(const config& settings, const std::optional<protocol::invite>& invited,
               const std::filesystem::path& directory, const clock& time,
               crypto::random_source& random) {
  const store::directory_lock lock(directory, program_name);
  const auto sealed = at_rest::unlock_if_sealed(directory, settings.passphrase);
  own_keys keys(directory, settings.id, random, sealed.get());
  records kept(directory, settings.id, random, sealed.get());
  auto what = make_assignment(settings, invited, kept, time);
  asio::io_context io(1);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  if (!cli::is_ignored(SIGHUP)) signals.add(SIGHUP);

  auto* const why_not = std::get_if<problem>(&what);
  auto before = why_not == nullptr && is_full_screen(settings)
                    ? make_full_screen(io, settings,
                                       present_situation(std::get<assignment>(what), kept), time)
                    : make_front(settings, time);
  const auto report = [&before](const problem& why) {
    // A terminal has shown it already.
    if (!before.editor) cli::report_error(program_name, why.message, why.hint);
  };
  if (why_not != nullptr) {
    before.face->show(*why_not);
    report(*why_not);
    return cli::failed;
  }

  int status = cli::done;
  client one(io, std::move(std::get<assignment>(what)), keys, kept, *before.face, time, random,
             [&](int with, const std::optional<problem>& why) {
               status = with;
               before.end();
               if (why) report(*why);
               signals.cancel();
               io.stop();
             });
  if (auto* lines = before.lines()) {
    lines->on_line = [&](const std::string& line) { before.face->on_line(line, one); };
    lines->on_eof = [&] { before.face->on_eof(one); };
    before.input =
        std::make_unique<descriptor_pump>(io, lines->descriptor(), [lines] { lines->readable(); });
  }
  if (before.full != nullptr) before.full->begin(one);

  signals.async_wait([&](const boost::system::error_code& ec, int) {
    if (ec) return;
    // Whoever asks twice does not want to wait.
    signals.async_wait([&](const boost::system::error_code& again, int) {
      if (!again) io.stop();
    });
    one.exit();
  });
  one.start();
  io.run();
  // What is on its way out may still go.
  io.restart();
  io.run_for(flush_time);
  if (before.full != nullptr) {
    before.end();
    if (const auto& words = before.full->last_words(); !words.empty()) std::cout << words << '\n';
    std::cout.flush();
  }
  return status;
}

}  // namespace wardline::patient
