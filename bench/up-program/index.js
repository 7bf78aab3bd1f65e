// As stacks/index.js.
"use strict";
require("../../stacks/fast.ts").goFast();
module.exports = require("./main.ts");
