#include "bench/report/plots.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/report/number.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr int bar_height = 26;  // pixels
constexpr int plot_width = 1100;
constexpr int curve_height = 600;

// Told apart on a screen, on paper and by who does not see all colours; ours is the first.
constexpr std::array colours{"#0b5394", "#555555", "#cc4125", "#85200c",
                             "#38761d", "#b45f06", "#741b47", "#000000"};

// Exit status of `gnuplot ARGUMENT`, or -1 if it could not be run.
int gnuplot(const std::string& argument) {
  std::string name = "gnuplot";
  std::string copy = argument;
  std::array<char*, 3> argv{name.data(), copy.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, name.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

// Text within double quotes of gnuplot.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string file_name(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

// One script draws both pictures and stays beside them, for whoever wants them otherwise.
void draw(const std::filesystem::path& folder, const std::string& name, int height,
          const std::string& data_and_settings, const std::string& plot) {
  const auto script = folder / (name + ".gp");
  std::ofstream out(script, std::ios::trunc);
  out << "set encoding utf8\n" << data_and_settings;
  const auto picture = [&](const std::string& terminal, const std::string& ending) {
    out << fmt::format("set terminal {} size {},{} font \"DejaVu Sans,11\" noenhanced\n", terminal,
                       plot_width, height)
        << fmt::format("set output {}\n", quoted((folder / (name + ending)).string())) << plot
        << "\nunset output\n";
  };
  picture("pngcairo", ".png");
  picture("svg", ".svg");
  out.close();
  if (!out || gnuplot(script.string()) != 0)
    throw failure(fmt::format("gnuplot could not draw {}", script.string()));
}

bool same_curves(const subject& a, const subject& b) {
  return a.table == b.table && a.group == b.group && a.what == b.what &&
         a.size_unit == b.size_unit && a.unit == b.unit;
}

// Contestant by contestant, in order of appearance.
using curves = std::vector<std::pair<std::string, std::vector<const row*>>>;

curves curves_like(const report& r, const subject& of) {
  curves out;
  for (const auto& row : r.rows()) {
    if (!row.of.size || !same_curves(row.of, of)) continue;
    auto at = std::find_if(out.begin(), out.end(), [&](auto& c) { return c.first == row.who; });
    if (at == out.end()) at = out.insert(out.end(), {row.who, {}});
    at->second.push_back(&row);
  }
  for (auto& [who, rows] : out) {
    std::sort(rows.begin(), rows.end(),
              [](const row* a, const row* b) { return *a->of.size < *b->of.size; });
  }
  return out;
}

void draw_curves(const subject& of, const curves& all, const std::filesystem::path& folder) {
  std::string data;
  std::string plot = "plot ";
  std::size_t number = 0;
  for (const auto& [who, rows] : all) {
    data += fmt::format("$d{} << EOD\n", number);
    for (const auto* row : rows) {
      const auto value = summarise(row->samples);
      data += fmt::format("{} {} {} {}\n", *row->of.size, value.median, value.p10, value.p90);
    }
    data += "EOD\n";
    plot += fmt::format("{}$d{} using 1:2:3:4 with yerrorlines lw 2 pt {} lc rgb \"{}\" title {}",
                        number == 0 ? "" : ", ", number, number + 4,
                        colours.at(number % colours.size()), quoted(who));
    ++number;
  }
  const std::string subtitle = of.group.empty() ? "" : ", " + of.group;
  data += fmt::format(
      "set title {}\nset xlabel {}\nset ylabel {}\nset logscale xy\nset autoscale yfix\n"
      "set grid xtics ytics mytics\nset mytics 10\nset format y \"%.4g\"\n"
      "set key outside right top\nset offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05\n",
      quoted(fmt::format("{}{} (median, p10 to p90)", of.what, subtitle)), quoted(of.size_unit),
      quoted(of.unit));
  std::string ticks;
  for (const auto* row : all.front().second) {
    ticks += fmt::format("{}\"{}\" {}", ticks.empty() ? "" : ", ", count_text(*row->of.size),
                         *row->of.size);
  }
  data += fmt::format("set xtics ({})\n", ticks);
  draw(folder, file_name(of.table + " " + of.what + " " + of.group), curve_height, data, plot);
}

// The ratios of one table and group.
void draw_ratios(const subject& like, const std::vector<ratio>& ratios,
                 const std::filesystem::path& folder) {
  std::string data = "$d << EOD\n";
  int bars = 0;
  for (const auto& r : ratios) {
    if (r.of.table != like.table || r.of.group != like.group) continue;
    const std::string size =
        r.of.size ? fmt::format(", {} {}", count_text(*r.of.size), r.of.size_unit) : "";
    const std::string unit = r.of.unit.ends_with("/s") ? " (more is better)" : "";
    data += fmt::format("{} {} {} {} {}\n",
                        quoted(fmt::format("{}{}{} / {}", r.of.what, unit, size, r.to)),
                        r.value.median, r.value.p10, r.value.p90, bars);
    ++bars;
  }
  const auto name = like.table + " ratios " + like.group;
  const auto title = like.group.empty() ? like.table : like.table + ", " + like.group;
  data += fmt::format(
      "EOD\nset title {}\nset xlabel {}\nset logscale x\nset grid x\nset yrange [{}.6:-0.6]\n"
      "set format x \"%.3g\"\nunset key\nset style fill solid 0.6\nset arrow from 1,graph 0 to "
      "1,graph 1 nohead lw 2\n",
      quoted(title + ": Wardline / the other"),
      quoted("ratio, p10 to p90 (left of 1: Wardline takes less)"), bars - 1);
  draw(folder, file_name(name), 110 + bar_height * bars, data,
       fmt::format("plot $d using (1):5:(1):2:($5-0.35):($5+0.35):ytic(1) with boxxyerror lc rgb "
                   "\"{}\", $d using 2:5:3:4 with xerrorbars pt 0 lc rgb \"{}\"",
                   colours.front(), colours.back()));
}

}  // namespace

bool can_plot() { return gnuplot("--version") == 0; }

void draw_plots(const report& r, const std::filesystem::path& folder) {
  std::vector<subject> drawn;
  for (const auto& row : r.rows()) {
    if (!row.of.size) continue;
    const bool done = std::any_of(drawn.begin(), drawn.end(),
                                  [&](const subject& of) { return same_curves(of, row.of); });
    if (done) continue;
    drawn.push_back(row.of);
    const auto all = curves_like(r, row.of);
    if (all.front().second.size() > 1) draw_curves(row.of, all, folder);
  }
  const auto ratios = r.ratios();
  std::vector<subject> shown;
  for (const auto& one : ratios) {
    const bool done = std::any_of(shown.begin(), shown.end(), [&](const subject& of) {
      return of.table == one.of.table && of.group == one.of.group;
    });
    if (done) continue;
    shown.push_back(one.of);
    draw_ratios(one.of, ratios, folder);
  }
}

}  // namespace wardline::bench
