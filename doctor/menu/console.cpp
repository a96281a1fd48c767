#include "doctor/menu/console.hpp"

#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "common/cli/line_editor.hpp"
#include "common/cli/line_reader.hpp"
#include "common/cli/line_writer.hpp"
#include "common/cli/table.hpp"
#include "common/util/error.hpp"

namespace wardline::doctor::menu {

namespace {

using on_line = std::function<void(std::string)>;
using on_eof = std::function<void()>;

/// Brings the lines of a source to the thread of an io_context.
class line_pump {
 public:
  line_pump(boost::asio::io_context& io, cli::line_source& from, on_line line, on_eof eof)
      : from_(from), ready_(io, ::dup(from.descriptor())) {
    from_.on_line = std::move(line);
    from_.on_eof = [this, eof = std::move(eof)] {
      ended_ = true;
      eof();
    };
    wait();
  }

 private:
  void wait() {
    ready_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& e) {
                        if (e) return;
                        from_.readable();
                        if (!ended_) wait();
                      });
  }

  cli::line_source& from_;
  boost::asio::posix::stream_descriptor ready_;
  bool ended_ = false;
};

class terminal final : public console {
 public:
  terminal(boost::asio::io_context& io, on_line line, on_eof eof)
      : editor_("doctor> "), pump_(io, editor_, std::move(line), std::move(eof)) {}

  void print(std::string text) override { editor_.print_above(std::move(text)); }
  void prompt(std::string text) override { editor_.set_prompt(std::move(text)); }
  std::size_t width() const override { return cli::terminal_width(); }

 private:
  cli::line_editor editor_;
  line_pump pump_;
};

class plain final : public console {
 public:
  plain(boost::asio::io_context& io, on_line line, on_eof eof)
      : out_(STDOUT_FILENO), pump_(io, reader_, std::move(line), std::move(eof)) {}

  void print(std::string text) override {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    out_.write(text);
  }
  void prompt(std::string text) override { out_.write(text); }
  std::size_t width() const override { return 0; }

 private:
  cli::line_writer out_;
  cli::line_reader reader_;
  line_pump pump_;
};

}  // namespace

std::unique_ptr<console> open_console(boost::asio::io_context& io, on_line line, on_eof eof) {
  if (cli::line_editor::is_possible())
    return std::make_unique<terminal>(io, std::move(line), std::move(eof));
  return std::make_unique<plain>(io, std::move(line), std::move(eof));
}

}  // namespace wardline::doctor::menu
