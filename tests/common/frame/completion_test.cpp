// Completions: words that a shell would read as its own are text, and values are offered where help names them.
#include "common/frame/completion.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/frame/offered.h"

namespace baton {
namespace {

std::string completion_in(std::string_view shell) {
  const ToolTable table{.step = "watch",
                        .purpose = "Watch it.",
                        .options = {{.name = "by", .argument = "WHO", .help = "it's [who]: \\ accepts"},
                                    {.name = "form", .argument = "text|json", .help = "Form"},
                                    {.name = "now", .argument = "", .help = "At once"}},
                        .verbs = {{.name = "run", .help = "Hold: 24 hours"},
                                  {.name = "replay", .help = "Judge again", .arguments = "FILE"},
                                  {.name = "verify", .help = "Walk", .arguments = "[DIR]"}}};
  return std::ranges::find(shells(), shell, &Shell::name)->completion(table);
}

void expect_parts(std::string_view shell, std::initializer_list<std::string_view> parts) {
  const std::string text = completion_in(shell);
  for (const std::string_view part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(CompletionTest, KnowsAValueByTheWordOfHelp) {
  EXPECT_EQ(kind_of(""), ValueKind::none);
  EXPECT_EQ(kind_of("FILE"), ValueKind::file);
  EXPECT_EQ(kind_of("[FILE]"), ValueKind::file);
  EXPECT_EQ(kind_of("[DIR]"), ValueKind::folder);
  EXPECT_EQ(kind_of("text|json"), ValueKind::choice);
  EXPECT_EQ(kind_of("DURATION"), ValueKind::any);
  EXPECT_EQ(choices_of("text|json"), (std::vector<std::string>{"text", "json"}));
  EXPECT_TRUE(choices_of("FILE").empty());
}

TEST(CompletionTest, OffersInBash) {
  expect_parts("bash", {"compgen -W '--by --form --now --config",
                        "'') mapfile -t COMPREPLY < <(compgen -W 'run replay verify help version completion'",
                        "--by) :; return", "--form) mapfile -t COMPREPLY < <(compgen -W 'text json'", "replay) compopt",
                        "-n | --namespace)", "complete -F _baton_watch baton-watch",
                        "completion) mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish'"});
  EXPECT_EQ(completion_in("bash").find("--now)"), std::string::npos) << "a switch has no value";
}

TEST(CompletionTest, OffersInZsh) {
  expect_parts(
      "zsh",
      {"#compdef baton-watch\n", "'*--by=[it'\\''s \\[who\\]\\: \\\\ accepts]:value: '", "'*--now[At once]'",
       "'*--form=[Form]:value:(text json)'", "'*-n[Namespace of the Service]:value: '", "'run:Hold\\: 24 hours'",
       "argument:replay) _files ;;", "argument:verify) _files -/ ;;", "argument:completion) compadd bash zsh fish ;;"});
}

TEST(CompletionTest, OffersInFish) {
  expect_parts("fish", {"-l by -x -d 'it\\'s [who]: \\\\ accepts'", "-l form -x -a 'text json' -d",
                        "-l now -d 'At once'", "-s n -l namespace -x",
                        "-n 'not __fish_seen_subcommand_from run replay verify help version completion' -a replay -d",
                        "-n '__fish_seen_subcommand_from replay' -F\n", "__fish_complete_directories",
                        "-n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n"});
}

}  // namespace
}  // namespace baton
