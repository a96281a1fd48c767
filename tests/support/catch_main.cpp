// The main() of every test executable; written out because Catch2 2 and 3 offer theirs differently.
#define CATCH_CONFIG_RUNNER
#include "tests/support/catch.hpp"

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
