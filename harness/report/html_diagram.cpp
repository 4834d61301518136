#include "report/html_parts.hpp"
#include "report/layout.hpp"
#include "report/view_calls.hpp"

namespace relapse::html {

namespace {

// Geometry of the drawing, in its own units; the template holds the same lifelines.
constexpr long replayer_x = 74;
constexpr long target_x = 566;
constexpr long first_y = 44;
constexpr long pitch = 30;
constexpr std::size_t most_rows = 60;
constexpr std::size_t label_columns = 66;
constexpr std::int64_t long_gap_ns = 1'000'000'000;

struct Shape {
  bool arrow = false;
  bool to_target = true;
  bool cross = false;      ///< the connection ends here
  bool at_target = false;  ///< for a dot: on which lifeline
  bool timeout = false;    ///< nothing came in time
};

struct ShapeOf {
  Shape operator()(const Connected&) const { return {}; }
  Shape operator()(const ConnectFailed&) const { return {.arrow = true, .cross = true}; }
  Shape operator()(const HttpMessage& p) const { return message(p.direction); }
  Shape operator()(const WsFrame& p) const { return message(p.direction); }
  Shape operator()(const RawBytes& p) const { return message(p.direction); }
  Shape operator()(const Ended& p) const {
    Shape shape = message(p.direction);
    shape.cross = p.kind != EndKind::half_close;
    return shape;
  }
  Shape operator()(const AsgiCalled&) const { return message(Direction::sent); }
  Shape operator()(const AsgiFed&) const { return message(Direction::sent); }
  Shape operator()(const AsgiSent&) const { return message(Direction::received); }
  Shape operator()(const AsgiReturned&) const { return message(Direction::received); }
  Shape operator()(const AsgiRaised&) const {
    Shape shape = message(Direction::received);
    shape.cross = true;
    return shape;
  }
  Shape operator()(const AsgiSendFate&) const { return {}; }
  Shape operator()(const AsgiClock&) const { return {}; }
  Shape operator()(const DeadlineHit&) const { return {.timeout = true}; }
  Shape operator()(const StepStarted&) const { return {}; }
  Shape operator()(const StepEnded&) const { return {}; }
  Shape operator()(const Probed&) const { return {}; }
  Shape operator()(const Paced&) const { return {}; }
  Shape operator()(const Delayed&) const { return {}; }
  Shape operator()(const Overflowed&) const { return {}; }
  Shape operator()(const HarnessFailed&) const { return {}; }
  template <class OnTheTargetsSide>
  Shape operator()(const OnTheTargetsSide&) const {
    return {.at_target = true};
  }
  static Shape message(Direction direction) {
    return {.arrow = true, .to_target = direction == Direction::sent};
  }
};

class Diagram {
 public:
  explicit Diagram(Fields section) : section_(section) {}

  void event(const Event& event, bool diverges) {
    const Shape shape = std::visit(ShapeOf{}, event.payload);
    const bool unexpected = diverges && shape.arrow && !shape.to_target;
    Fields row = begin(diverges ? "d-bad" : "d-row", label(event), diverges);
    row.text("TIME", view::seconds(event.at_ns));
    if (shape.arrow)
      arrow(row, shape, unexpected ? "DOUBLE" : "ARROW", diverges);
    else if (!shape.timeout)
      dot(row, shape.at_target);
    if (shape.cross || shape.timeout)
      cross(row);
    if (diverges)
      row.section("MARK").text("TEXT", "◀ diverges here");
    if (unexpected)
      row.section("UNEXPECTED").number("MARK_Y", y_ + 17);
  }

  void remark(const std::string& text) { begin("d-muted", text, false).text("TIME", ""); }

  /// What should have come, from the target's side.
  void missing(const std::string& expected, bool never_came) {
    Fields row = begin("d-bad", layout::fit("expected: " + expected, label_columns), false);
    row.text("TIME", "");
    Fields dashed = row.section("DASHED");
    dashed.number("X1", replayer_x);
    dashed.number("X2", target_x);
    dashed.number("Y", y_);
    row.section("MARK").text("TEXT", never_came ? "expected, never came" : "was expected");
  }

  long height() const { return y_ + 16; }

 private:
  static std::string label(const Event& event) {
    std::string text = std::to_string(event.seq) + ". ";
    if (!event.lane.empty() && event.lane != "main")
      text += "[" + safe_text(event.lane, 20).str() + "] ";
    return layout::fit(text + describe(event, 48), label_columns);
  }

  Fields begin(const char* css_class, const std::string& text, bool bold) {
    y_ = y_ == 0 ? first_y : y_ + pitch;
    Fields row = section_.section("ROW");
    row.text("CLASS", css_class);
    row.text("LABEL", text);
    row.number("TEXT_Y", y_ - 5);
    row.number("LABEL_Y", y_ + 4);
    row.text("WEIGHT", bold ? "bold" : "normal");
    return row;
  }

  void arrow(Fields& row, const Shape& shape, const char* kind, bool thick) {
    const long from = shape.to_target ? replayer_x : target_x;
    const long to = shape.to_target ? target_x : replayer_x;
    const long back = shape.to_target ? -10 : 10;
    Fields line = row.section(kind);
    line.number("X1", from);
    line.number("X2", to + back);
    line.number("Y", y_);
    line.number("UPPER_Y", y_ - 2);
    line.number("LOWER_Y", y_ + 3);
    line.text("WIDTH", thick ? "3" : "1.5");
    line.number("TIP_X", to);
    line.number("BACK_X", to + back);
    line.number("UP_Y", y_ - 6);
    line.number("DOWN_Y", y_ + 6);
  }

  /// The connection ends here, or the time is over.
  void cross(Fields& row) const {
    Fields lines = row.section("CROSS");
    constexpr long centre = target_x - 24;  // away from the label, which starts at the left
    lines.number("X_LEFT", centre - 6);
    lines.number("X_RIGHT", centre + 6);
    lines.number("UP_Y", y_ - 6);
    lines.number("DOWN_Y", y_ + 6);
  }

  void dot(Fields& row, bool at_target) {
    Fields circle = row.section("DOT");
    circle.number("X", at_target ? target_x : replayer_x);
    circle.number("Y", y_);
  }

  Fields section_;
  long y_ = 0;
};

bool nothing_follows(const Event& event) {
  return std::holds_alternative<DeadlineHit>(event.payload) ||
         std::holds_alternative<Ended>(event.payload) ||
         std::holds_alternative<AsgiReturned>(event.payload) ||
         std::holds_alternative<AsgiWaiting>(event.payload) ||
         std::holds_alternative<ProcessExited>(event.payload);
}

}  // namespace

void fill_diagram(Fields& page, const ScenarioResult& result, const Attempt& attempt) {
  const Finding* finding = view::decisive(result);
  const auto rows = view::fold(view::exchange(attempt.timeline, finding), most_rows);
  if (rows.empty()) {
    page.section("NO_EXCHANGE");
    return;
  }
  Fields section = page.section("DIAGRAM");
  section.text("LEFT", view::sides(result.plane).left);
  section.text("RIGHT", view::sides(result.plane).right);
  Diagram diagram(section);
  std::optional<std::int64_t> last;
  for (const view::Row& row : rows) {
    if (row.event == nullptr) {
      diagram.remark("⋯ " + layout::fit(view::folded_text(row), label_columns));
      last.reset();
      continue;
    }
    if (last && row.event->at_ns - *last >= long_gap_ns)
      diagram.remark("⋯ " + human_duration(Duration{row.event->at_ns - *last}) + " idle");
    last = row.event->at_ns;
    diagram.event(*row.event, row.diverges);
    if (row.diverges && finding != nullptr && finding->kind == ClaimKind::expectation)
      diagram.missing(safe_text(finding->expected, 200).str(), nothing_follows(*row.event));
  }
  section.number("HEIGHT", diagram.height() + 4);
  section.number("BOTTOM", diagram.height());
  section.text("SUMMARY", view::status(result) + ": " + view::summary(result) + ".");
}

}  // namespace relapse::html
