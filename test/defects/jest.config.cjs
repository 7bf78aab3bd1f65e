const base = require("../../jest.config.cjs");

const [[pattern, [, options]]] = Object.entries(base.transform);

/** @type {import("jest").Config} */
module.exports = {
  ...base,
  rootDir: "../..",
  transform: { [pattern]: ["<rootDir>/test/defects/spoiling-transform.cjs", options] },
};
