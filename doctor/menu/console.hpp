#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

namespace wardline::doctor::menu {

/// Where a person sits: a terminal with editing if there is one on both standard input and output,
/// otherwise plain lines in and out.
class console {
 public:
  virtual ~console() = default;

  virtual void print(std::string text) = 0;
  virtual void prompt(std::string text) = 0;
  virtual std::size_t width() const = 0;
};

/// Lines, and at last the end, are told on the thread of `io`.
std::unique_ptr<console> open_console(boost::asio::io_context& io,
                                      std::function<void(std::string)> on_line,
                                      std::function<void()> on_eof);

}  // namespace wardline::doctor::menu
