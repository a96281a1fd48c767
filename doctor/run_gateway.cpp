#include "doctor/run_gateway.hpp"

#include <csignal>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/console/full_screen.hpp"
#include "doctor/control/server.hpp"
#include "doctor/events_json.hpp"
#include "doctor/events_text.hpp"
#include "doctor/gateway.hpp"
#include "doctor/last_address.hpp"
#include "doctor/menu/menu_on_console.hpp"
#include "doctor/metrics/counters.hpp"
#include "doctor/metrics/server.hpp"
#include "doctor/reload.hpp"
#include "doctor/service.hpp"

namespace wardline::doctor {

namespace {

/// A shell's usual limit, 1,024 open files, would be a thousand patients.
void open_as_many_files_as_allowed() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

std::string about_keys(const config& s) {
  return fmt::format(
      "no passphrase is set: whoever can read {} or a copy of it can be this doctor and read what "
      "is kept (doctor passwd --id {} sets one)",
      printable(s.data_directory.string()), s.id);
}

cli::log_format format_of(const command_line& line) {
  if (line.log_format == cli::log_format::text && cli::leads_to_journal(STDERR_FILENO))
    return cli::log_format::journal;
  return line.log_format;
}

class program {
 public:
  program(const command_line& line, const std::function<command_line()>& again,
          cli::service_manager& manager, cli::logger& to, const clock& time,
          crypto::random_source& random)
      : log_(to),
        gateway_(io_, line.settings, time, random),
        control_(io_, gateway_, line.settings.data_directory),
        service_(io_, manager, gateway_),
        signals_(io_, SIGINT, SIGTERM),
        hang_up_(io_),
        again_(again),
        in_force_(line.configuration.in_force) {
    // Of a terminal it is the end; a service, which has none, is asked to look at its settings.
    if (!cli::is_ignored(SIGHUP)) (line.menu ? signals_ : hang_up_).add(SIGHUP);
    if (!line.menu) await_hang_up();
    signals_.async_wait([this](const boost::system::error_code& e, int) {
      if (!e) shut_down();
    });

    // With a menu on the same terminal the log would say everything twice.
    if (!line.menu || ::isatty(STDERR_FILENO) == 0) listen_with([this](const event& e) { log(e); });
    if (line.menu)
      menu_ = open_menu(line, time);
    else
      listen_with([this](const event& e) { print(e); });
    if (line.metrics) serve_metrics(*line.metrics, line.settings.data_directory, time);
    keep_last_address(line.settings.data_directory, gateway_.status().address);
  }

  ~program() { print_lines(); }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  int run() {
    gateway_.start();
    service_.begin();
    if (metrics_)
      gateway_.events().publish(metrics_listening{net::address_text(metrics_->local())});
    if (menu_) menu_->start();
    io_.run();
    return cli::done;
  }

 private:
  std::unique_ptr<menu::station> open_menu(const command_line& line, const clock& time) {
    const auto leave = [this] { shut_down(); };
    if (line.plain || !console::full_screen::is_possible())
      return std::make_unique<menu::menu_on_console>(io_, gateway_, time, leave);
    auto out = std::make_unique<console::full_screen>(io_, gateway_, time, leave);
    if (!line.settings.keys) out->note(about_keys(line.settings));  // what was told is covered now
    return out;
  }

  void listen_with(event_hub::handler h) { gateway_.events().subscribe(std::move(h)); }

  void serve_metrics(const net::address& where, const std::filesystem::path& directory,
                     const clock& time) {
    counters_ = std::make_unique<metrics::counters>(gateway_.events());
    metrics_ = std::make_unique<metrics::server>(
        io_, where,
        [this, &time]() -> metrics::figures {
          if (stopping_) return {{}, "the gateway stops"};
          const auto& trouble = gateway_.last_trouble();
          return {counters_->text(gateway_.status(), trouble, time.now()), trouble};
        },
        directory);
  }

  void log(const event& e) {
    const auto level = level_of(e);
    if (!log_.takes(level)) return;
    const auto number = connection_of(e);
    log_.log(level, number == 0 ? log_sentence(e) : fmt::format("[{}] {}", number, log_sentence(e)),
             to_log_json(e));
  }

  /// With the others of this turn of the loop: in a storm there are many.
  void print(const event& e) {
    lines_.push_back(cli::json_line(to_json(e)));
    if (lines_.size() == 1) boost::asio::post(io_, [this] { print_lines(); });
  }
  void print_lines() { events_.write_lines(std::exchange(lines_, {})); }

  void await_hang_up() {
    hang_up_.async_wait([this](const boost::system::error_code& e, int) {
      if (e) return;
      if (!stopping_) reload();
      await_hang_up();
    });
  }

  void reload() {
    service_.reloading();
    try {
      const auto fresh = again_();
      auto plan = plan_reload(in_force_, fresh.configuration.in_force);
      gateway_.reconfigure(fresh.settings);
      log_.set_threshold(fresh.log);
      in_force_ = std::move(plan.in_force);
      gateway_.events().publish(settings_reloaded{plan.changed, plan.needs_restart});
    } catch (const failure& why) {
      gateway_.events().publish(
          trouble{fmt::format("the settings stay as they were: {}", why.what())});
    }
    service_.reloaded();
  }

  /// By way of the io_context: what asks for it may be the menu, which ends here.
  void shut_down() {
    boost::asio::post(io_, [this] {
      if (stopping_) return;
      stopping_ = true;
      service_.stopping();
      menu_.reset();  // gives the terminal back
      control_.stop();
      // A second signal does what signals do by themselves: it ends the program at once.
      boost::system::error_code ignored;
      signals_.clear(ignored);
      gateway_.stop([this] { io_.stop(); });
    });
  }

  cli::logger& log_;
  cli::event_writer events_;
  std::vector<std::string> lines_;  // events that are not written yet
  boost::asio::io_context io_;
  gateway gateway_;
  control::server control_;
  service service_;
  boost::asio::signal_set signals_;
  boost::asio::signal_set hang_up_;
  std::function<command_line()> again_;
  std::vector<cli::setting> in_force_;
  std::unique_ptr<metrics::counters> counters_;
  std::unique_ptr<metrics::server> metrics_;
  std::unique_ptr<menu::station> menu_;
  bool stopping_ = false;
};

}  // namespace

int run_gateway(const command_line& line, const std::function<command_line()>& again,
                const clock& time, crypto::random_source& random) {
  cli::service_manager manager;  // before there is a second thread
  open_as_many_files_as_allowed();
  cli::line_writer error_lines(STDERR_FILENO);
  cli::logger log([&](std::string_view text) { error_lines.write(text); }, time, line.log,
                  format_of(line));
  const auto note = [&](const std::string& what) {
    if (line.menu) return fmt::print(stderr, "doctor: note: {}\n", printable(what));
    log.warning(what);
  };
  try {
    for (const auto& f : line.configuration.misspelt) note(cli::text_of(f));
    auto unlocked = line;
    unlocked.settings.keys =
        at_rest::unlock_if_sealed(line.settings.data_directory, line.passphrase);
    if (!unlocked.settings.keys) note(about_keys(line.settings));  // before there is a prompt
    program p(unlocked, again, manager, log, time, random);
    return p.run();
  } catch (const failure& why) {
    if (line.menu || line.log_format != cli::log_format::json) throw;
    log.error(cli::text_of({"", why.what(), why.hint()}));
    return cli::failed;
  }
}

}  // namespace wardline::doctor
