#include "bench/run.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/measurements.hpp"
#include "bench/report/plots.hpp"
#include "bench/report/writers.hpp"
#include "common/cli/guard.hpp"

namespace wardline::bench {
namespace {

// A file that is opened before anything is measured, lest an hour be lost on a wrong name.
class output_file {
 public:
  explicit output_file(const std::optional<std::filesystem::path>& path) {
    if (!path) return;
    path_ = *path;
    file_.open(path_, std::ios::binary | std::ios::app);
    check();
  }

  void write(const std::string& text) {
    if (path_.empty()) return;
    file_.close();
    file_.open(path_, std::ios::binary | std::ios::trunc);
    file_ << text << std::flush;
    check();
  }

 private:
  void check() const {
    if (!file_)
      throw failure(fmt::format("{} cannot be written: {}", path_.string(), std::strerror(errno)));
  }

  std::filesystem::path path_;
  std::ofstream file_;
};

// The line of a terminal on which the next thing to be measured takes the place of the last.
void show_progress(const std::string& text) { std::cerr << "\r\x1b[K" << text << std::flush; }

void measure(const measurement& m, settings how, report& out) {
  if (::isatty(STDERR_FILENO) == 1)
    how.progress = [&](const std::string& what) {
      show_progress(fmt::format("{}: {}", m.name, what));
    };
  how.progress("starting");
  try {
    m.run(how, out);
  } catch (const failure& why) {
    out.remark(fmt::format("{} ended early: {}{}{}", m.name, why.what(),
                           why.hint().empty() ? "" : "; ", why.hint()));
  }
  if (::isatty(STDERR_FILENO) == 1) show_progress("");
}

}  // namespace

int run(request what) {
  output_file json(what.json);
  output_file csv(what.csv);
  report out;
  if (what.plots) {
    std::filesystem::create_directories(*what.plots);
    if (!can_plot()) {
      out.remark("gnuplot is not installed (apt-get install gnuplot-nox): nothing is drawn");
      what.plots.reset();
    }
  }

  for (const auto& m : measurements()) {
    if (what.subcommand == m.name || (what.subcommand == "all" && m.in_all))
      measure(m, what.how, out);
  }

  if (what.plots) draw_plots(out, *what.plots);
  const auto env = describe_environment();
  std::cout << to_text(out, env) << std::flush;
  json.write(to_json(out, env, what.command));
  csv.write(to_csv(out));
  return out.rows().empty() ? cli::failed : cli::done;
}

}  // namespace wardline::bench
