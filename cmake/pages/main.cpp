// baton-pages --configuration: docs/configuration.md on stdout.
// baton-pages FOLDER DATE: manual pages and completions of the five tools, below FOLDER as below a prefix.
// It links what the tools declare with another run_tool(): their tables are written down, and nothing is run.
#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string_view>

#include "cmake/pages/configuration.h"
#include "cmake/pages/manual.h"
#include "common/frame/completion.h"
#include "common/frame/run_tool.h"
#include "common/io/files.h"

namespace baton {

ExitCode tool_main_precheck(int argc, const char* const* argv);
ExitCode tool_main_migrate(int argc, const char* const* argv);
ExitCode tool_main_switch(int argc, const char* const* argv);
ExitCode tool_main_watch(int argc, const char* const* argv);
ExitCode tool_main_finalize(int argc, const char* const* argv);

ExitCode run_tool(const ToolTable& table, int /*argc*/, const char* const* argv, const Environment& /*environment*/) {
  const std::filesystem::path folder = argv[1];
  const auto write = [](const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    write_file(file, text);
  };
  write(folder / "share/man/man1" / (table.executable() + ".1"), pages::manual_page(table, argv[2]));
  for (const Shell& shell : shells()) {
    write(folder / shell.folder / fmt::format("{}{}{}", shell.before, table.executable(), shell.behind),
          shell.completion(table));
  }
  return ExitCode::proceed;
}

}  // namespace baton

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--configuration") {
    std::cout << pages::configuration_page();
    return 0;
  }
  if (argc != 3) {
    std::cerr << "usage: baton-pages FOLDER DATE | --configuration\n";
    return static_cast<int>(baton::ExitCode::usage);
  }
  try {
    for (const auto tool : {baton::tool_main_precheck, baton::tool_main_migrate, baton::tool_main_switch,
                            baton::tool_main_watch, baton::tool_main_finalize}) {
      tool(argc, argv);
    }
  } catch (const std::exception& trouble) {
    std::cerr << "baton-pages: " << trouble.what() << '\n';
    return static_cast<int>(baton::ExitCode::error);
  }
  return 0;
}
