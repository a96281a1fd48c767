#pragma once

#include <cstdlib>
#include <string>

namespace wardline::test {

/// Sets a variable of the environment until its end, when it is unset.
class variable {
 public:
  variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;
  ~variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace wardline::test
