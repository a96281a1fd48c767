#include "doctor/menu/menu.hpp"

#include "common/util/text_encoding.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_patient.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using test::contains;
using test::running_gateway;

namespace {

/// The menu of a running gateway, and a person at it.
class seat {
 public:
  explicit seat(const std::vector<std::string>& enrolled = {}) : gateway(enrolled) {
    gateway.at([&](doctor::gateway& g) {
      menu_ = std::make_unique<doctor::menu::menu>(
          g, [this](const std::string& text) { shown_ += text + "\n"; },
          [this](const std::string& text) { prompt_ = text; }, [] { return std::size_t{0}; },
          [this] { ++left; });
      menu_->start();
    });
  }

  /// Types a line; what is printed then.
  std::string type(const std::string& line) {
    return gateway.at([&](doctor::gateway&) {
      shown_.clear();
      menu_->line(line);
      return shown_;
    });
  }

  std::string prompt() {
    return gateway.at([&](doctor::gateway&) { return prompt_; });
  }

  std::size_t messages() {
    return gateway.at([](doctor::gateway& g) { return g.deliveries(10).size(); });
  }

  running_gateway gateway;
  int left = 0;

 private:
  std::unique_ptr<doctor::menu::menu> menu_;
  std::string shown_;
  std::string prompt_;
};

const std::string top = "doctor> ";
const std::string nothing = "Nothing was done.\n";

}  // namespace

TEST_CASE("what is not on the menu is explained") {
  seat s;
  CHECK(contains(s.type("x\x1b[2Jy"), "\"x\xEF\xBF\xBD[2Jy\" is not on the menu"));
  CHECK(contains(s.type("10"), "type a number from 1 to 9"));
  CHECK(contains(s.type(""), "Broadcast message to all patients"));
  CHECK(s.prompt() == top);
}

TEST_CASE("the menu lists the patients and what they have yet to confirm") {
  seat s({"p1"});
  s.gateway.at([](doctor::gateway& g) { g.broadcast("Hi", {}); });
  const auto shown = s.type(" 1 ");
  CHECK(contains(shown, "0 of 1 enrolled patient connected."));
  CHECK(contains(shown, "PATIENT  STATE    SINCE  LAST SEEN  UNCONFIRMED"));
  CHECK(contains(shown, "p1       unknown  -      never      1"));
}

TEST_CASE("a broadcast is sent after a confirmation that says how many it reaches") {
  seat s({"p1", "p2"});
  s.type("2");
  CHECK(s.prompt() == "Text to all patients: ");
  s.type("Stay in your rooms");
  CHECK(contains(s.prompt(), "[emergency]"));
  s.type("");
  CHECK(contains(s.prompt(), "as emergency to 2 enrolled patients, 0 of them connected now"));
  CHECK(contains(s.type("yes"), "is on its way to 2"));
  CHECK(s.prompt() == top);
  const auto sent = s.gateway.at([](doctor::gateway& g) { return g.deliveries(1).at(0); });
  CHECK(sent.text == "Stay in your rooms");
  CHECK(sent.priority == protocol::priority::emergency);
}

TEST_CASE("an emergency is two keys and a confirmation that says how many it reaches") {
  seat s({"p1", "p2"});
  s.type("!");
  CHECK(contains(s.prompt(), "EMERGENCY to all patients [Emergency: stay where you are"));
  CHECK(contains(s.type(""), "It says: Emergency: stay where you are"));
  CHECK(contains(s.prompt(), "as emergency to 2 enrolled patients, 0 of them connected now"));
  CHECK(s.type("y ") != nothing);
  CHECK((s.type("!"), s.type("Fire"), s.type("no")) == nothing);
  CHECK((s.type("!"), s.type("cancel")) == nothing);
  const auto sent = s.gateway.at([](doctor::gateway& g) { return g.deliveries(10); });
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].text == "Emergency: stay where you are and wait for word");
  CHECK(sent[0].priority == protocol::priority::emergency);
}

TEST_CASE("a narrow screen has the choices below each other") {
  std::string shown;
  running_gateway gateway;
  gateway.at([&](doctor::gateway& g) {
    doctor::menu::menu m(
        g, [&](const std::string& text) { shown += text; }, [](const std::string&) {},
        [] { return std::size_t{45}; }, [] {});
    m.start();
  });
  CHECK(contains(shown, "\n  6  Waiting room\n"));
}

TEST_CASE("a broadcast can be cancelled at each question") {
  seat s({"p1"});
  CHECK((s.type("2"), s.type("")) == nothing);
  CHECK((s.type("2"), s.type("Hi"), s.type("cancel")) == nothing);
  CHECK((s.type("2"), s.type("Hi"), s.type("urgent"), s.type("")) == nothing);
  CHECK((s.type("2"), s.type("Hi"), s.type("urgent"), s.type("no")) == nothing);
  CHECK(s.prompt() == top);
  CHECK(s.messages() == 0);
}

TEST_CASE("a priority that there is not is asked for again") {
  seat s({"p1"});
  s.type("2");
  s.type("Hi");
  CHECK(contains(s.type("high"), "\"high\" is no priority"));
  CHECK(contains(s.prompt(), "Priority"));
}

TEST_CASE("a text that is too long is refused and the menu goes on") {
  seat s({"p1"});
  s.type("2");
  s.type(std::string(58'001, 'x'));
  s.type("routine");
  CHECK(contains(s.type("yes"), "Error: the message has 58001 bytes"));
  CHECK(s.prompt() == top);
  CHECK(s.messages() == 0);
}

TEST_CASE("a message goes to a patient who is enrolled") {
  seat s({"p1"});
  CHECK(contains((s.type("5"), s.type("p2")), "Error: no patient p2 is enrolled"));
  CHECK(s.prompt() == top);
  s.type("5");
  s.type("p1");
  CHECK(s.prompt() == "Text to p1: ");
  s.type("Come by at ten");
  CHECK(contains(s.type(""), "is on its way to p1"));
  CHECK(s.messages() == 1);
}

TEST_CASE("deliveries are shown, and each recipient of the one that is chosen") {
  seat s({"p1"});
  CHECK(contains(s.type("8"), "No messages have been sent."));
  s.gateway.at([](doctor::gateway& g) { g.broadcast("Hi\nthere", {}); });
  CHECK(contains(s.type("8"), "1  0 of 1 decrypted it; missing: p1"));
  CHECK(contains(s.type("7"), "\"7\" is not on the list."));
  s.type("8");
  CHECK(contains(s.type("1"), "PATIENT  STATE"));
  CHECK(s.type("") == nothing);
  CHECK(s.prompt() == top);
}

TEST_CASE("a message is corrected and cancelled from the list of deliveries") {
  seat s({"p1"});
  s.gateway.at([](doctor::gateway& g) { g.broadcast("take ten", {}); });
  s.type("8");
  s.type("1");
  CHECK(contains(s.prompt(), "Type correct, or withdraw"));
  s.type("correct");
  s.type("take two");
  CHECK(contains(s.prompt(), "Everyone who got it"));
  CHECK(contains(s.type("yes"), "is on its way to 1 recipient."));
  CHECK(s.prompt() == top);
  const auto id = s.gateway.at([](doctor::gateway& g) { return g.deliveries(1).at(0).id; });
  const auto shown = s.type("8");
  CHECK(contains(shown, "[CORRECTS "));
  CHECK(contains(shown, "[CORRECTED by " + to_hex(id.view()).substr(0, 8) + "] take ten"));

  s.type("2");  // the original
  s.type("withdraw");
  CHECK(s.prompt() == "Why [no reason]: ");
  s.type("");
  CHECK(contains(s.type("yes"), "Cancelled;"));
  CHECK(s.messages() == 3);
  CHECK(contains(s.type("8"), "[CANCELS "));
  s.type("3");  // there is nothing more to do with it
  CHECK(s.prompt() == top);
}

TEST_CASE("a correction can be given up at each question") {
  seat s({"p1"});
  s.gateway.at([](doctor::gateway& g) { g.broadcast("Hi", {}); });
  const auto choose = [&] { return (s.type("8"), s.type("1")); };
  CHECK((choose(), s.type("cancel")) == nothing);
  CHECK((choose(), s.type("nonsense")) == nothing);
  CHECK((choose(), s.type("correct"), s.type("")) == nothing);
  CHECK((choose(), s.type("correct"), s.type("x"), s.type("no")) == nothing);
  CHECK((choose(), s.type("withdraw"), s.type("cancel")) == nothing);
  CHECK((choose(), s.type("withdraw"), s.type("x"), s.type("")) == nothing);
  CHECK(s.prompt() == top);
  CHECK(s.messages() == 1);
}

TEST_CASE("an invite is made from the menu, with a word about the address in it") {
  seat s;
  CHECK(contains((s.type("7"), s.type("a b")), "is no id"));
  s.type("7");
  s.type("p1");
  CHECK(s.prompt() == "Good for [7d]: ");
  s.type("");
  const auto shown = s.type("");
  CHECK(contains(shown, "wardline1:"));
  CHECK(contains(shown, "Hint: the invite names 127.0.0.1"));
  s.type("7");
  s.type("p2");
  s.type("1h");
  CHECK_FALSE(contains(s.type("clinic.example"), "Hint"));
  CHECK(contains((s.type("7"), s.type("p3"), s.type("soon")), "Error: "));
  CHECK((s.type("7"), s.type("p3"), s.type("cancel")) == nothing);
  CHECK(s.gateway.at([](doctor::gateway& g) { return g.invites().size(); }) == 2);
}

TEST_CASE("a patient is blocked and unblocked from the menu") {
  seat s({"p1"});
  const auto blocked = [&] {
    return s.gateway.at([](doctor::gateway& g) { return g.patients().at(0).blocked; });
  };
  CHECK((s.type("9"), s.type("p1"), s.type("")) == nothing);
  CHECK_FALSE(blocked());
  CHECK(contains((s.type("9"), s.type("p1"), s.type("block")), "p1 is blocked."));
  CHECK(blocked());
  CHECK(contains((s.type("9"), s.type("p1"), s.type("yes")), "p1 is unblocked."));
  CHECK_FALSE(blocked());
  CHECK(contains((s.type("9"), s.type("p9"), s.type("yes")), "Error: p9 is not blocked"));
}

TEST_CASE("who waits is admitted after its fingerprint was shown") {
  seat s;
  test::scripted_patient p1("p1", "ristretto255");
  CHECK(contains(s.type("6"), "Nobody is waiting."));
  auto visit = p1.sign_in({s.gateway.port()});
  REQUIRE(visit.waiting.has_value());
  const auto digits = s.gateway.at(
      [](doctor::gateway& g) { return crypto::to_digits(g.waiting().at(0).fingerprint); });

  CHECK(contains(s.type("6"), digits));
  CHECK(contains(s.type("1"), digits));
  CHECK(s.prompt() == "admit or refuse: ");
  CHECK(s.type("maybe") == nothing);
  CHECK(contains((s.type("6"), s.type("1"), s.type("admit")), "p1 is admitted."));
  CHECK(contains(s.type("6"), "Nobody is waiting."));
}

TEST_CASE("who waits is refused") {
  seat s;
  test::scripted_patient p1("p1", "ristretto255");
  auto visit = p1.sign_in({s.gateway.port()});
  REQUIRE(visit.waiting.has_value());
  CHECK(contains((s.type("6"), s.type("1"), s.type("refuse")), "p1 is refused."));
  CHECK(contains(s.type("1"), "No patients are enrolled."));
}

TEST_CASE("to admit other keys under an enrolled id takes a second question") {
  seat s({"p1"});
  test::scripted_patient other("p1", "ristretto255");
  auto visit = other.sign_in({s.gateway.port()});
  REQUIRE(visit.waiting.has_value());
  CHECK(contains(s.type("6"), "OTHER keys"));
  s.type("1");
  s.type("admit");
  CHECK(contains(s.prompt(), "Careful: p1 is enrolled with other keys"));
  CHECK(s.type("yes") == nothing);
  CHECK(s.gateway.at([](doctor::gateway& g) { return g.waiting().size(); }) == 1);
  CHECK(contains((s.type("6"), s.type("1"), s.type("admit"), s.type("replace")), "p1 is admitted"));
}

TEST_CASE("disconnecting everybody is asked once more only if somebody is there") {
  seat s({"p1"});
  CHECK(s.type("3") == "Nobody is connected.\n");
  CHECK(s.prompt() == top);
}

TEST_CASE("exit is asked for by its number") {
  seat s;
  s.type("4");
  CHECK(s.left == 1);
}
