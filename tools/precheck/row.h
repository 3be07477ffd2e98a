// Rows of a table that stand in files of their own.
#pragma once

/// The address of the `Type` named `name` that another file of this namespace defines: declared and listed in one
/// line. Not within an anonymous namespace, whose names no other file can define.
// NOLINTBEGIN(bugprone-macro-parentheses): what is declared takes none.
#define BATON_ROW(Type, name) \
  [] {                        \
    extern const Type name;   \
    return &name;             \
  }()
// NOLINTEND(bugprone-macro-parentheses)
