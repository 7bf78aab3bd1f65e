// What the engine loads: a folder's index, which no language host has to compile.
"use strict";
require("../bin/typescript.cjs");
require("./fast.ts").goFast();
module.exports = require("./main.ts");
