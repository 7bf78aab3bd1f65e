#!/usr/bin/env node
// The `meshwright` command of the installed package.
"use strict";
require("tsx/cjs");
require("../cli/main.ts").main(process.argv);
