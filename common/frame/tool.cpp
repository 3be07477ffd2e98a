// A tool's declarations; what happens with them is the frame's.
#include "common/frame/tool.h"

#include "common/frame/run_tool.h"

namespace baton {

struct Tool::State {
  ToolTable table;
};

Tool::Tool(std::string_view step, std::string_view purpose) : state_(std::make_unique<State>()) {
  state_->table.step = step;
  state_->table.purpose = purpose;
}

Tool::~Tool() = default;

void Tool::accept(std::string_view flag, std::string& field, std::string_view help, std::string_view argument) {
  state_->table.options.push_back({std::string(flag), std::string(argument), std::string(help),
                                   [&field](const std::string& value) { field = value; }});
}

void Tool::accept(std::string_view flag, int& field, std::string_view help) {
  const std::string where = "--" + std::string(flag);
  state_->table.options.push_back({std::string(flag), "N", std::string(help),
                                   [&field, where](const std::string& value) { field = parse_int(value, where); }});
}

void Tool::accept(std::string_view flag, bool& field, std::string_view help) {
  state_->table.options.push_back(
      {std::string(flag), "", std::string(help), [&field](const std::string& value) { field = value == "true"; }});
}

void Tool::accept(std::string_view flag, std::vector<std::string>& field, std::string_view help,
                  std::string_view argument) {
  state_->table.options.push_back({std::string(flag), std::string(argument), std::string(help),
                                   [&field](const std::string& value) { field.push_back(value); }});
}

void Tool::accept_arguments(std::vector<std::string>& field) { state_->table.arguments = &field; }

void Tool::verb(Verb verb) { state_->table.verbs.push_back(std::move(verb)); }

void Tool::identify_by(std::function<Identity(Env&)> identify) { state_->table.identify = std::move(identify); }

void Tool::resume_if(std::function<bool(Env&)> is_resuming) { state_->table.is_resuming = std::move(is_resuming); }

void Tool::confirm_by(std::function<bool(Env&, const Handoff&)> is_confirmed) {
  state_->table.is_confirmed = std::move(is_confirmed);
}

void Tool::carry_by(CarrierHooks carrier) { state_->table.carrier = carrier; }

ExitCode Tool::run(int argc, const char* const* argv) {
  return run_tool(state_->table, argc, argv, Environment::of_process());
}

}  // namespace baton
